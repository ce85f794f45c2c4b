"""Pictures on their way towards a style through the student as it is at the time. What they have
come to look like is what the student must be corrected on: an optimizer finds every pattern that
the student mistakes for style."""

import numpy
import torch
import torch.nn.functional as functional

from network import CONTENT_TAP, STYLE_TAPS, channels_last, trunk, widen

EVALUATIONS = 20  # of L-BFGS in a visit
VISITS = (2, 4)  # at half the size, then at the full one


def rows(features):
    """[1, C, H, W], channels last in memory, -> [H W, C], a row per pixel"""
    return features.permute(0, 2, 3, 1).flatten(0, 2)


def gram(features):
    f = rows(features)
    return (f.T @ f).float() / len(f)


def resize(x, size):
    return functional.interpolate(x[None], (size, size), mode="bicubic", align_corners=False,
                                  antialias=True)[0].clamp(0, 1)


class Easel:
    """A few pictures being painted, each at its own stage."""

    def __init__(self, folder, teacher, size, count, random):
        self.folder, self.teacher, self.size, self.random = folder, teacher, size, random
        self.slots = [self.fresh() for _ in range(count)]

    def fresh(self):
        random, large = self.random, 2 * self.size
        content, style = (self.folder.crop(random, large) for _ in range(2))
        weights = numpy.exp(3 * (random.random(len(STYLE_TAPS)) - 0.5))  # each may rule
        return {"content": content, "style": style, "visits": 0,
                "image": resize(content, self.size), "before": None,
                "weights": (weights / weights.sum()).tolist(),
                "content_weight": float(numpy.exp(random.uniform(numpy.log(0.005),
                                                                 numpy.log(0.5)))),
                "tv": float(random.uniform(0, 0.3)) if random.random() < 0.3 else 0.0}

    def visit(self, layers, taps):
        """Advance a picture. -> its content, its style, before and after, all of one size"""
        index = int(self.random.integers(len(self.slots)))
        slot = self.slots[index]
        if slot["visits"] == VISITS[0]:
            slot["image"] = resize(slot["image"], 2 * self.size)
        size = slot["image"].shape[1]
        content, style = (resize(slot[key], size) for key in ("content", "style"))
        before = slot["image"]
        slot["image"] = self.paint(slot, before, content, style, layers, taps)
        slot["visits"] += 1
        if slot["visits"] == sum(VISITS):
            self.slots[index] = self.fresh()
        return content, style, before, slot["image"]

    def features(self, x, layers, taps):
        x = self.teacher.input(x[None]) / 64
        return {name: widen(f, taps[name]) for name, f in trunk(x, layers).items()}

    def paint(self, slot, x, content, style, layers, taps):
        device = self.teacher.mean.device
        with torch.no_grad():
            grams = {n: gram(f) for n, f in
                     self.features(style.to(device), layers, taps).items() if n in STYLE_TAPS}
            scene = self.features(content.to(device), layers, taps)[CONTENT_TAP].float()
        point = x.to(device).clone().requires_grad_(True)
        optimizer = torch.optim.LBFGS([point], max_iter=EVALUATIONS, max_eval=EVALUATIONS,
                                      history_size=10, tolerance_grad=0, tolerance_change=0)

        def closure():
            found = self.features(point, layers, taps)
            loss = slot["content_weight"] * ((found[CONTENT_TAP].float() - scene) ** 2).sum() / (
                (scene ** 2).sum())
            for weight, name in zip(slot["weights"], STYLE_TAPS):
                difference = gram(found[name]) - grams[name]
                loss = loss + weight * (difference ** 2).sum() / (grams[name] ** 2).sum()
            loss = loss + slot["tv"] * sum((point.diff(dim=axis) ** 2).mean() for axis in (1, 2))
            (gradient,) = torch.autograd.grad(loss, point)
            point.grad = gradient.contiguous()
            return loss

        optimizer.step(closure)
        return torch.nan_to_num(point.detach().cpu(), 0.5).clamp(0, 1)
