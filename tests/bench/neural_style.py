#!/usr/bin/env python3
"""A picture by the objective of neural-style (Johnson 2015) and neural-style-pt, in PyTorch, on the
weights of nst, to be measured beside one of nst by `nst measure`:

    tests/bench/neural_style.py PHOTO PAINTING RESULT [SIZE] [EVALUATIONS] [FEATURE_SCALE]
    nst measure -c PHOTO -s PAINTING -S SIZE RESULT OTHER

Absolute losses: content 5 * mean squared error at relu4_2; style 100 * the sum over relu1_1 to
relu5_1 of the mean squared error of F F^T / (C H W); total variation 0.001 * the sum of absolute
differences; pixels from 0 to 255, L-BFGS from noise at one scale. These weights belong to features
as large as those of Caffe's VGG19: FEATURE_SCALE is what the features are multiplied by; with the
bundled model 20 (the default) lets the style win and 60 leaves mostly noise. Needs python3-torch and
python3-pil."""

import os
import sys

import numpy
import torch
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "torch"))
from nst_reference import NAMES, Vgg  # noqa: E402

WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "weights",
                       "vgg19-half.safetensors")
STYLE = [NAMES.index(f"relu{block}_1") for block in range(1, 6)]
CONTENT = NAMES.index("relu4_2")


def load(path, size):
    image = Image.open(path).convert("RGB")
    factor = size / max(image.size)
    image = image.resize([round(side * factor) for side in image.size], Image.BICUBIC)
    return torch.tensor(numpy.asarray(image, numpy.float32).transpose(2, 0, 1).copy())


def gram(f):
    f = f.flatten(1)
    return f @ f.T / f.numel()


def main():
    photo, painting, result = sys.argv[1:4]
    size, iterations, scale = (float(v) for v in sys.argv[4:7] + ["512", "1000", "20"][len(sys.argv) - 4:])
    model = Vgg(WEIGHTS, torch.float)


    def features(image):
        found = model.features(image / 255, STYLE + [CONTENT], model.pooling)
        return {layer: scale * f for layer, f in found.items()}

    torch.manual_seed(0)
    content, style = load(photo, size), load(painting, size)
    with torch.no_grad():
        target = features(content)[CONTENT]
        grams = {layer: gram(f) for layer, f in features(style).items() if layer in STYLE}
    x = (torch.randn_like(content) * 0.001 + 128).requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=10 ** 6, max_eval=int(iterations), history_size=100,
                                  tolerance_change=-1, tolerance_grad=-1)

    def loss():
        optimizer.zero_grad()
        f = features(x)
        value = 5 * ((f[CONTENT] - target) ** 2).mean()
        value = value + 100 * sum(((gram(f[i]) - grams[i]) ** 2).mean() for i in STYLE)
        value = value + 1e-3 * ((x[:, :, 1:] - x[:, :, :-1]).abs().sum() + (x[:, 1:] - x[:, :-1]).abs().sum())
        value.backward()
        return value

    optimizer.step(loss)
    pixels = x.detach().clamp(0, 255).round().byte().numpy().transpose(1, 2, 0)
    Image.fromarray(pixels).save(result)


if __name__ == "__main__":
    main()
