"""The objective of nst in PyTorch, in double: what the C code is held to.

Definitions, exactly. x is the image, [3, H, W] in [0,1].

  network    input = (scale * x - mean) / std per channel, channels in the network's own order;
             after that 3x3 convolutions, stride 1, padding 1, bias, ReLU; padded by zeros, but the
             first layer's input by its own edge; pooling 2x2, stride
             2, floor, before conv2_1, 3_1, 4_1 and 5_1, maximum (gradient to the first one in row
             order) or average. A layer's features F [C, H W] are taken after its ReLU, with the
             H and W of that layer; where the model has a wide tap of the layer, a 1x1 convolution
             with bias and another ReLU come between, and what goes on through the network is the
             layer's own.
  content    sum_k u_k |F_k - P_k|^2 / max(|P_k|^2, 1e-8), P the features of the content image.
  style      sum_l w_l |G_l - A_l|^2 / max(|A_l|^2, 1e-8), G = F F^T / (H W); A the mean of the
             style images' own G, weighted by their blend weights. With `covariance`, F is taken
             minus its row means. With `w2`, S and B that of the picture and of the styles with
             their ridge, m and a the means of F, r = 3e-3 tr(A) / C without the ridge,
             0.7 (|m - a|^2 + tr S + tr B - 2 tr (B^(1/2) S B^(1/2))^(1/2)) / (|a|^2 + tr A),
             S = G + r I and B = A + r I; G, A, m, a as with `covariance`, in regions and in blends.
  regions    shares [R, H, W] say how much each pixel belongs to each region, 1 in all. Pooled by
             2x2 averages like the network, m_r is what they are at a layer. The guidance channel is
             T_r = sqrt(m_r / sum m_r), whose squares sum to 1, and G_r = (T_r F) (T_r F)^T; with
             `covariance` F is taken minus its mean, weighted by T_r^2. The style loss of the layer
             becomes sum_r a_r |G_r - A_r|^2 / max(|A_r|^2, 1e-8) with a_r = mean of m_r. A_r is the
             mean over the styles meant for r: of all of the style image or, when that has shares of
             its own, of its part r, G_r as above.
  weights    the u_k, the w_l and the blend weights of a region are each divided by their sum.
  tv         (sum of squared x differences + sum of squared y differences, three channels)
             / (3 H (W - 1) + 3 (H - 1) W); 0 when there is no difference to take.
  total      content_weight content + style_weight style + tv_weight tv.
  color     match: style pixels become C_c^(1/2) C_s^(-1/2) (p - mean_s) + mean_c, C the 3x3
             covariances, whose eigenvalues count as 1e-4 at least where they are divided by; cut
             off at 0 and 1. luma: x is [1, H, W], seen by network and tv as three equal planes;
             content and styles are replaced by their Y = 0.299 R + 0.587 G + 0.114 B, the styles'
             with mean and standard deviation (0.01 at least) moved to the content's, cut off.
"""

import pathlib
import sys

import numpy
import torch
import torch.nn.functional as functional

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts" / "train"))
from network import read_arrays  # noqa: E402

# Convolutions of torchvision's VGG19.features, and the layers that a pooling comes before.
INDICES = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]
NAMES = [f"relu{block}_{i}" for block, n in enumerate([2, 2, 4, 4, 4], 1) for i in range(1, n + 1)]
POOL_BEFORE = {2, 4, 8, 12}
FLOOR = 1e-8


class Vgg:
    """The convolutions of a weights file, as many as it has."""

    def __init__(self, path, dtype=torch.double):
        tensors, metadata = read_arrays(path, numpy.float64)
        numbers = lambda key, default: [float(v) for v in metadata.get(key, default).split(",")]
        tensor = lambda values: torch.tensor(values, dtype=dtype)
        self.dtype = dtype
        self.layers = []
        for index in INDICES:
            if f"features.{index}.weight" not in tensors:
                break
            self.layers.append((tensor(tensors[f"features.{index}.weight"]),
                                tensor(tensors[f"features.{index}.bias"])))
        self.taps = {}
        for layer, name in enumerate(NAMES):
            if f"taps.{name}.weight" in tensors:
                self.taps[layer] = (tensor(tensors[f"taps.{name}.weight"]),
                                    tensor(tensors[f"taps.{name}.bias"]))
        self.bgr = metadata.get("color_order", "RGB") == "BGR"
        self.scale = float(metadata.get("scale", "1"))
        # Without a transform in the file it is torchvision's.
        known = "mean" in metadata
        self.mean = tensor(numbers("mean", "0.485,0.456,0.406")).view(1, 3, 1, 1)
        self.std = tensor(numbers("std", "1,1,1" if known else "0.229,0.224,0.225")).view(1, 3, 1, 1)
        self.pooling = metadata.get("pooling", "max")

    def widen(self, layer, y, watch):
        if layer not in self.taps:
            return y
        z = functional.conv2d(y, *self.taps[layer])
        if watch:
            watch(layer, z[0], True)
        return functional.relu(z)

    def features(self, x, layers, pooling, watch=None):
        """{layer: [C, H, W]} of x [3, H, W]; watch(layer, z) sees every convolution's output
        that a pooling may follow, watch(layer, z, True) that of a wide tap."""
        y = x.flip(0) if self.bgr else x
        y = (self.scale * y[None] - self.mean) / self.std
        pool = functional.max_pool2d if pooling == "max" else functional.avg_pool2d
        taps = {}
        for layer in range(max(layers) + 1):
            if layer in POOL_BEFORE:
                y = pool(y, 2)
            weight, bias = self.layers[layer]
            y = functional.pad(y, (1, 1, 1, 1), mode="constant" if layer else "replicate")
            z = functional.conv2d(y, weight, bias)
            if watch:
                watch(layer, z[0])
            y = functional.relu(z)
            if layer in layers:
                taps[layer] = self.widen(layer, y, watch)[0]
        return taps


def gram(features, covariance=False, guide=None):
    """guide: [H, W], squares sum to 1; by default the same everywhere."""
    f = features.flatten(1)
    if guide is None:
        guide = torch.full(features.shape[1:], features[0].numel() ** -0.5, dtype=features.dtype)
    guide = guide.flatten()
    if covariance:
        f = f - (f * guide ** 2).sum(1, keepdim=True)
    return (guide * f) @ (guide * f).T


def mean(features, guide=None):
    """[C], weighted by guide^2"""
    f = features.flatten(1)
    return f.mean(1) if guide is None else (f * guide.flatten() ** 2).sum(1)


def shrink(shares, layer):
    """[R, H, W] at the size of a layer."""
    for _ in range(sum(layer >= pool for pool in POOL_BEFORE)):
        shares = functional.avg_pool2d(shares[None], 2)[0]
    return shares


def guides(shares, layer):
    m = shrink(shares, layer)
    return (m / m.sum((1, 2), keepdim=True)).sqrt()


# ---- colors ------------------------------------------------------------------------------------

VARIANCE_MIN = 1e-4


def luminance(image):
    y = numpy.tensordot(numpy.array([0.299, 0.587, 0.114]), image.astype(numpy.float64), 1)
    return numpy.stack([y, y, y])


def symmetric_root(matrix, inverse):
    values, vectors = numpy.linalg.eigh(matrix)
    factor = numpy.maximum(values, VARIANCE_MIN) ** -0.5 if inverse else numpy.maximum(values, 0) ** 0.5
    return vectors @ numpy.diag(factor) @ vectors.T


def match_colors(style, content):
    s, c = (image.astype(numpy.float64).reshape(3, -1) for image in (style, content))
    transform = (symmetric_root(numpy.cov(c, bias=True), False)
                 @ symmetric_root(numpy.cov(s, bias=True), True))
    moved = transform @ (s - s.mean(1, keepdims=True)) + c.mean(1, keepdims=True)
    return numpy.clip(moved, 0, 1).reshape(style.shape)


def match_luminance(style, content):
    gain = content.std() / max(style.std(), VARIANCE_MIN ** 0.5)
    return numpy.clip(gain * (style - style.mean()) + content.mean(), 0, 1)


def color_images(color, content, styles):
    """Content and styles as the objective looks at them."""
    if color == "match":
        styles = [match_colors(style, content) for style in styles]
    if color == "luma":
        content = luminance(content)
        styles = [match_luminance(luminance(style), content) for style in styles]
    return content, styles


# ---- losses -------------------------------------------------------------------------------------

def relative_error(value, target):
    return ((value - target) ** 2).sum() / (target ** 2).sum().clamp(min=FLOOR)


def total_variation(x):
    dx, dy = x[:, :, 1:] - x[:, :, :-1], x[:, 1:, :] - x[:, :-1, :]
    count = dx.numel() + dy.numel()
    return ((dx ** 2).sum() + (dy ** 2).sum()) / count if count else x.sum() * 0


def normalized(weights):
    total = sum(weights)
    return [w / total for w in weights]


class Objective:
    """Images are [3, H, W] arrays; layers are lists of (name, weight); styles a list of (image,
    weight) or (image, weight, regions, shares): the regions meant, and [R, h, w] or None. weights
    are (content, style, tv); shares are the content's, or None."""

    def __init__(self, model, content, content_layers, styles, style_layers, weights,
                 pooling="model", stat="gram", shares=None, color="style"):
        self.model = model
        self.weights = weights
        self.pooling = model.pooling if pooling == "model" else pooling
        self.stat = stat
        self.content_layers = self._indexed(content_layers)
        self.style_layers = self._indexed(style_layers)
        self.taps = sorted(set(self.content_layers) | set(self.style_layers))
        self.shares = None if shares is None else self._tensor(shares)
        self.count = 1 if shares is None else len(shares)
        content, images = color_images(color, content, [style[0] for style in styles])
        everywhere = [tuple(style[1:]) if len(style) > 2 else (style[1], range(self.count), None)
                      for style in styles]
        with torch.no_grad():
            features = lambda image, layers: self.model.features(
                self._tensor(image), layers, self.pooling) if layers else {}
            self.content = features(content, self.content_layers)
            self.grams = {(layer, r): 0 for layer in self.style_layers for r in range(self.count)}
            self.means = dict(self.grams)
            blend = [sum(weight for weight, regions, _ in everywhere if r in regions)
                     for r in range(self.count)]
            for image, (weight, regions, parts) in zip(images, everywhere):
                for layer, f in features(image, self.style_layers).items():
                    for r in regions:
                        guide = None if parts is None else guides(self._tensor(parts), layer)[r]
                        share = weight / blend[r]
                        self.grams[layer, r] += share * gram(f, stat != "gram", guide)
                        self.means[layer, r] += share * mean(f, guide)

    def _tensor(self, array):
        return torch.tensor(numpy.asarray(array), dtype=self.model.dtype)

    @staticmethod
    def _indexed(layers):
        weights = normalized([weight for _, weight in layers])
        return {NAMES.index(name): weight for (name, _), weight in zip(layers, weights)}

    def _style(self, layer, features):
        if self.shares is None:
            return self._distance(layer, 0, features)
        area = shrink(self.shares, layer).mean((1, 2))
        return sum(area[r] * self._distance(layer, r, features, guide)
                   for r, guide in enumerate(guides(self.shares, layer)))

    def _distance(self, layer, r, features, guide=None):
        found, target = gram(features, self.stat != "gram", guide), self.grams[layer, r]
        if self.stat != "w2":
            return relative_error(found, target)
        # in double, whatever the features are in: roots lose half of the digits
        found, target = found.double(), target.double()
        means = self.means[layer, r].double()
        ridge = 3e-3 * target.trace() / len(target) * torch.eye(len(target), dtype=torch.double)
        values, vectors = torch.linalg.eigh(target + ridge)
        root = vectors * values.sqrt() @ vectors.T
        roots = torch.linalg.eigvalsh(root @ (found + ridge) @ root).clamp(min=1e-30).sqrt()
        distance = ((mean(features, guide).double() - means) ** 2).sum() + (
            (found + ridge).trace() + (target + ridge).trace() - 2 * roots.sum())
        return 0.7 * distance / ((means ** 2).sum() + target.trace())

    def losses(self, x):
        """(content, style, tv, total) of x, a tensor [3, H, W] or, of luminance, [1, H, W],
        differentiable."""
        x = x.expand(3, -1, -1)
        taps = self.model.features(x, self.taps, self.pooling) if self.taps else {}
        zero = x.sum() * 0
        content = sum((weight * relative_error(taps[layer], self.content[layer])
                       for layer, weight in self.content_layers.items()), zero)
        style = sum((weight * self._style(layer, taps[layer])
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
