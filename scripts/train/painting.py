"""Pictures on their way towards a style through the student as it is at the time. What they have
come to look like is what the student must be corrected on: an optimizer finds every pattern that
the student mistakes for style."""

import math

import torch
import torch.nn.functional as functional

from network import CONTENT_TAP, STYLE_TAPS, trunk, widen

EVALUATIONS = 20  # of L-BFGS in a visit
VISITS = (2, 4)  # at the size of crops, then at one and a half of it


def gram(features):
    """[N, C, H, W] -> [N, C, C]"""
    f = features.flatten(2)
    return (f @ f.transpose(1, 2)).float() / f.shape[2]


def resize(x, size):
    return functional.interpolate(x, (size, size), mode="bicubic", align_corners=False,
                                  antialias=True).clamp(0, 1)


def total(x):
    """Per picture of [N, ...]; [N, 1, 1, 1]"""
    return x.flatten(1).sum(1).view(-1, 1, 1, 1)


def minimize(gradient, x, evaluations, history=10):
    """L-BFGS on every picture of a batch by itself; the first step is 1/|g| in the norm of sums at
    most, the others are whole. Pairs without curvature are passed over."""
    g = gradient(x)
    direction, step = -g, (1 / total(g.abs())).clamp(max=1)
    scale, pairs = torch.ones_like(step), []
    for _ in range(evaluations - 1):
        s = step * direction
        x = x + s
        before, g = g, gradient(x)
        y = g - before
        curvature = total(s * y)
        bent = curvature > 1e-10
        inverse = torch.where(bent, 1 / curvature, torch.zeros_like(curvature))
        scale = torch.where(bent, curvature / total(y * y), scale)
        pairs = (pairs + [(s, y, inverse)])[-history:]
        direction, parts = -g, []
        for s, y, inverse in reversed(pairs):
            parts.append(inverse * total(s * direction))
            direction = direction - parts[-1] * y
        direction = scale * direction
        for (s, y, inverse), part in zip(pairs, reversed(parts)):
            direction = direction + (part - inverse * total(y * direction)) * s
        step = torch.ones_like(step)
    return x


class Easel:
    """Groups of `count` pictures being painted, each group at its own stage."""

    def __init__(self, folder, teacher, size, groups, count, random):
        self.folder, self.teacher, self.size = folder, teacher, size
        self.count, self.random = count, random
        self.groups = [self.fresh() for _ in range(groups)]

    def fresh(self):
        random, count, large = self.random, self.count, 3 * self.size // 2
        content, style = (self.folder.crops(random, count, large) for _ in range(2))
        weights = torch.exp(3 * (random.uniform(count, len(STYLE_TAPS)) - 0.5))  # each may rule
        smooth = random.chance(count, 0.3) * random.each(count, 0, 0.3)
        return {"content": content, "style": style, "visits": 0,
                "image": resize(content, self.size),
                "weights": weights / weights.sum(1, keepdim=True), "tv": smooth.flatten(),
                "content_weight": torch.exp(
                    random.each(count, math.log(0.005), math.log(0.5))).flatten()}

    def visit(self, layers, taps):
        """Advance a group. -> its contents, styles, pictures before and after, all of one size"""
        index = self.random.integer(len(self.groups))
        group = self.groups[index]
        if group["visits"] == VISITS[0]:
            group["image"] = resize(group["image"], 3 * self.size // 2)
        size = group["image"].shape[-1]
        content, style = (resize(group[key], size) for key in ("content", "style"))
        before = group["image"]
        group["image"] = self.paint(group, before, content, style, layers, taps)
        group["visits"] += 1
        if group["visits"] == sum(VISITS):
            self.groups[index] = self.fresh()
        return content, style, before, group["image"]

    def features(self, x, layers, taps):
        x = self.teacher.input(x) / 64
        return {name: widen(f, taps[name]) for name, f in trunk(x, layers).items()}

    def paint(self, group, x, content, style, layers, taps):
        with torch.no_grad():
            found = self.features(style, layers, taps)
            grams = {n: gram(found[n]) for n in STYLE_TAPS}
            scene = self.features(content, layers, taps)[CONTENT_TAP].float()

        def square(difference, reference):
            return total(difference ** 2).flatten() / total(reference ** 2).flatten()

        def gradient(x):
            point = x.detach().requires_grad_(True)
            with torch.enable_grad():
                found = self.features(point, layers, taps)
                loss = group["content_weight"] * square(found[CONTENT_TAP].float() - scene, scene)
                for i, name in enumerate(STYLE_TAPS):
                    loss = loss + group["weights"][:, i] * square(gram(found[name]) - grams[name],
                                                                  grams[name])
                for axis in (2, 3):
                    loss = loss + group["tv"] * (point.diff(dim=axis) ** 2).mean((1, 2, 3))
                return torch.autograd.grad(loss.sum(), point)[0].contiguous()

        x = minimize(gradient, x, EVALUATIONS)
        return torch.nan_to_num(x, nan=0.5).clamp(0, 1)
