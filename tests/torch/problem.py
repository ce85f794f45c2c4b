"""A problem: everything that an evaluation of the objective depends on, as a small file that the
C tests read too (tests/fixture.h), and the images and weights made by formula (tests/seeded.h).

The file is lines of text, then after the line `data` the bytes of x and, in a fixture, of the
gradient: [3][height][width] little-endian float each, [1][height][width] with color luma.
"""

import dataclasses
import json
import math
import struct

import numpy

from nst_reference import INDICES, NAMES, Objective, Vgg

GOLDEN = 0x9E3779B97F4A7C15
CAFFE = {"color_order": "BGR", "scale": "255", "mean": "103.939,116.779,123.68"}
TRANSFORMS = {"none": {}, "caffe": CAFFE, "caffe-avg": {**CAFFE, "pooling": "avg"}}


def random_bits(seed, index):
    """splitmix64, as a function of a counter: 64 random bits for each index."""
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + (numpy.asarray(index, numpy.uint64) + numpy.uint64(1)) * numpy.uint64(GOLDEN)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return z ^ (z >> numpy.uint64(31))


def seeded_image(seed, width, height):
    """float32 [3, height, width], values k/255: noise on lattices of 32, 8 and 1 pixels, bilinear
    between, in integers so that every language gets the same bytes."""
    c, y, x = numpy.meshgrid(numpy.arange(3), numpy.arange(height), numpy.arange(width), indexing="ij")
    total = 0
    for octave, (cell, weight) in enumerate([(32, 4), (8, 3), (1, 1)]):
        def lattice(down, right):
            index = ((octave * 3 + c) * 65536 + y // cell + down) * 65536 + x // cell + right
            return (random_bits(seed, index) >> numpy.uint64(56)).astype(numpy.int64)
        fy, fx = y % cell, x % cell
        value = ((cell - fy) * ((cell - fx) * lattice(0, 0) + fx * lattice(0, 1))
                 + fy * ((cell - fx) * lattice(1, 0) + fx * lattice(1, 1)))
        total = total + weight * (value // (cell * cell))
    return (total // 8).astype(numpy.float32) / numpy.float32(255)


def seeded_shares(seed, regions, width, height):
    """float32 [regions, height, width], 1 in all at each pixel: noise on a lattice of 32 pixels cut
    into as many ranges, with a soft edge between two that are neighbors."""
    y, x = numpy.meshgrid(numpy.arange(height), numpy.arange(width), indexing="ij")
    def lattice(down, right):
        index = (y // 32 + down) * 65536 + x // 32 + right
        return (random_bits(seed, index) >> numpy.uint64(56)).astype(numpy.int64)
    fy, fx = y % 32, x % 32
    value = ((32 - fy) * ((32 - fx) * lattice(0, 0) + fx * lattice(0, 1))
             + fy * ((32 - fx) * lattice(1, 0) + fx * lattice(1, 1))) // 1024
    at = value * regions / 256 - 0.5
    lower = numpy.floor(at)
    upper_part = numpy.clip(4 * (at - lower - 0.5) + 0.5, 0, 1).astype(numpy.float32)
    shares = numpy.zeros((regions, height, width), numpy.float32)
    for r in range(regions):
        shares[r] += numpy.where(numpy.clip(lower, 0, regions - 1) == r, 1 - upper_part, 0)
        shares[r] += numpy.where(numpy.clip(lower + 1, 0, regions - 1) == r, upper_part, 0)
    return shares


def write_seeded_weights(path, seed, widths, transform, wide=()):
    """A safetensors file of F32: weights uniform in +-sqrt(6 / fan-in), biases in +-0.1, from one
    counter that runs through the tensors in file order. wide: pairs of a layer's name and the
    channels of its wide tap."""
    header = {"__metadata__": TRANSFORMS[transform]} if TRANSFORMS[transform] else {}
    chunks, used, end = [], 0, 0
    convolutions = [(f"features.{index}", out_c, in_c, 3)
                    for index, out_c, in_c in zip(INDICES, widths, (3, *widths))]
    convolutions += [(f"taps.{layer}", out_c, widths[NAMES.index(layer)], 1)
                     for layer, out_c in wide]
    for tensor, out_c, in_c, side in convolutions:
        for name, shape, limit in (("weight", [out_c, in_c, side, side],
                                    math.sqrt(6 / (side * side * in_c))),
                                   ("bias", [out_c], 0.1)):
            count = math.prod(shape)
            bits = random_bits(seed, numpy.arange(used, used + count)) >> numpy.uint64(40)
            unit = bits.astype(numpy.float32) * numpy.float32(2.0 ** -23) - numpy.float32(1)
            chunks.append((unit * numpy.float32(limit)).astype("<f4").tobytes())
            header[f"{tensor}.{name}"] = {
                "dtype": "F32", "shape": shape, "data_offsets": [end, end + 4 * count]}
            used, end = used + count, end + 4 * count
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


@dataclasses.dataclass
class Problem:
    """weights: "slim", ("file", path) or ("seeded", seed, transform, widths[, wide]).
    Images are (seed, width, height); styles have a blend weight besides, and with regions may have
    the regions they are meant for and the seed of their own shares, 0 for none. regions is the
    seed of the content's shares and how many there are."""
    weights: object
    size: tuple
    content: int = 1
    styles: tuple = ((2, 120, 90, 1.0),)
    content_layers: tuple = (("relu4_2", 1.0),)
    style_layers: tuple = ()
    pooling: str = "model"
    stat: str = "gram"
    color: str = "style"
    regions: tuple = None
    content_weight: float = 0.05
    style_weight: float = 1.0
    tv_weight: float = 0.1

    def start(self, seed=3):
        """A point to evaluate at, away from the content image."""
        return seeded_image(seed, *self.size)[:1 if self.color == "luma" else 3]

    def model(self, slim, temporary, **options):
        """slim: path of the tests' own small model; temporary: where seeded weights may go."""
        if self.weights == "slim":
            return Vgg(slim, **options)
        if self.weights[0] == "file":
            return Vgg(self.weights[1], **options)
        _, seed, transform, widths, *wide = self.weights
        write_seeded_weights(temporary, seed, widths, transform, *wide)
        return Vgg(temporary, **options)

    def objective(self, model):
        count = self.regions[1] if self.regions else 1
        styles = []
        for seed, w, h, weight, *parts in self.styles:
            regions, parts_seed = parts or (range(count), 0)
            styles.append((seeded_image(seed, w, h), weight, regions,
                           seeded_shares(parts_seed, count, w, h) if parts_seed else None))
        return Objective(model, seeded_image(self.content, *self.size), self.content_layers, styles,
                         self.style_layers,
                         (self.content_weight, self.style_weight, self.tv_weight), self.pooling,
                         self.stat,
                         seeded_shares(*self.regions, *self.size) if self.regions else None,
                         self.color)

    def lines(self):
        if self.weights == "slim":
            yield "weights slim"
        elif self.weights[0] == "file":
            yield f"weights file {self.weights[1]}"
        else:
            _, seed, transform, widths, *wide = self.weights
            yield f"weights seeded {seed} {transform} {' '.join(map(str, widths))}"
            for layer in wide[0] if wide else ():
                yield "wide %s %d" % layer
        yield f"size {self.size[0]} {self.size[1]}"
        yield f"content {self.content}"
        if self.regions:
            yield "regions %d %d" % self.regions
        for style in self.styles:
            yield "style %d %d %d %.9g" % style[:4]
            if len(style) > 4:
                yield "style_regions %d %d" % (sum(1 << r for r in style[4]), style[5])
        for layer in self.content_layers:
            yield "content_layer %s %.9g" % layer
        for layer in self.style_layers:
            yield "style_layer %s %.9g" % layer
        yield f"pooling {self.pooling}"
        yield f"style_stat {self.stat}"
        yield f"color {self.color}"
        yield f"factors {self.content_weight:.9g} {self.style_weight:.9g} {self.tv_weight:.9g}"

    def write(self, path, x, losses=None, gradient=None):
        with open(path, "wb") as file:
            for line in self.lines():
                file.write(line.encode() + b"\n")
            if losses is not None:
                file.write(("losses %.17g %.17g %.17g %.17g\n" % losses).encode())
            file.write(b"data\n" + x.astype("<f4").tobytes())
            if gradient is not None:
                file.write(gradient.astype("<f4").tobytes())
