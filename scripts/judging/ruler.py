"""Measuring: nst measure for what a network sees, and the pixels for borders and grain."""

import json
import os

import numpy
from PIL import Image

from judging.run import Failed, digest_of_command, run

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_3", "relu4_1", "relu4_2", "relu5_1")
CONTENT_LAYER = "relu4_2"
STRIP, BESIDE = 8, 24  # pixels from an edge: the strip, and what it is compared with
VERSION = "1"          # of what follows; part of the names in the cache


def luma(path, size=None):
    image = Image.open(path).convert("RGB")
    if size and image.size != size:
        image = image.resize(size, Image.LANCZOS)
    return numpy.asarray(image).astype(numpy.float64) @ (0.2126, 0.7152, 0.0722)


def grain(y):
    """Mean square of what a mean over 3x3 pixels takes away."""
    p = numpy.pad(y, 1, mode="edge")
    rows = p[:-2] + p[1:-1] + p[2:]
    smooth = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return float(((y - smooth) ** 2).mean())


def _edges(y):
    """The picture four times, each edge once as its first rows."""
    return y, y[::-1], y.T, y.T[::-1]


def border(y, photo):
    """How the outer strip differs from what lies beside it. level: by how many levels of 255 its
    mean is off, less what it is off in the photo, at the worst of the four edges. detail: the energy
    of the differences along the edge relative to that beside it, 1 when nothing marks the edge."""
    level, outer, inner = 0.0, 0.0, 0.0
    for own, before in zip(_edges(y), _edges(photo)):
        strip, beside = own[:STRIP], own[STRIP:BESIDE]
        step = strip.mean() - beside.mean()
        usual = before[:STRIP].mean() - before[STRIP:BESIDE].mean()
        level = max(level, abs(float(step - usual)))
        outer += float((numpy.diff(strip, axis=1) ** 2).mean())
        inner += float((numpy.diff(beside, axis=1) ** 2).mean())
    return level, outer / inner if inner > 0 else 1.0


class Ruler:
    def __init__(self, program, weights, basis, threads, cache):
        self.cache = cache
        self.words = [program, "measure", "--json", "-w", weights, "-S", "full", "-j", str(threads),
                      "--layers", ",".join(LAYERS)]
        if basis:
            self.words += ["--basis", basis]

    def measure(self, points):
        """Fill in `found` of every point; those of a pair in one run of nst."""
        waiting = {}
        for point in points:
            words = [*self.words, "-c", point.pair.photo, "-s", point.pair.painting, point.file]
            name = os.path.join(self.cache, f"{digest_of_command(words)}.measured{VERSION}.json")
            if os.path.exists(name):
                with open(name, encoding="utf-8") as file:
                    point.found = json.load(file)
            else:
                waiting.setdefault(point.pair, []).append((point, name))
        for pair, group in waiting.items():
            output, _, _ = run([*self.words, "-c", pair.photo, "-s", pair.painting,
                                *(point.file for point, _ in group)])
            for (point, name), row in zip(group, json.loads(output)["pictures"]):
                point.found = self._find(pair, point.file, row)
                with open(name + ".part", "w", encoding="utf-8") as file:
                    json.dump(point.found, file)
                os.replace(name + ".part", name)

    @staticmethod
    def _find(pair, file, row):
        style, content = row["style-distance"], row["content-distance"]
        y = luma(file)
        if min(y.shape) < 2 * BESIDE:
            raise Failed(f"{file}: a picture of {y.shape[1]}x{y.shape[0]}; expected at least "
                         f"{2 * BESIDE} pixels each way")
        height, width = y.shape
        with Image.open(pair.painting) as painting:
            scale = max(width, height) / max(painting.size)
            size = tuple(max(1, round(side * scale)) for side in painting.size)
        finest = grain(luma(pair.painting, size))
        level, detail = border(y, luma(pair.photo, (width, height)))
        found = {"style": sum(style[layer] for layer in STYLE_LAYERS) / len(STYLE_LAYERS),
                 "content": content[CONTENT_LAYER],
                 "grain": grain(y) / finest if finest > 0 else None,
                 "border level": level, "border detail": detail,
                 "content relu3_3": content["relu3_3"]}
        found.update(("style " + layer, value) for layer, value in style.items()
                     if layer in (*STYLE_LAYERS, "relu5_1"))
        if "effectiveness" in row:
            found["E"] = row["effectiveness"]["E"]
        return found
