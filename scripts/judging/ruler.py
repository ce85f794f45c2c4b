"""Measuring: nst measure for what a network sees, and the pixels for borders and grain."""

import json
import os
import threading

import numpy
from PIL import Image

from judging.run import Failed, digest_of_command, digest_of_file, run

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_3", "relu4_1", "relu4_2", "relu5_1")
CONTENT_LAYER = "relu4_2"
STRIP, BESIDE = 8, 24  # pixels from an edge: the strip, and what it is compared with
VERSION = "2"          # of what follows; part of the names in the cache


def pixels(path):
    """height x width x 3, 0 to 255"""
    with Image.open(path) as image:
        return numpy.asarray(image.convert("RGB")).astype(numpy.float64)


def luma(rgb):
    return rgb @ (0.2126, 0.7152, 0.0722)


def grain(rgb):
    """Mean square of what a mean over 3x3 pixels takes away."""
    p = numpy.pad(rgb, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = p[:-2] + p[1:-1] + p[2:]
    smooth = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return float(((rgb - smooth) ** 2).mean())


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
    """Photo and painting are brought to the picture's size here, by the same filter whichever nst
    painted and measures: how sharp a painting is counts in its texture."""

    def __init__(self, program, weights, basis, threads, cache):
        self.cache = cache
        self.words = [program, "measure", "--json", "-w", weights, "-S", "full", "-j", str(threads),
                      "--layers", ",".join(LAYERS)]
        if basis:
            self.words += ["--basis", basis]

    def _resized(self, path, size):
        with Image.open(path) as image:
            if image.size == size:
                return path
            name = f"{digest_of_file(path)[:24]}.{size[0]}x{size[1]}.png"
            resized = os.path.join(self.cache, name)
            if not os.path.exists(resized):
                part = f"{resized}.{threading.get_ident()}.part.png"
                image.convert("RGB").resize(size, Image.LANCZOS).save(part)
                os.replace(part, resized)
            return resized

    def _beside(self, pair, size):
        """-> photo and painting, at the size of the picture and with its longest side."""
        with Image.open(pair.painting) as painting:
            scale = max(size) / max(painting.size)
            own = tuple(max(1, round(side * scale)) for side in painting.size)
        return self._resized(pair.photo, size), self._resized(pair.painting, own)

    def measure(self, points):
        """Fill in `found` of every point; those of a pair and a size in one run of nst."""
        waiting = {}
        for point in points:
            words = [*self.words, "-c", point.pair.photo, "-s", point.pair.painting, point.file]
            name = os.path.join(self.cache, f"{digest_of_command(words)}.measured{VERSION}.json")
            if os.path.exists(name):
                with open(name, encoding="utf-8") as file:
                    point.found = json.load(file)
                continue
            with Image.open(point.file) as image:
                size = image.size
            if min(size) < 2 * BESIDE:
                raise Failed(f"{point.file}: a picture of {size[0]}x{size[1]}; expected at least "
                             f"{2 * BESIDE} pixels each way")
            waiting.setdefault((point.pair, size), []).append((point, name))
        for (pair, size), group in waiting.items():
            photo, painting = self._beside(pair, size)
            output, _, _ = run([*self.words, "-c", photo, "-s", painting,
                                *(point.file for point, _ in group)])
            for (point, name), row in zip(group, json.loads(output)["pictures"]):
                point.found = self._find(photo, painting, point.file, row)
                part = f"{name}.{threading.get_ident()}.part"
                with open(part, "w", encoding="utf-8") as file:
                    json.dump(point.found, file)
                os.replace(part, name)

    @staticmethod
    def _find(photo, painting, picture, row):
        style, content, rgb = row["style-distance"], row["content-distance"], pixels(picture)
        finest = grain(pixels(painting))
        level, detail = border(luma(rgb), luma(pixels(photo)))
        found = {"style": sum(style[layer] for layer in STYLE_LAYERS) / len(STYLE_LAYERS),
                 "content": content[CONTENT_LAYER],
                 "grain": grain(rgb) / finest if finest > 0 else None,
                 "border level": level, "border detail": detail,
                 "content relu3_3": content["relu3_3"]}
        found.update(("style " + layer, value) for layer, value in style.items()
                     if layer in (*STYLE_LAYERS, "relu5_1"))
        if "effectiveness" in row:
            found["E"] = row["effectiveness"]["E"]
        return found
