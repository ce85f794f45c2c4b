#!/usr/bin/env python3
"""Write tests/fixtures/*.golden: losses and gradients of the objective, by PyTorch in double.

    tests/torch/make_fixtures.py [NAME...]

To be run again when a definition at the head of nst_reference.py changes or the small model in
tests/models does. Each fixture holds the point x at which it was evaluated (see ties.py), the losses and the
gradient; images and seeded weights are made by formula (problem.py).
"""

import os
import sys
import tempfile

import numpy
import torch

import ties
from problem import Problem

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SLIM = os.path.join(PROJECT, "tests", "models", "vgg19-slim.safetensors")

FULL = (64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512)
# No width is a multiple of a vector's length, and no two neighbors are equal.
ODD = (5, 12, 17, 9, 20, 33, 16, 21, 30, 23, 18, 37, 19, 29, 25, 27)
WIDE = (("relu1_1", 34), ("relu1_2", 7), ("relu2_1", 50), ("relu3_1", 19), ("relu4_1", 67),
        ("relu4_2", 33), ("relu5_1", 16))
GATYS = tuple((f"relu{block}_1", 1.0) for block in range(1, 6))

# {name: (problem, margin)}; the margin is explained in ties.py.
FIXTURES = {
    # The program's own defaults, at a size that no pooling divides evenly.
    "slim-131x97": (Problem("slim", (131, 97), styles=((2, 109, 83, 1),), style_layers=GATYS), 1e-4),
    "full-131x97": (Problem(("seeded", 7, "none", FULL), (131, 97), styles=((2, 109, 83, 1),),
                            style_layers=GATYS), 1e-4),
    "slim-33x17": (Problem("slim", (33, 17), styles=((2, 19, 41, 1),), style_layers=GATYS), 3e-4),
    # Layers before a pooling, several content layers, unequal weights, two styles, BGR 0..255.
    "mixed-max-47x33": (Problem(
        ("seeded", 8, "caffe", ODD[:10]), (47, 33),
        styles=((2, 61, 29, 3), (4, 35, 52, 1)), content_layers=(("relu2_2", 1), ("relu4_2", 3)),
        style_layers=(("relu1_1", 0.25), ("relu1_2", 0.5), ("relu2_2", 1), ("relu3_4", 2)),
        content_weight=0.3, style_weight=2, tv_weight=0.7), 1e-4),
    # The same with average pooling, which an option asks for ...
    "mixed-avg-47x33": (Problem(
        ("seeded", 8, "caffe", ODD[:12]), (47, 33),
        styles=((2, 61, 29, 3), (4, 35, 52, 1)), content_layers=(("relu2_2", 1), ("relu4_2", 3)),
        style_layers=(("relu1_2", 0.5), ("relu2_2", 1), ("relu3_4", 2), ("relu4_4", 1)),
        pooling="avg", content_weight=0.3, style_weight=2, tv_weight=0.7), 1e-4),
    # ... and which the file asks for; a layer that content and style share; the deepest layer.
    "deep-37x49": (Problem(
        ("seeded", 22, "caffe-avg", ODD), (37, 49), styles=((2, 30, 33, 1),),
        content_layers=(("relu5_4", 1), ("relu1_2", 1)),
        style_layers=(("relu1_2", 1), ("relu5_2", 1), ("relu5_4", 1)),
        content_weight=0.5, style_weight=0.0001, tv_weight=0), 1e-4),
    # What an artist may change: several styles and content layers, colors ...
    "blend-97x131": (Problem("slim", (97, 131), styles=((2, 109, 83, 3), (4, 75, 90, 1)),
                             content_layers=(("relu3_2", 1), ("relu4_2", 2)),
                             style_layers=GATYS), 1e-4),
    "match-97x131": (Problem("slim", (97, 131), styles=((2, 109, 83, 1),), style_layers=GATYS,
                             color="match"), 1e-4),
    "luma-97x131": (Problem("slim", (97, 131), styles=((2, 109, 83, 1),), style_layers=GATYS,
                            color="luma"), 1e-4),
    # ... three regions: a style with a mask, one for two regions and one for a single one ...
    "regions-97x131": (Problem(
        "slim", (97, 131), regions=(5, 3), style_layers=GATYS,
        styles=((2, 109, 83, 2, (0, 1, 2), 6), (4, 75, 90, 1, (1, 2), 0), (7, 64, 80, 1, (0,), 0))),
        1e-4),
    # ... covariance, alone and with all of this.
    "covariance-97x131": (Problem("slim", (97, 131), styles=((2, 109, 83, 1),),
                                 style_layers=GATYS, stat="covariance"), 1e-4),
    "regions-all-47x61": (Problem(
        ("seeded", 8, "caffe", ODD[:10]), (47, 61), regions=(5, 2), color="match",
        stat="covariance", styles=((2, 61, 47, 3, (0, 1), 6), (4, 52, 40, 1, (1,), 0)),
        content_layers=(("relu2_2", 1), ("relu4_2", 3)),
        style_layers=(("relu1_1", 0.25), ("relu1_2", 0.5), ("relu2_2", 1), ("relu4_1", 2))), 1e-4),
    # ... and means and covariances by their Wasserstein-2 distance, likewise.
    "w2-97x131": (Problem("slim", (97, 131), styles=((2, 109, 83, 3), (4, 75, 90, 1)),
                         style_layers=GATYS, stat="w2"), 1e-4),
    "w2-regions-47x61": (Problem(
        ("seeded", 22, "none", ODD[:13], WIDE), (47, 61), regions=(5, 2), stat="w2",
        styles=((2, 61, 47, 3, (0, 1), 6), (4, 52, 40, 1, (1,), 0)), style_layers=GATYS), 1e-4),
    # Wide taps: wider and narrower than their layers, of a layer that content and style share, of
    # one before a pooling and of the deepest; a layer of style without one; and with regions.
    "wide-97x61": (Problem(
        ("seeded", 22, "none", ODD[:13], WIDE), (97, 61), styles=((2, 61, 49, 3), (4, 55, 52, 1)),
        content_layers=(("relu4_1", 1), ("relu4_2", 3)), style_layers=GATYS + (("relu1_2", 0.5),),
        content_weight=0.5), 5e-5),
    "wide-regions-47x61": (Problem(
        ("seeded", 22, "none", ODD[:13], WIDE), (47, 61), regions=(5, 2), stat="covariance",
        styles=((2, 61, 47, 3, (0, 1), 6), (4, 52, 40, 1, (1,), 0)), style_layers=GATYS), 1e-4),
    # For central differences: no switch within reach of a step, so that the function is smooth.
    "central-20x16": (Problem("slim", (20, 16), styles=((2, 25, 17, 1),), style_layers=GATYS,
                              content_weight=0.5), 5e-3),
    "central-wide-20x16": (Problem(
        ("seeded", 20, "none", (6, 8, 8, 10, 12, 12, 12, 12, 16, 16, 16, 16, 16),
         (("relu1_1", 12), ("relu3_1", 20), ("relu4_2", 24), ("relu5_1", 20))), (20, 16),
        styles=((2, 25, 17, 1),), style_layers=GATYS, content_weight=0.5), 5e-3),
}


def make(name, problem, margin, temporary):
    objective = problem.objective(problem.model(SLIM, temporary))
    start = problem.start()
    x = ties.move_away(objective, start, margin, steps=1000)
    losses, gradient = objective.evaluate(x)

    # What rounding alone does: the same in single precision.
    single = problem.objective(problem.model(SLIM, temporary, dtype=torch.float))
    _, rounded = single.evaluate(x)
    error = numpy.linalg.norm(rounded - gradient) / numpy.linalg.norm(gradient)
    print(f"{name}: total {losses[-1]:.6g}, moved by at most {abs(x - start).max():.1e}, "
          f"in single precision off by {error:.1e}", flush=True)
    assert error < 1e-5, "a switch was turned"
    problem.write(os.path.join(PROJECT, "tests", "fixtures", name + ".golden"), x, losses, gradient)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or FIXTURES:
            make(name, *FIXTURES[name], os.path.join(folder, "seeded.safetensors"))


if __name__ == "__main__":
    main()
