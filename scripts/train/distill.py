#!/usr/bin/python3
"""Train the half-width VGG19 that nst is built with: see README.md beside this file.

    scripts/train/distill.py --images FOLDER --teacher VGG19.safetensors --output NEW.safetensors

On a CPU the same arguments give the same file. A run that was stopped goes on from
NEW.safetensors.checkpoint when started again with the same arguments.
"""

import argparse
import concurrent.futures
import os
import signal
import sys
import time

import numpy
import torch
import torch.nn.functional as functional

from losses import Rectifier, Regression, Window
from network import STRIDES, TAPS, Student, Teacher, channels_last, trunk, widen, write_safetensors
from optimizer import Optimizer
from painting import Easel
from pictures import Folder, Random, disturb

WIDTHS = (32, 32, 64, 64, 128, 128, 128, 128, 256, 256, 256, 256, 256)
# Of the taps' losses: about the inverse of what can be left unexplained; relu5_1 lags, so more.
WEIGHTS = {"relu1_1": 7.5, "relu2_1": 3, "relu3_1": 1.5, "relu4_1": 1, "relu4_2": 0.6, "relu5_1": 1}


def arguments():
    parser = argparse.ArgumentParser(description="Train the half-width VGG19 from its teacher.")
    path = dict(metavar="FILE", required=True)
    parser.add_argument("--images", metavar="FOLDER", required=True,
                        help="training pictures, photographs and paintings")
    parser.add_argument("--teacher", **path, help="the true VGG19, through conv5_1 or further")
    parser.add_argument("--init", metavar="FILE", help="a network to start from")
    parser.add_argument("--output", **path)
    parser.add_argument("--dtype", choices=("F16", "F32"), default="F16", help="of the file")
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--decay-steps", type=int, default=800,
                        help="at the end, over which the learning rate falls to zero")
    parser.add_argument("--minutes", type=float, metavar="M",
                        help="end after this time, whatever --steps says")
    parser.add_argument("--decay-minutes", type=float, metavar="M",
                        help="with --minutes, over which the rate falls then (default a fifth)")
    parser.add_argument("--learning-rate", type=float, default=2.2e-3)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--optimizer", choices=("muon", "adamw"), default="muon")
    parser.add_argument("--batch", type=int, default=4, help="blocks in a step")
    parser.add_argument("--block", type=int, default=4,
                        help="crops that are made together, a multiple of four (default 4)")
    parser.add_argument("--crop", type=int, default=128, help="pixels (default 128)")
    parser.add_argument("--pool", type=int, default=120, help="blocks of natural crops kept")
    parser.add_argument("--reuse", type=float, default=3, help="times that a natural block is used")
    parser.add_argument("--pairs", type=float, default=0.5,
                        help="share of natural crops that come with a disturbed copy")
    parser.add_argument("--difference-weight", type=float, default=0.2)
    parser.add_argument("--paint-from", type=int, default=800, metavar="STEP",
                        help="painted pictures are looked at from this step")
    parser.add_argument("--paint-every", type=int, default=8, metavar="STEPS")
    parser.add_argument("--paint-group", type=int, default=1, metavar="PICTURES",
                        help="that are painted together; four crops of each make whole blocks")
    parser.add_argument("--paint-pool", type=int, default=48, help="painted blocks kept")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=1,
                        help="of one operation: on a CPU that others use too, 1 wastes least")
    parser.add_argument("--workers", type=int, default=1,
                        help="threads that make natural crops (default 1); 0: the one that learns")
    parser.add_argument("--evaluate-every", type=int, default=100, metavar="STEPS")
    parser.add_argument("--checkpoint-every", type=int, default=200, metavar="STEPS",
                        help="0: never; then the model is written after each evaluation")
    return parser.parse_args()


class AtOnce:
    """In place of a pool of threads: what is submitted is done before anything else."""

    def submit(self, function, *values):
        future = concurrent.futures.Future()
        future.set_result(function(*values))
        return future


class Training:
    def __init__(self, args):
        self.args, self.begin = args, time.time()
        self.device = torch.device(args.device)
        self.dtype = torch.bfloat16
        self.folder = Folder(args.images, args.crop, self.device)
        self.teacher = Teacher(args.teacher, self.device, self.dtype)
        widths = [int(w) for w in args.widths.split(",")]
        self.student = Student(widths, self.teacher, self.device, args.init)
        self.average = [p.detach().clone() for p in self.student.parameters()]
        self.optimizer = Optimizer(self.student, args)
        self.random = numpy.random.default_rng(args.seed)
        self.step, self.elapsed, self.shown = 0, 0.0, {}
        self.units = self.measure_units()
        self.pool, self.painted = [], []
        self.ordered, self.credit = 0, 0.0  # natural blocks so far; and still to be ordered
        self.coming = []  # blocks under way: futures of (which pool, blocks)
        threads = lambda count: concurrent.futures.ThreadPoolExecutor(
            count, initializer=lambda: torch.set_flush_denormal(True))
        self.workers = threads(args.workers) if args.workers else AtOnce()
        self.painter = threads(1) if args.workers > 1 else self.workers
        self.easel = Easel(self.folder, self.teacher, args.crop, 12, args.paint_group,
                           Random(self.device, args.seed, 1))
        self.prepare_held_out()
        self.checkpoint = args.output + ".checkpoint"
        if os.path.exists(self.checkpoint):
            self.load()

    # What is learned from.

    def measure_units(self):
        """The teacher's root mean square per tap; predictions are in this unit."""
        random = Random(self.device, self.args.seed)
        squares = dict.fromkeys(TAPS, 0.0)
        for _ in range(16):
            x = self.folder.crops(random, 4, self.args.crop)
            features = self.teacher.features(self.teacher.input(x))
            for name, f in features.items():
                squares[name] += float(f.float().pow(2).mean()) / 16
        return {name: value ** 0.5 for name, value in squares.items()}

    # Other threads make blocks while the first one learns. What a step finds in the pools does not
    # depend on who is faster: blocks are ordered in one step and taken in the next.

    def order(self, step):
        """Have made what step `step` will look at for the first time."""
        args = self.args
        from_painted = 1 if step >= args.paint_from else 0
        self.credit += (args.batch - from_painted) / args.reuse
        count = int(self.credit)
        self.credit -= count
        if step == 0:
            count = min(args.pool, max(args.pool // 4, 2 * args.batch))
        for _ in range(count):
            self.coming.append(self.workers.submit(self.natural_block, self.ordered))
            self.ordered += 1
        if from_painted and step % args.paint_every == 0:
            with torch.no_grad():
                layers, taps = self.student.cast(self.dtype)
            layers = [(w.detach(), b.detach()) for w, b in layers]
            taps = {n: (w.detach(), b.detach()) for n, (w, b) in taps.items()}
            self.coming.append(self.painter.submit(self.painted_blocks, layers, taps))

    def take(self):
        """What was ordered goes into the pools."""
        for future in self.coming:
            kind, blocks = future.result()
            if kind == "natural":
                self.pool = (self.pool + blocks)[-self.args.pool:]
            else:
                self.painted = (self.painted + blocks)[-self.args.paint_pool:]
        self.coming = []

    def block(self, crops, window):
        """Crops with the teacher's features; of relu1_1 and relu2_1, where pixels are plenty, only
        a window of half the side."""
        x = self.teacher.input(crops)
        targets = {}
        for name, f in self.teacher.features(x).items():
            targets[name] = channels_last(self.look(name, f, window) / self.units[name])
        scales = {}
        for name, t in targets.items():
            change = t[0::2] - t[1::2]
            norms = torch.linalg.vector_norm(change, dim=(1, 2, 3), dtype=torch.float32) ** 2
            scales[name] = norms + 2e-3 * change[0].numel()
        return {"crops": crops, "x": x, "window": window, "targets": targets, "scales": scales}

    def look(self, name, features, window):
        if STRIDES[name] > 2:
            return features
        corner, side = self.window(name, window)
        return Window.apply(features, [corner], side)

    def window(self, name, window):
        stride = STRIDES[name]
        return [v // stride for v in window], self.args.crop // 2 // stride

    def some_window(self, random):
        return [2 * random.integer(self.args.crop // 4 + 1) for _ in range(2)]

    def natural_block(self, number):
        random, count = Random(self.device, self.args.seed, 2, number), self.args.block // 2
        first, second = self.folder.crops(random, 2 * count, self.args.crop).split(count)
        pair = random.chance(count, self.args.pairs)
        # changes of something disturbed, too
        first = torch.where(pair & random.chance(count, 0.3), disturb(random, first), first)
        second = torch.where(pair, disturb(random, first), second)
        crops = torch.stack((first, second), 1).flatten(0, 1)
        return "natural", [self.block(crops, self.some_window(random))]

    def painted_blocks(self, layers, taps):
        random, size = self.easel.random, self.args.crop
        content, style, before, after = self.easel.visit(layers, taps)
        room, blocks = content.shape[-1] - size, []
        for _ in range(2 if room else 1):
            example = torch.where(random.chance(len(content), 0.5), content, style)
            crops = []
            for other in (before, example):
                top, left = (random.integer(room + 1) for _ in range(2))
                crops += [x[..., top:top + size, left:left + size] for x in (other, after)]
            crops = torch.stack(crops, 1).flatten(0, 1)
            blocks += [self.block(block, self.some_window(random))
                       for block in crops.split(self.args.block)]
        return "painted", blocks

    def batch(self):
        """Blocks for this step, of the pools; the last of them is painted, if there are such."""
        args = self.args
        self.take()
        self.order(self.step + 1)
        painted = 1 if self.painted else 0
        chosen = [self.pool[i] for i in
                  self.random.choice(len(self.pool), args.batch - painted, replace=False)]
        if painted:
            chosen.append(self.painted[int(self.random.integers(len(self.painted)))])
        return chosen, painted

    # A step.

    def train_step(self):
        blocks, painted = self.batch()
        layers, taps = self.student.cast(self.dtype)
        x = torch.cat([b["x"] for b in blocks]) / 64
        loss = 0
        natural = (len(blocks) - painted) * self.args.block // 2  # pairs
        for name, f in trunk(channels_last(x), layers).items():
            if STRIDES[name] <= 2:
                windows = [self.window(name, b["window"]) for b in blocks]
                f = Window.apply(f, [corner for corner, _ in windows], windows[0][1])
            prediction = Rectifier.apply(functional.conv2d(f, *taps[name]))
            target = torch.cat([b["targets"][name] for b in blocks])
            scale = torch.cat([b["scales"][name] for b in blocks])
            value, square, differences = Regression.apply(
                prediction, target, scale, self.args.difference_weight)
            loss = loss + value * WEIGHTS[name]
            if self.step % 4 == 0:
                self.show(name[4:], square)
                self.show("d" + name[4:], differences[:natural].mean())
                if painted:
                    self.show("p" + name[4:], differences[natural:].mean())
        loss.backward()
        self.optimizer.step(self.rate())
        self.step += 1
        self.update_average()

    def rate(self):
        """Constant after a warm-up, falling to zero at the end."""
        args = self.args
        left = (args.steps - self.step) / args.decay_steps
        if args.minutes:
            falling = args.decay_minutes or 0.2 * args.minutes
            left = min(left, (args.minutes - self.elapsed / 60) / falling)
        return args.learning_rate * min(1, (self.step + 1) / 200) * max(0.0, min(1.0, left))

    def update_average(self, every=4):
        if self.step % every:
            return
        decay = min(0.997 ** every, self.step / (self.step + 10 * every))
        with torch.no_grad():
            torch._foreach_mul_(self.average, decay)
            torch._foreach_add_(self.average, [p.detach() for p in self.student.parameters()],
                                alpha=1 - decay)

    # How far it is.

    def show(self, name, value):
        value = value.detach().clone()
        self.shown[name] = torch.lerp(self.shown.get(name, value), value, 0.08)

    def prepare_held_out(self):
        """Batches of held-out crops, and the first of them disturbed, with the teacher's features;
        all in single precision."""
        crops = self.folder.held_out_crops(self.args.crop, 48)
        batches = list(crops.split(16))
        batches.append(disturb(Random("cpu", 1), batches[0]))
        teacher = Teacher(self.args.teacher, self.device, torch.float32)
        batches = [teacher.input(b.to(self.device)) for b in batches]
        *self.held_out, self.disturbed = [
            (x / 64, {n: f / self.units[n] for n, f in teacher.features(x).items()})
            for x in batches]

    @torch.no_grad()
    def evaluate(self):
        """-> per tap the share of held-out features, and of their changes when a picture is
        disturbed, that the averaged network leaves unexplained, in single precision"""
        current = [p.detach() for p in self.student.parameters()]
        kept = [p.clone() for p in current]
        for p, a in zip(current, self.average):
            p.copy_(a)
        layers, taps = self.student.cast(torch.float32)
        residuals = []
        for x, targets in self.held_out + [self.disturbed]:
            found = {n: widen(f, taps[n]) for n, f in trunk(x, layers).items()}
            residuals.append({n: found[n] - targets[n] for n in TAPS})
        for p, k in zip(current, kept):
            p.copy_(k)
        *residuals, disturbed = residuals
        energy = lambda tensors: sum(float((t ** 2).sum()) for t in tensors)
        unexplained, changes = {}, {}
        for n in TAPS:
            unexplained[n] = (energy(r[n] for r in residuals) /
                              energy(t[n] for _, t in self.held_out))
            changes[n] = (energy([residuals[0][n] - disturbed[n]]) /
                          energy([self.held_out[0][1][n] - self.disturbed[1][n]]))
        return unexplained, changes

    # Coming and going.

    def save(self):
        """A checkpoint, and the model so far; both replace their predecessors whole."""
        self.take()  # a step later it would come to the same
        keep = lambda blocks: [{k: b[k] for k in ("crops", "window")} for b in blocks]
        state = {
            "step": self.step, "elapsed": self.elapsed, "shown": self.shown,
            "credit": self.credit, "ordered": self.ordered, "student": [p.detach() for p in self.student.parameters()],
            "average": self.average, "optimizer": self.optimizer.state(),
            "pool": keep(self.pool), "painted": keep(self.painted), "groups": self.easel.groups,
            "random": [self.random.bit_generator.state, self.easel.random.state()],
        }
        torch.save(state, self.checkpoint + ".part")
        os.replace(self.checkpoint + ".part", self.checkpoint)
        self.export(self.args.output)

    def export(self, path):
        metadata = {"source": "nst: half-width VGG-19 with wide taps, distilled (see weights/README.md)",
                    "license": "MIT; teacher: VGG-19 (Simonyan and Zisserman, CC BY 4.0)",
                    **self.student.metadata(self.teacher)}
        tensors = dict(zip(self.student.names(), self.average))
        write_safetensors(path + ".part", tensors, metadata, self.args.dtype)
        os.replace(path + ".part", path)

    def load(self):
        state = torch.load(self.checkpoint, map_location=self.device)
        for name in ("step", "elapsed", "shown", "credit", "ordered", "average"):
            setattr(self, name, state[name])
        with torch.no_grad():
            for p, v in zip(self.student.parameters(), state["student"]):
                p.copy_(v)
        self.optimizer.restore(state["optimizer"])
        self.easel.groups = state["groups"]
        self.pool = [self.block(**b) for b in state["pool"]]
        self.painted = [self.block(**b) for b in state["painted"]]
        self.random.bit_generator.state, painting = state["random"]
        self.easel.random.restore(painting)
        print(f"goes on from step {self.step}", flush=True)

    def run(self):
        args = self.args
        stop = []
        signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
        first, begin, before = self.step, time.time(), self.elapsed
        spent = lambda: before + time.time() - self.begin  # reading the pictures included
        if self.step == 0:
            self.order(0)
        done = lambda: self.step >= args.steps or (
            args.minutes and self.elapsed >= 60 * args.minutes)
        while not done() and not stop:
            self.train_step()
            self.elapsed = spent()
            if self.step % 50 == 0:
                values = " ".join(f"{name} {float(v):.3f}" for name, v in self.shown.items())
                pace = (time.time() - begin) / (self.step - first)
                print(f"{time.strftime('%H:%M:%S')} step {self.step}/{args.steps} {values} "
                      f"rate {self.rate():.2g} {pace:.2f} s/step, "
                      f"{pace * (args.steps - self.step) / 60:.0f} min left", flush=True)
            if self.step % args.evaluate_every == 0 or done():
                unexplained, changes = self.evaluate()
                for what, values in (("unexplained", unexplained), ("of changes", changes)):
                    print(f"held out, {what}: " + " ".join(
                        f"{name} {value:.4f}" for name, value in values.items()), flush=True)
                if not args.checkpoint_every:
                    self.export(args.output)
            if args.checkpoint_every and self.step % args.checkpoint_every == 0:
                self.save()
        if args.checkpoint_every:
            self.save()
        return 0 if done() else 3


def main():
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.backends.cudnn.benchmark = True
    sys.exit(Training(args).run())


if __name__ == "__main__":
    main()
