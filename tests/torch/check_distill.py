#!/usr/bin/env python3
"""Check scripts/train/distill.py on a tiny scale: seeded teacher, seeded pictures, a few steps.

    tests/torch/check_distill.py

A run that was stopped and resumed ends with the same bytes as one that went through; the file it
writes is one that the tool's own description of weight files allows; the losses are what their
comments say."""

import argparse
import os
import sys
import tempfile

import numpy
import torch
from PIL import Image

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(PROJECT, "scripts", "train"))

import distill  # noqa: E402
from network import INDICES, WIDTHS, read_safetensors, write_safetensors  # noqa: E402
from pictures import gram, gram_distances  # noqa: E402

CROP = 32
TEACHER = (64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512)


def make_inputs(folder):
    """A complete teacher and a few pictures, all from a seed."""
    random, tensors, before = numpy.random.RandomState(5), {}, 3
    for index, width in zip(INDICES, TEACHER):
        weight = random.randn(width, before, 3, 3) * (2 / (9 * before)) ** 0.5
        tensors[f"features.{index}.weight"] = torch.tensor(weight)
        tensors[f"features.{index}.bias"] = torch.tensor(0.1 * random.randn(width))
        before = width
    teacher = os.path.join(folder, "teacher.safetensors")
    write_safetensors(teacher, tensors, {}, "F32")
    images = os.path.join(folder, "images")
    os.mkdir(images)
    for i in range(3):
        pixels = random.randint(0, 256, (40 + i, 50 - i, 3)).astype("uint8")
        Image.fromarray(pixels).save(os.path.join(images, f"{i}.png"))
    return teacher, images


def training(teacher, images, output):
    torch.manual_seed(3)
    return distill.Training(argparse.Namespace(
        images=images, teacher=teacher, deep_teacher=None, init=None, output=output, dtype="F16",
        steps=4, learning_rate=1e-3, weight_decay=0.1, gradient_weight=1.0, pooling="max",
        crop=CROP, pool=3, checkpoint_every=100))


def check_resuming(folder):
    teacher, images = make_inputs(folder)
    paths = [os.path.join(folder, name) for name in ("through.safetensors", "resumed.safetensors")]
    training(teacher, images, paths[0]).run()
    first = training(teacher, images, paths[1])
    first.train_step()
    first.save()
    first.train_step()  # lost, as when a run is killed
    torch.manual_seed(99)
    training(teacher, images, paths[1]).run()
    contents = []
    for path in paths:
        with open(path, "rb") as file:
            contents.append(file.read())
    assert contents[0] == contents[1], "a resumed run ends differently"

    tensors, metadata = read_safetensors(paths[0])
    assert [tuple(tensors[f"features.{i}.weight"].shape) for i in INDICES] == [
        (width, before, 3, 3) for before, width in zip((3,) + WIDTHS, WIDTHS)]
    assert all(bool(torch.isfinite(t).all()) for t in tensors.values()), "not finite"
    assert metadata["pooling"] == "max" and metadata["color_order"] == "RGB"


def check_losses():
    torch.manual_seed(7)
    f, t = torch.rand(2, 30, 4).double(), torch.rand(2, 30, 9).double()
    a, b = (x.flatten(0, 1) @ x.flatten(0, 1).T for x in (f, t))
    expected = 1 - (a * b).sum() / (a.norm() * b.norm())
    assert abs(distill.metric_loss([f], [t]) - expected) < 1e-12, "metric_loss"

    # Features that are linear in x, one pixel per row, have a gradient that is known.
    x, s, m = torch.rand(1, 6, 3).double(), torch.rand(1, 6, 3).double(), torch.rand(3, 5).double()
    x.requires_grad_(True)
    (g,) = distill.style_gradients([x @ m], [s @ m], x, False)
    difference = gram(x @ m) - gram(s @ m)
    expected = 4 / 6 * x @ m @ difference @ m.T / (gram(s @ m) ** 2).sum()
    assert (g - expected.flatten(1)).norm() < 1e-12 * g.norm(), "style_gradients"
    assert abs(gram_distances([2 * x], [gram(x)])[0] - 9).max() < 1e-12, "gram_distances"


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    check_losses()
    with tempfile.TemporaryDirectory() as folder:
        check_resuming(folder)
    print("ok     distill.py")


if __name__ == "__main__":
    main()
