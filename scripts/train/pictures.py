"""Training pictures: crops of natural images, and images that optimisation has made."""

import os

import numpy
import torch
import torch.nn.functional as functional
from PIL import Image

EVALUATIONS = 10  # of L-BFGS per visit to a picture
VISITS = 6  # after which a picture gives place to a new one


def uniform(low, high):
    return low + (high - low) * float(torch.rand(()))


def chance(p):
    return float(torch.rand(())) < p


def resize(x, height, width):
    return functional.interpolate(x, (height, width), mode="bicubic", align_corners=False,
                                  antialias=True).clamp(0, 1)


class Folder:
    """All pictures of a folder, in memory, in the order of their names."""

    def __init__(self, path, smallest):
        self.images = []
        for name in sorted(os.listdir(path)):
            try:
                with Image.open(os.path.join(path, name)) as image:
                    pixels = numpy.array(image.convert("RGB"))
            except OSError:
                continue
            if min(pixels.shape[:2]) >= smallest:
                self.images.append(torch.from_numpy(pixels).permute(2, 0, 1).contiguous())
        if not self.images:
            raise SystemExit(f"{path}: no picture of at least {smallest} pixels")

    def crop(self, size):
        """[1, 3, size, size]: any picture, anywhere, at any scale that covers the crop, either
        way round; sometimes with its colours exchanged or its contrast changed."""
        image = self.images[int(torch.randint(len(self.images), ()))][None] / 255.0
        height, width = image.shape[2:]
        shrink = uniform(size / min(height, width), 1)
        side = min(round(size / shrink), height, width)
        top, left = (int(torch.randint(n - side + 1, ())) for n in (height, width))
        x = resize(image[:, :, top:top + side, left:left + side], size, size)
        if chance(0.5):
            x = x.flip(3)
        if chance(0.2):
            x = x[:, torch.randperm(3)]
        if chance(0.3):
            x = ((x - 0.5) * uniform(0.5, 1.5) + uniform(0.3, 0.7)).clamp(0, 1)
        return x


def disturb(x):
    """White noise, or the weave that pooling leaves behind: a random tile of 2 to 4 pixels
    repeated all over, or in patches."""
    amount = uniform(0.01, 0.12)
    if chance(0.5):
        return (x + amount * torch.randn_like(x)).clamp(0, 1)
    size, period = x.shape[2], int(torch.randint(2, 5, ()))
    tile = torch.randn(1, 3, period, period)
    times = -(-size // period)
    weave = (tile - tile.mean()).repeat(1, 1, times, times)[:, :, :size, :size]
    if chance(0.5):
        weave = weave * resize(torch.rand(1, 1, 4, 4), size, size)
    return (x + amount * weave).clamp(0, 1)


def gram(features):
    """[N, pixels, C] -> [N, C, C]"""
    return torch.stack([f.T @ f for f in features]) / features.shape[1]


def gram_distances(features, targets):
    """|G - A|^2 / |A|^2 of every image, one vector per tap."""
    return [((gram(f) - a) ** 2).sum((1, 2)) / (a ** 2).sum((1, 2)) for f, a in
            zip(features, targets)]


def paint(student, x, style, taps, tv, evaluations):
    """Pull x [1, 3, H, W] towards `style` through the student: L-BFGS on the tool's own
    objective, without the content term."""
    point = x.clone().requires_grad_(True)
    with torch.no_grad():
        targets = [gram(f) for f in student.features(style)]
    optimizer = torch.optim.LBFGS([point], max_iter=evaluations, max_eval=evaluations,
                                  history_size=evaluations, tolerance_grad=0, tolerance_change=0)

    def closure():
        distances = gram_distances(student.features(point), targets)
        loss = sum(w * d.sum() for w, d in zip(taps, distances))
        loss = loss + tv * sum((point.diff(dim=axis) ** 2).mean() for axis in (2, 3))
        (gradient,) = torch.autograd.grad(loss, point)
        point.grad = gradient.contiguous()
        return loss

    optimizer.step(closure)
    return torch.nan_to_num(point.detach(), 0.5).clamp(0, 1)


class Pool:
    """Pictures on their way towards a style through the student as it is at the time. What they
    have come to look like is what the student must be corrected on: an optimiser finds every
    pattern that the student mistakes for style."""

    def __init__(self, folder, size, count):
        self.folder, self.size = folder, size
        self.slots = [self._fresh() for _ in range(count)]
        for i, slot in enumerate(self.slots):  # not all of one age
            slot["visits"] = i % VISITS

    def _fresh(self):
        x = self.folder.crop(self.size)
        if chance(0.5):  # as it comes from a coarser scale
            x = resize(resize(x, self.size // 2, self.size // 2), self.size, self.size)
        taps = torch.exp(4 * (torch.rand(5) - 0.5))  # each may rule
        return {"image": x, "style": self.folder.crop(self.size), "visits": 0,
                "taps": (taps / taps.sum()).tolist(), "tv": uniform(0, 0.3) if chance(0.5) else 0}

    def visit(self, student, count):
        """Advance one picture; -> `count` pictures, it among them, and their styles."""
        chosen = torch.randperm(len(self.slots))[:count].tolist()
        slot = self.slots[chosen[0]]
        if slot["visits"] >= VISITS:
            slot = self.slots[chosen[0]] = self._fresh()
        slot["image"] = paint(student, slot["image"], slot["style"], slot["taps"], slot["tv"],
                              EVALUATIONS)
        slot["visits"] += 1
        slots = [self.slots[i] for i in chosen]
        return torch.cat([s["image"] for s in slots]), torch.cat([s["style"] for s in slots])
