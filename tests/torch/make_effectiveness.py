#!/usr/bin/env python3
"""Write tests/fixtures/effectiveness.golden: what nst_measure_effectiveness is held to, by the reference
network and NumPy in double.

    tests/torch/make_effectiveness.py

Images and weights are made by formula (problem.py). Lines of text, read by
tests/unit/test_effectiveness.c."""

import os
import tempfile

import numpy
import torch

from make_fixtures import PROJECT, SLIM
from nst_reference import NAMES
from problem import Problem, seeded_image

# More channels than directions at relu1_1 and relu2_1, so that the choice of directions counts.
WIDTHS = (40, 6, 56, 9, 20, 12, 11, 13, 14, 12, 15, 11, 9)
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
RANKS = (32, 48, 128, 256, 256)
FACTORS = (0.7468, 0.2557, 2.3768)
PHOTOS = ((11, 131, 97), (12, 96, 120), (13, 100, 100))
PICTURE, STYLE = (21, 131, 97), (22, 110, 140)


def features(model, image):
    """-> channels x pixels of each layer"""
    indices = [NAMES.index(name) for name in LAYERS]
    found = model.features(torch.tensor(seeded_image(*image), dtype=model.dtype), indices, model.pooling)
    return [found[i].flatten(1).numpy() for i in indices]


def directions(photos, rank):
    """Of one layer: the eigenvectors with the greatest eigenvalues, photos counting alike; not those
    in which photos do not vary."""
    mean = sum(f.mean(1) for f in photos) / len(photos)
    second = sum(f @ f.T / f.shape[1] for f in photos) / len(photos)
    values, vectors = numpy.linalg.eigh(second - numpy.outer(mean, mean))
    return vectors[:, values > 1e-9 * values.sum()][:, ::-1][:, :rank].T


def divergence(x, y):
    """KL of normal distributions, features projected already."""
    (mx, sx), (my, sy) = ((f.mean(1), numpy.cov(f, bias=True)) for f in (x, y))
    inverse, d = numpy.linalg.inv(sy), mx - my
    return (numpy.trace(inverse @ sx) + d @ inverse @ d - len(d)
            + numpy.linalg.slogdet(sy)[1] - numpy.linalg.slogdet(sx)[1]) / 2


def main():
    weights = ("seeded", 31, "caffe", WIDTHS)
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        model = Problem(weights, (1, 1)).model(SLIM, os.path.join(folder, "seeded.safetensors"))
        photos = [features(model, image) for image in PHOTOS]
        picture, style = features(model, PICTURE), features(model, STYLE)
    values = []
    for layer, rank in enumerate(RANKS):
        basis = directions([photo[layer] for photo in photos], rank)
        values.append(-numpy.log(divergence(basis @ picture[layer], basis @ style[layer])))
    with open(os.path.join(PROJECT, "tests", "fixtures", "effectiveness.golden"), "w") as file:
        print(next(Problem(weights, (1, 1)).lines()), file=file)
        print(len(PHOTOS), file=file)
        for image in (*PHOTOS, PICTURE, STYLE):
            print(*image, file=file)
        print(*(f"{v:.12g}" for v in values), f"{numpy.dot(FACTORS, values[:3]):.12g}", file=file)


if __name__ == "__main__":
    main()
