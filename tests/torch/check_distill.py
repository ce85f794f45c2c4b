#!/usr/bin/env python3
"""Check scripts/train on a tiny scale: seeded teacher, seeded pictures, a few steps.

    tests/torch/check_distill.py

A run that was stopped and resumed ends with the same bytes as one that went through; the file it
writes is one that the tool's own description of weight files allows; losses and their gradients are
what their comments say."""

import argparse
import contextlib
import io
import os
import sys
import tempfile

import numpy
import torch
from PIL import Image

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(PROJECT, "scripts", "train"))

import distill  # noqa: E402
from losses import Rectifier, Regression, Window  # noqa: E402
from network import INDICES, TAPS, read_safetensors, write_safetensors  # noqa: E402
from optimizer import orthogonal  # noqa: E402

CROP = 32
TEACHER = (20, 20, 24, 24, 28, 28, 28, 28, 36, 36, 36, 36, 36)
STUDENT = (8, 8, 12, 12, 14, 14, 14, 14, 16, 16, 16, 16, 16)


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
    for i in range(30):
        pixels = random.randint(0, 256, (40 + i, 70 - i, 3)).astype("uint8")
        Image.fromarray(pixels).save(os.path.join(images, f"{i:02}.png"))
    return teacher, images


def training(teacher, images, output):
    torch.manual_seed(3)
    return distill.Training(argparse.Namespace(
        images=images, teacher=teacher, init=None, output=output, dtype="F16",
        widths=",".join(map(str, STUDENT)), steps=7, decay_steps=3, minutes=None, decay_minutes=None,
        learning_rate=1e-3, weight_decay=0.1, optimizer="muon", batch=3, block=4, crop=CROP, pool=8,
        reuse=2, pairs=0.5, difference_weight=0.2, paint_from=2, paint_every=2, paint_group=1, paint_pool=3,
        seed=1, device="cpu", threads=1, workers=2, evaluate_every=4, checkpoint_every=100))


def check_resuming(folder):
    teacher, images = make_inputs(folder)
    paths = [os.path.join(folder, name) for name in ("through.safetensors", "resumed.safetensors")]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        training(teacher, images, paths[0]).run()
        first = training(teacher, images, paths[1])
        first.order(0)
        for _ in range(4):
            first.train_step()
        first.save()
        first.train_step()  # lost, as when a run is killed
        torch.manual_seed(99)
        training(teacher, images, paths[1]).run()
    assert "held out, unexplained" in said.getvalue() and "step 4" in said.getvalue()
    contents = []
    for path in paths:
        with open(path, "rb") as file:
            contents.append(file.read())
    assert contents[0] == contents[1], "a resumed run ends differently"

    tensors, metadata = read_safetensors(paths[0])
    shapes = {name: tuple(t.shape) for name, t in tensors.items()}
    expected = {f"features.{i}.weight": (width, before, 3, 3)
                for i, before, width in zip(INDICES, (3,) + STUDENT, STUDENT)}
    expected.update({f"taps.{name}.weight": (TEACHER[at], STUDENT[at], 1, 1)
                     for name, at in TAPS.items()})
    expected.update({name.replace("weight", "bias"): shape[:1] for name, shape in expected.items()})
    assert shapes == expected, shapes
    assert all(bool(torch.isfinite(t).all()) for t in tensors.values()), "not finite"
    assert metadata["pooling"] == "max" and metadata["color_order"] == "RGB"


def check_losses():
    torch.manual_seed(7)
    p, t = torch.rand(4, 3, 5, 6, requires_grad=True), torch.rand(4, 3, 5, 6)
    change = t[0::2] - t[1::2]
    scale = (change ** 2).sum((1, 2, 3))
    value, square, by_pair = Regression.apply(p, t, scale, 0.3)
    (3 * value).backward()
    q = p.detach().clone().requires_grad_()
    missed = ((q[0::2] - q[1::2] - change) ** 2).sum((1, 2, 3)) / scale
    expected = ((q - t) ** 2).mean() + 0.3 * missed.mean()
    (3 * expected).backward()
    assert abs(float(value - expected)) < 1e-5 and (p.grad - q.grad).norm() < 1e-5 * q.grad.norm()
    assert abs(float(square - ((q - t) ** 2).mean())) < 1e-6
    assert (by_pair - missed).abs().max() < 1e-5

    f = torch.rand(8, 3, 8, 8, requires_grad=True)
    cut = Window.apply(f, [(0, 4), (3, 1)], 4)
    assert torch.equal(cut, torch.cat([f[:4, :, 0:4, 4:8], f[4:, :, 3:7, 1:5]]))
    weight = torch.rand_like(cut)
    (cut * weight).sum().backward()
    assert torch.equal(f.grad[:4, :, 0:4, 4:8], weight[:4])
    assert torch.equal(f.grad[4:, :, 3:7, 1:5], weight[4:])
    assert abs(float(f.grad.sum() - weight.sum())) < 1e-3

    # Of (relu(z) - t)^2: at zero, an output that ought to be larger is told so, another is not.
    z, t = torch.tensor([-1.0, -1.0, 2.0, 2.0], requires_grad=True), torch.tensor([3.0, 0, 3, 0])
    ((Rectifier.apply(z) - t) ** 2).sum().backward()
    assert z.grad.tolist() == [-6, 0, -2, 4], z.grad

    for shape in ((20, 50), (50, 20)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
        assert 0.5 < float(values.min()) and float(values.max()) < 1.3, values


def main():
    torch.set_num_threads(1)
    check_losses()
    with tempfile.TemporaryDirectory() as folder:
        check_resuming(folder)
    print("ok     scripts/train")


if __name__ == "__main__":
    main()
