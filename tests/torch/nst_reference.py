"""The objective of nst in PyTorch, in double: what the C code is held to.

Definitions, exactly. x is the image, [3, H, W] in [0,1].

  network    input = (scale * x - mean) / std per channel, channels in the network's own order;
             after that 3x3 convolutions, stride 1, zero padding 1, bias, ReLU; pooling 2x2, stride
             2, floor, before conv2_1, 3_1, 4_1 and 5_1, maximum (gradient to the first one in row
             order) or average. A layer's features F [C, H W] are taken after its ReLU, with the
             H and W of that layer.
  content    sum_k u_k |F_k - P_k|^2 / max(|P_k|^2, 1e-8), P the features of the content image.
  style      sum_l w_l |G_l - A_l|^2 / max(|A_l|^2, 1e-8), G = F F^T / (H W); A the mean of the
             style images' own G, weighted by their blend weights. With `covariance`, F is taken
             minus its row means.
  weights    the u_k, the w_l and the blend weights are each divided by their sum.
  tv         (sum of squared x differences + sum of squared y differences, three channels)
             / (3 H (W - 1) + 3 (H - 1) W); 0 when there is no difference to take.
  total      content_weight content + style_weight style + tv_weight tv.
"""

import json
import struct

import numpy
import torch
import torch.nn.functional as functional

# Convolutions of torchvision's VGG19.features, and the layers that a pooling comes before.
INDICES = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]
NAMES = [f"relu{block}_{i}" for block, n in enumerate([2, 2, 4, 4, 4], 1) for i in range(1, n + 1)]
POOL_BEFORE = {2, 4, 8, 12}
FLOOR = 1e-8


def read_safetensors(path):
    """-> ({name: float64 array}, metadata)"""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = data[begin:end]
        if entry["dtype"] == "BF16":  # the upper half of a float
            bits = numpy.frombuffer(raw, "<u2").astype(numpy.uint32) << 16
            values = bits.view(numpy.float32)
        elif entry["dtype"] in ("F16", "F32"):
            values = numpy.frombuffer(raw, {"F16": "<f2", "F32": "<f4"}[entry["dtype"]])
        else:
            continue
        tensors[name] = values.astype(numpy.float64).reshape(entry["shape"])
    return tensors, metadata


class Vgg:
    """The convolutions of a weights file, as many as it has."""

    def __init__(self, path, dtype=torch.double):
        tensors, metadata = read_safetensors(path)
        numbers = lambda key, default: [float(v) for v in metadata.get(key, default).split(",")]
        tensor = lambda values: torch.tensor(values, dtype=dtype)
        self.dtype = dtype
        self.layers = []
        for index in INDICES:
            if f"features.{index}.weight" not in tensors:
                break
            self.layers.append((tensor(tensors[f"features.{index}.weight"]),
                                tensor(tensors[f"features.{index}.bias"])))
        self.bgr = metadata.get("color_order", "RGB") == "BGR"
        self.scale = float(metadata.get("scale", "1"))
        # Without a transform in the file it is torchvision's.
        known = "mean" in metadata
        self.mean = tensor(numbers("mean", "0.485,0.456,0.406")).view(1, 3, 1, 1)
        self.std = tensor(numbers("std", "1,1,1" if known else "0.229,0.224,0.225")).view(1, 3, 1, 1)
        self.pooling = metadata.get("pooling", "max")

    def features(self, x, layers, pooling, watch=None):
        """{layer: [C, H, W]} of x [3, H, W]; watch(layer, z) sees every convolution's output."""
        y = x.flip(0) if self.bgr else x
        y = (self.scale * y[None] - self.mean) / self.std
        pool = functional.max_pool2d if pooling == "max" else functional.avg_pool2d
        taps = {}
        for layer in range(max(layers) + 1):
            if layer in POOL_BEFORE:
                y = pool(y, 2)
            weight, bias = self.layers[layer]
            z = functional.conv2d(y, weight, bias, padding=1)
            if watch:
                watch(layer, z[0])
            y = functional.relu(z)
            if layer in layers:
                taps[layer] = y[0]
        return taps


def gram(features, covariance=False):
    f = features.flatten(1)
    if covariance:
        f = f - f.mean(1, keepdim=True)
    return f @ f.T / f.shape[1]


def relative_error(value, target):
    return ((value - target) ** 2).sum() / (target ** 2).sum().clamp(min=FLOOR)


def total_variation(x):
    dx, dy = x[:, :, 1:] - x[:, :, :-1], x[:, 1:, :] - x[:, :-1, :]
    count = dx.numel() + dy.numel()
    return ((dx ** 2).sum() + (dy ** 2).sum()) / count if count else x.sum() * 0


def normalised(weights):
    total = sum(weights)
    return [w / total for w in weights]


class Objective:
    """Images are [3, H, W] arrays; layers are lists of (name, weight); styles a list of
    (image, weight); weights are (content, style, tv)."""

    def __init__(self, model, content, content_layers, styles, style_layers, weights,
                 pooling="model", covariance=False):
        self.model = model
        self.weights = weights
        self.pooling = model.pooling if pooling == "model" else pooling
        self.covariance = covariance
        self.content_layers = self._indexed(content_layers)
        self.style_layers = self._indexed(style_layers)
        self.taps = sorted(set(self.content_layers) | set(self.style_layers))
        with torch.no_grad():
            features = lambda image, layers: self.model.features(
                torch.tensor(image, dtype=model.dtype), layers, self.pooling) if layers else {}
            self.content = features(content, self.content_layers)
            self.grams = {layer: 0 for layer in self.style_layers}
            blend = normalised([weight for _, weight in styles])
            for (image, _), weight in zip(styles, blend):
                for layer, f in features(image, self.style_layers).items():
                    self.grams[layer] = self.grams[layer] + weight * gram(f, covariance)

    @staticmethod
    def _indexed(layers):
        weights = normalised([weight for _, weight in layers])
        return {NAMES.index(name): weight for (name, _), weight in zip(layers, weights)}

    def losses(self, x):
        """(content, style, tv, total) of x, a tensor [3, H, W], differentiable."""
        taps = self.model.features(x, self.taps, self.pooling) if self.taps else {}
        zero = x.sum() * 0
        content = sum((weight * relative_error(taps[layer], self.content[layer])
                       for layer, weight in self.content_layers.items()), zero)
        style = sum((weight * relative_error(gram(taps[layer], self.covariance), self.grams[layer])
                     for layer, weight in self.style_layers.items()), zero)
        tv = total_variation(x)
        parts = (content, style, tv)
        return (*parts, sum(weight * part for weight, part in zip(self.weights, parts)))

    def evaluate(self, x):
        """Array x -> ((content, style, tv, total), gradient of total), floats and array."""
        x = torch.tensor(x, dtype=self.model.dtype, requires_grad=True)
        losses = self.losses(x)
        (gradient,) = torch.autograd.grad(losses[-1], x)
        return tuple(float(loss.detach()) for loss in losses), gradient.numpy()
