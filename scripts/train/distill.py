#!/usr/bin/python3
"""Train the slim VGG19 that nst is built with: see README.md beside this file.

    scripts/train/distill.py --images FOLDER --teacher VGG19.safetensors \
        --deep-teacher ENCODER.safetensors [--init SLIM.safetensors] --output NEW.safetensors

The same arguments on the same machine give the same file. A run that was stopped goes on from
NEW.safetensors.checkpoint when started again with the same arguments.
"""

import argparse
import copy
import math
import os
import time

import torch
import torch.nn.functional as functional

from network import (DeepTeacher, MEAN, STD, TAPS, TEACHER_WIDTHS, WIDTHS, Vgg, read_safetensors,
                     write_safetensors)
from pictures import Folder, Pool, chance, disturb, gram, gram_distances

METADATA = {
    "source": "nst: slim VGG-19, distilled (see weights/README.md)",
    "license": "MIT; teachers: VGG-19 (Simonyan and Zisserman, CC BY), "
               "Collaborative Distillation (Wang et al. 2020, MIT)",
    "color_order": "RGB",
    "scale": "1",
    "mean": ",".join(map(str, MEAN)),
    "std": ",".join(map(str, STD)),
}


def arguments():
    parser = argparse.ArgumentParser(description="Train the slim VGG19 from its teachers.")
    path = dict(metavar="FILE", required=True)
    parser.add_argument("--images", metavar="FOLDER", required=True,
                        help="training pictures, photographs and paintings")
    parser.add_argument("--teacher", **path, help="a VGG19, complete or its first convolutions")
    parser.add_argument("--deep-teacher", metavar="FILE",
                        help="an encoder with heads, for the layers that the teacher lacks")
    parser.add_argument("--init", metavar="FILE", help="a slim VGG19 to start from")
    parser.add_argument("--output", **path)
    parser.add_argument("--dtype", choices=("F16", "F32"), default="F16")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--learning-rate", type=float, default=5e-4)
    parser.add_argument("--weight-decay", type=float, default=0.1)
    parser.add_argument("--gradient-weight", type=float, default=1.0,
                        help="of matching the teacher's gradients (default 1)")
    parser.add_argument("--pooling", choices=("max", "avg"), default="max")
    parser.add_argument("--crop", type=int, default=128, help="pixels (default 128)")
    parser.add_argument("--pool", type=int, default=16, help="on-policy pictures (default 16)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-every", type=int, default=100, metavar="STEPS")
    return parser.parse_args()


class Teachers:
    """Features at all five taps; gradients only at those that a real VGG19 gives."""

    def __init__(self, path, deep_path):
        self.real = Vgg(*read_safetensors(path)).requires_grad_(False)
        self.exact = sum(tap < len(self.real.layers) for tap in TAPS)
        self.deep = DeepTeacher(read_safetensors(deep_path)[0]) if deep_path else None
        if self.exact < len(TAPS) and not self.deep:
            raise SystemExit(f"{path} ends before relu5_1: it takes a --deep-teacher besides")
        self.rms = None

    def features(self, x):
        taps = self.real.features(x)
        if self.exact < len(TAPS):
            with torch.no_grad():
                taps += self.deep.features(x)[self.exact:]
        return taps


class Student(torch.nn.Module):
    """The slim network, and per tap a 1x1 layer that predicts the teacher's features from its own
    and is thrown away afterwards."""

    def __init__(self, pooling, init):
        super().__init__()
        self.net = Vgg(read_safetensors(init)[0] if init else None, pooling=pooling)
        self.heads = torch.nn.ModuleList(
            torch.nn.Linear(WIDTHS[tap], width) for tap, width in zip(TAPS, TEACHER_WIDTHS))

    def predict(self, features, rms):
        return [functional.relu(head(f)) * r for head, f, r in zip(self.heads, features, rms)]

    @torch.no_grad()
    def fit_heads(self, teachers, batches):
        """Heads by least squares, and teachers.rms, the root mean square of each tap."""
        moments = [0] * len(TAPS)
        for x in batches:
            for i, (f, t) in enumerate(zip(self.net.features(x), teachers.features(x))):
                rows = torch.cat([f, torch.ones_like(f[:, :, :1]), t], 2).flatten(0, 1).double()
                moments[i] = moments[i] + rows.T @ rows / (len(rows) * len(batches))
        teachers.rms = []
        for head, moment in zip(self.heads, moments):
            inputs = head.in_features + 1
            rms = float(moment[inputs:, inputs:].diagonal().mean().sqrt())
            teachers.rms.append(rms)
            ridge = 1e-4 * moment[:inputs, :inputs].diagonal().mean() * torch.eye(inputs).double()
            solution = torch.linalg.solve(moment[:inputs, :inputs] + ridge, moment[:inputs, inputs:])
            solution = (solution / rms).float()
            head.weight.copy_(solution[:-1].T)
            head.bias.copy_(solution[-1])


def some_pixels(features, targets, most=1024):
    """The same random pixels of both, per tap: enough to compare by."""
    pairs = []
    for f, t in zip(features, targets):
        chosen = torch.randperm(f.shape[1])[:most]
        pairs.append((f[:, chosen], t[:, chosen]))
    return zip(*pairs)


def prediction_loss(student, features, targets, rms):
    """Per tap: squared error of the predicted features over the teacher's mean square, and 0.2 of
    the same for Gram matrices."""
    loss = 0
    for p, t, r in zip(student.predict(features, rms), targets, rms):
        loss = loss + ((p - t) ** 2).mean() / r ** 2
        loss = loss + 0.2 * gram_distances([p], [gram(t)])[0].mean()
    return loss


def metric_loss(features, targets):
    """Per tap: 1 - <K, K'> / (|K| |K'|), where K are the inner products of the features at all
    pairs of pixels, the student's and the teacher's. Distances of Gram matrices are sums over
    exactly these products, and the student's Gram matrices are of its own features, without the
    heads. <K, K'> = |F^T F'|^2, so K is never formed."""
    loss = 0
    for f, t in zip(features, targets):
        f, t = f.flatten(0, 1), t.flatten(0, 1)
        loss = loss + 1 - ((f.T @ t) ** 2).sum() / ((f.T @ f).norm() * (t.T @ t).norm())
    return loss


def style_gradients(features, style_features, x, keep_graph):
    """Per tap the gradient with respect to x of the relative style loss, [N, 3 H W]."""
    result = []
    for f, s in zip(features, style_features):
        loss = gram_distances([f], [gram(s)])[0].sum()
        (g,) = torch.autograd.grad(loss, x, create_graph=keep_graph, retain_graph=True)
        result.append(g.flatten(1))
    return result


def gradient_loss(ours, theirs):
    """Relative squared error of the gradients, through a logarithm: x near its style has a small
    gradient and would count for too much. Also the mean cosine per tap."""
    loss, cosines = 0, []
    for g, t in zip(ours, theirs):
        error = ((g - t) ** 2).sum(1) / (t ** 2).sum(1).clamp(min=1e-20)
        loss = loss + torch.log1p(error).mean()
        cosines.append(float(functional.cosine_similarity(g, t).mean().detach()))
    return loss, cosines


class Training:
    def __init__(self, args):
        self.args = args
        self.folder = Folder(args.images, args.crop)
        self.teachers = Teachers(args.teacher, args.deep_teacher)
        self.student = Student(args.pooling, args.init)
        self.optimizer = torch.optim.AdamW(
            [{"params": self.student.net.parameters()},
             {"params": self.student.heads.parameters(), "factor": 2.0}],
            lr=args.learning_rate, betas=(0.9, 0.99), weight_decay=args.weight_decay)
        self.checkpoint = args.output + ".checkpoint"
        self.step = 0
        self.shown = {}
        if os.path.exists(self.checkpoint):
            self.load()
            return
        batches = [torch.cat([self.folder.crop(args.crop) for _ in range(4)]) for _ in range(24)]
        self.student.fit_heads(self.teachers, batches)
        self.average = copy.deepcopy(self.student.net).requires_grad_(False)
        self.pool = Pool(self.folder, args.crop, args.pool)

    def batch(self):
        """Two pictures that optimisation has made, two natural ones; and a style for each."""
        made, made_styles = self.pool.visit(self.student.net, 2)
        natural = [self.folder.crop(self.args.crop) for _ in range(2)]
        natural = torch.cat([disturb(x) if chance(0.5) else x for x in natural])
        return torch.cat([made, natural]), torch.cat([made_styles, made_styles])

    def train_step(self):
        args, student, teachers = self.args, self.student, self.teachers
        progress = self.step / args.steps
        rate = args.learning_rate * min(1, (self.step + 1) / 50) * (
            0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group.get("factor", 1)

        x, styles = self.batch()
        x.requires_grad_(True)
        distinct = styles[:2]
        features, style_features = student.net.features(x), student.net.features(distinct)
        targets = teachers.features(x)
        with torch.no_grad():
            style_targets = teachers.features(distinct)
        exact = teachers.exact
        twice = lambda taps: [torch.cat([t, t]) for t in taps[:exact]]
        theirs = style_gradients(targets[:exact], twice(style_targets), x, False)
        ours = style_gradients(features[:exact], twice(style_features), x, True)

        both = [torch.cat(pair) for pair in zip(features, style_features)]
        both_targets = [torch.cat([a.detach(), b]) for a, b in zip(targets, style_targets)]
        both, both_targets = some_pixels(both, both_targets)
        prediction = prediction_loss(student, both, both_targets, teachers.rms)
        metric = metric_loss(both, both_targets)
        gradient, cosines = gradient_loss(ours, theirs)
        loss = prediction + metric + args.gradient_weight * gradient
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 2.0)
        self.optimizer.step()

        self.step += 1
        decay = min(0.99, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for a, p in zip(self.average.parameters(), student.net.parameters()):
                a.lerp_(p, 1 - decay)
        self.show(prediction=prediction, metric=metric, gradient=gradient,
                  **{f"cos{i + 1}": c for i, c in enumerate(cosines)})

    def show(self, **values):
        """Running means of what the progress line shows."""
        for name, value in values.items():
            value = float(value)
            self.shown[name] = 0.97 * self.shown.get(name, value) + 0.03 * value

    def save(self):
        """A checkpoint, and the model so far; both replace their predecessors whole."""
        state = {
            "step": self.step, "shown": self.shown, "rms": self.teachers.rms,
            "student": self.student.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "slots": self.pool.slots,
            "random": torch.get_rng_state(),
        }
        torch.save(state, self.checkpoint + ".part")
        os.replace(self.checkpoint + ".part", self.checkpoint)
        part = self.args.output + ".part"
        write_safetensors(part, self.average.tensors(),
                          {**METADATA, "pooling": self.args.pooling}, self.args.dtype)
        os.replace(part, self.args.output)

    def load(self):
        state = torch.load(self.checkpoint)
        self.step, self.shown, self.teachers.rms = state["step"], state["shown"], state["rms"]
        self.student.load_state_dict(state["student"])
        self.average = copy.deepcopy(self.student.net).requires_grad_(False)
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.pool = Pool(self.folder, self.args.crop, self.args.pool)
        self.pool.slots = state["slots"]
        torch.set_rng_state(state["random"])

    def run(self):
        first, begin = self.step, time.time()
        while self.step < self.args.steps:
            self.train_step()
            if self.step % self.args.checkpoint_every == 0 or self.step == self.args.steps:
                self.save()
            if self.step % 10 == 0 or self.step == self.args.steps:
                seconds = (time.time() - begin) / (self.step - first)
                values = "  ".join(f"{name} {value:.3f}" for name, value in self.shown.items())
                print(f"step {self.step}/{self.args.steps}  {values}  {seconds:.2f} s/step, "
                      f"{seconds * (self.args.steps - self.step) / 60:.0f} min left", flush=True)


def main():
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    torch.use_deterministic_algorithms(True)
    Training(args).run()


if __name__ == "__main__":
    main()
