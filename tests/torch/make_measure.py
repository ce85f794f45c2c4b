#!/usr/bin/env python3
"""Write tests/fixtures/measure.golden and features.golden: what nst_measure and nst_features_create
are held to, by the reference network in double; and statistics.golden, what nst measure says besides.

    tests/torch/make_measure.py

Images and weights are made by formula (problem.py); lines of text, read by
tests/unit/test_measure.c and test_statistics.c."""

import os
import tempfile

import numpy
import torch

from make_fixtures import ODD, PROJECT, SLIM
from nst_reference import NAMES, gram, relative_error, total_variation
from problem import Problem, seeded_image

FIXTURES = os.path.join(PROJECT, "tests", "fixtures")
CAFFE = ("seeded", 8, "caffe-avg", ODD)
SLIM_LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu4_2", "relu5_1"]
MEASURES = [  # weights, (content seed, picture seed, width, height), (style seed, width, height), layers
    ("slim", (1, 3, 67, 45), (2, 61, 39), SLIM_LAYERS),
    (CAFFE, (1, 3, 33, 49), (2, 45, 30), NAMES),
]
FEATURES = [(CAFFE, (5, 21, 19), "relu2_2"), ("slim", (5, 13, 11), "relu1_1")]
STATISTICS = [((1, 40, 30), (2, 35, 50)), ((3, 64, 64), (4, 3, 3)), ((5, 90, 7), (5, 45, 21))]


def network(weights, folder):
    return Problem(weights, (1, 1)).model(SLIM, os.path.join(folder, "seeded.safetensors"))


def weights_line(weights):
    return next(Problem(weights, (1, 1)).lines())


def measure(file, weights, images, style, layers, folder):
    model = network(weights, folder)
    indices = [NAMES.index(name) for name in layers]
    content, picture = (torch.tensor(seeded_image(s, *images[2:]), dtype=model.dtype) for s in images[:2])
    painting = torch.tensor(seeded_image(*style), dtype=model.dtype)
    p, f, a = (model.features(x, indices, model.pooling) for x in (content, picture, painting))
    print(weights_line(weights), file=file)
    print("images %d %d %d %d" % images, "style %d %d %d" % style, file=file)
    print(f"tv {total_variation(picture):.12g}", len(layers), file=file)
    for name, i in zip(layers, indices):
        print(name, f"{relative_error(f[i], p[i]):.12g} {relative_error(gram(f[i]), gram(a[i])):.12g}",
              file=file)


def features(file, weights, image, layer, folder):
    model = network(weights, folder)
    index = NAMES.index(layer)
    f = model.features(torch.tensor(seeded_image(*image), dtype=model.dtype), [index], model.pooling)[index]
    print(weights_line(weights), file=file)
    print("image %d %d %d" % image, layer, *f.shape, file=file)
    for row in numpy.concatenate([gram(f).numpy(), f.flatten(1).numpy()], axis=1):
        print(*(f"{v:.6g}" for v in row), file=file)


def colors(image):
    """Histogram of 9x9x9 levels; each axis is a sum of tents one level wide."""
    tents = [(1 - abs(8 * c.ravel()[:, None] - numpy.arange(9))).clip(0) for c in image.astype(float)]
    return numpy.einsum("nr,ng,nb->rgb", *tents) / tents[0].shape[0]


def detail(image):
    p = numpy.tensordot([0.2126, 0.7152, 0.0722], image.astype(float), 1)
    kernel = torch.tensor([[[[0, -1, 0], [-1, 4, -1], [0, -1, 0]]]], dtype=torch.double)
    return float((torch.conv2d(torch.tensor(p)[None, None], kernel) ** 2).mean())


def statistics(file, a, b):
    images = seeded_image(*a), seeded_image(*b)
    distance = abs(colors(images[0]) - colors(images[1])).sum() / 2
    print(*a, *b, f"{distance:.12g} {detail(images[0]):.12g} {detail(images[1]):.12g}", file=file)


def main():
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        with open(os.path.join(FIXTURES, "measure.golden"), "w") as file:
            for case in MEASURES:
                measure(file, *case, folder)
        with open(os.path.join(FIXTURES, "features.golden"), "w") as file:
            for case in FEATURES:
                features(file, *case, folder)
        with open(os.path.join(FIXTURES, "statistics.golden"), "w") as file:
            for case in STATISTICS:
                statistics(file, *case)


if __name__ == "__main__":
    main()
