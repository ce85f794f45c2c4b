#!/usr/bin/env python3
"""A picture by the objective of neural-style (Johnson 2015) and neural-style-pt, in PyTorch, on the
weights of nst:

    tests/bench/neural_style.py PHOTO PAINTING RESULT --weights vgg19.safetensors --log curve.tsv
    tests/bench/neural_style.py PHOTO PAINTING --weights vgg19.safetensors --of RESULT OTHER
    tests/bench/neural_style.py PHOTO PAINTING --weights vgg19.safetensors --options
    nst measure -w vgg19.safetensors -c PHOTO -s PAINTING RESULT OTHER

The first paints and writes its loss against iterations, seconds and seconds of processor. The second
prints the same loss of finished pictures, those of nst too. The third prints the options by which nst
minimises the same for this photo and painting, but for total variation, whose squares it takes. The
fourth measures both as nst does.

Absolute losses: content 5 * mean squared error at relu4_2; style 100 * the sum over relu1_1 to
relu5_1 of the mean squared error of F F^T / (C H W); total variation 0.001 * the sum of absolute
differences; pixels from 0 to 255, L-BFGS from noise at one scale. These weights belong to features
as large as those of Caffe's VGG19, whose file needs a --feature-scale of 1; with the bundled model
20 lets the style win and 60 leaves mostly noise. Needs python3-torch and python3-pil."""

import argparse
import os
import sys
import time

import numpy
import torch
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "torch"))
from nst_reference import NAMES, Vgg  # noqa: E402

STYLE = [NAMES.index(f"relu{block}_1") for block in range(1, 6)]
CONTENT = NAMES.index("relu4_2")


def load(path, size=None):
    """Pixels from 0 to 255; the longest side brought to size."""
    image = Image.open(path).convert("RGB")
    if size:
        factor = size / max(image.size)
        image = image.resize([round(side * factor) for side in image.size], Image.BICUBIC)
    return torch.tensor(numpy.asarray(image, numpy.float32).transpose(2, 0, 1).copy())


def gram(f):
    f = f.flatten(1)
    return f @ f.T / f.numel()


class Objective:
    def __init__(self, weights, feature_scale, photo, painting):
        self.model = Vgg(weights, torch.float)
        self.feature_scale = feature_scale
        with torch.no_grad():
            self.content = self.features(photo)[CONTENT]
            found = self.features(painting)
            self.grams = {layer: gram(found[layer]) for layer in STYLE}

    def features(self, image):
        found = self.model.features(image / 255, STYLE + [CONTENT], self.model.pooling)
        return {layer: self.feature_scale * f for layer, f in found.items()}

    def __call__(self, x):
        f = self.features(x)
        content = 5 * ((f[CONTENT] - self.content) ** 2).mean()
        style = 100 * sum(((gram(f[i]) - self.grams[i]) ** 2).mean() for i in STYLE)
        variation = (x[:, :, 1:] - x[:, :, :-1]).abs().sum() + (x[:, 1:] - x[:, :-1]).abs().sum()
        return content + style + 1e-3 * variation


def options(objective):
    """nst divides by the square of what is to be met, this objective by numbers of features."""
    weights = {layer: 100 * float(a.square().mean()) for layer, a in objective.grams.items()}
    whole = sum(weights.values())
    layers = ",".join(f"{NAMES[layer]}:{weight / whole:.4g}" for layer, weight in weights.items())
    content = 5 * float(objective.content.square().mean()) / whole
    return f"--style-layers {layers} --content-layers {NAMES[CONTENT]} --content-weight {content:.4g}"


def paint(objective, like, iterations, log):
    torch.manual_seed(0)
    x = (torch.randn_like(like) * 0.001 + 128).requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=10 ** 6, max_eval=iterations, history_size=100,
                                  tolerance_change=-1, tolerance_grad=-1)
    began, worked, seen = time.monotonic(), time.process_time(), 0

    def evaluate():
        nonlocal seen
        optimizer.zero_grad()
        value = objective(x)
        value.backward()
        seen += 1
        if log:
            seconds = time.monotonic() - began
            print(seen, f"{seconds:.2f}", f"{time.process_time() - worked:.2f}", f"{float(value):.6g}",
                  sep="\t", file=log, flush=True)
        return value

    optimizer.step(evaluate)
    return x.detach().clamp(0, 255).round()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photo")
    parser.add_argument("painting")
    parser.add_argument("result", nargs="?")
    parser.add_argument("--of", nargs="+", default=[], metavar="PICTURE",
                        help="print the loss of these, of one size, instead of painting")
    parser.add_argument("--options", action="store_true", help="print options of nst instead of painting")
    parser.add_argument("--size", type=int, default=512, help="longest side (default 512)")
    parser.add_argument("--iterations", type=int, default=1000, metavar="N")
    parser.add_argument("--weights", metavar="FILE", help="default: those in the project")
    parser.add_argument("--feature-scale", type=float, metavar="X",
                        help="default: 20 for the bundled weights, else 1")
    parser.add_argument("--log", metavar="FILE", help="iteration, seconds, those of processor, and loss, by tabs")
    args = parser.parse_intermixed_args()
    if bool(args.result) + bool(args.of) + args.options != 1:
        parser.error("expected RESULT or --of or --options")
    bundled = os.path.join(HERE, "..", "..", "weights", "vgg19-half.safetensors")
    scale = args.feature_scale or (1.0 if args.weights else 20.0)
    pictures = [load(path) for path in args.of]
    size = max(pictures[0].shape[1:]) if pictures else args.size
    photo = load(args.photo, size)
    objective = Objective(args.weights or bundled, scale, photo, load(args.painting, size))
    for path, picture in zip(args.of, pictures):
        with torch.no_grad():
            print(path, f"{float(objective(picture)):.6g}", sep="\t")
    if args.options:
        print(options(objective))
    if args.result:
        with open(args.log or os.devnull, "w", encoding="utf-8") as log:
            pixels = paint(objective, photo, args.iterations, log)
        Image.fromarray(pixels.byte().numpy().transpose(1, 2, 0)).save(args.result)


if __name__ == "__main__":
    main()
