"""Natural pictures: a folder in memory, crops of it, and what may be done to a crop. Everything works
on batches of crops, [N, 3, size, size] in [0,1], on the device that trains."""

import concurrent.futures
import math
import os

import numpy
import torch
import torch.nn.functional as functional
from PIL import Image

SHORTEST, LONGEST = 256, 384  # of a picture that is kept: shrunk to the one, then cut to the other


class Random:
    """Random numbers, all of them from one seed: tensors on the device, and single numbers that
    shapes depend on."""

    def __init__(self, device, *seed):
        self.numbers = numpy.random.default_rng(seed)
        self.generator = torch.Generator(device)
        self.generator.manual_seed(int(self.numbers.integers(2 ** 62)))

    def number(self, low, high):
        return float(self.numbers.uniform(low, high))

    def integer(self, end):
        return int(self.numbers.integers(end))

    def uniform(self, *shape):
        return torch.rand(shape, generator=self.generator, device=self.generator.device)

    def normal(self, *shape):
        return torch.randn(shape, generator=self.generator, device=self.generator.device)

    def each(self, count, low=0.0, high=1.0):
        """A number for each of `count` crops, [count, 1, 1, 1]."""
        return low + (high - low) * self.uniform(count, 1, 1, 1)

    def chance(self, count, share):
        return self.each(count) < share

    def state(self):
        return self.numbers.bit_generator.state, self.generator.get_state()

    def restore(self, state):
        self.numbers.bit_generator.state = state[0]
        self.generator.set_state(state[1].cpu())


def read(file, smallest, shortest=SHORTEST):
    """-> uint8 [height, width, 3], or None where there is no picture of that size"""
    try:
        with Image.open(file) as image:
            if min(image.size) < smallest:
                return None
            image = image.convert("RGB")
    except OSError:
        return None
    shrink = max(smallest, shortest) / min(image.size)
    if shrink < 1:
        image = image.resize([round(n * shrink) for n in image.size], Image.LANCZOS)
    left, top = (max(0, n - LONGEST) // 2 for n in image.size)
    return numpy.asarray(image)[top:top + LONGEST, left:left + LONGEST]


class Folder:
    """All pictures of a folder, in the order of their names; every 23rd is held out. The others lie
    on the device, each in a corner of a square that its own edges fill."""

    def __init__(self, path, smallest, device):
        files = [os.path.join(path, name) for name in sorted(os.listdir(path))]
        with concurrent.futures.ThreadPoolExecutor() as readers:
            pictures = [p for p in readers.map(lambda f: read(f, smallest), files) if p is not None]
        if len(pictures) < 24:
            raise SystemExit(f"{path}: expected at least 24 pictures of {smallest} pixels or more")
        self.held_out = pictures[::23]
        pictures = [p for i, p in enumerate(pictures) if i % 23]
        squares = torch.empty((len(pictures), 3, LONGEST, LONGEST), dtype=torch.uint8)
        for square, picture in zip(squares, pictures):
            rest = [(0, LONGEST - n) for n in picture.shape[:2]]
            filled = numpy.pad(picture, rest + [(0, 0)], mode="edge")
            square.copy_(torch.from_numpy(filled).permute(2, 0, 1))
        self.squares = squares.to(device)
        self.sizes = torch.tensor([p.shape[:2] for p in pictures], dtype=torch.float32, device=device)

    def held_out_crops(self, size, count):
        """The middles of held-out pictures."""
        crops = []
        for picture in self.held_out[:count]:
            top, left = ((n - size) // 2 for n in picture.shape[:2])
            crops.append(torch.tensor(picture[top:top + size, left:left + size]).permute(2, 0, 1))
        return torch.stack(crops).float() / 255

    def plain_crops(self, random, count, size):
        """Any picture, anywhere, shrunk to a half or enlarged to 1.3, either way round, now and then
        upside down."""
        index = (random.uniform(count) * len(self.squares)).long()
        height, width = self.sizes[index].unbind(1)
        largest = torch.minimum(height, width).clamp(max=2 * size)
        smallest = largest.clamp(max=size / 1.3)
        side = smallest * (largest / smallest) ** random.uniform(count)
        middles = [(n - side) * random.uniform(count) + side / 2 for n in (width, height)]
        turns = [torch.where(random.uniform(count) < share, -side, side) for share in (0.5, 0.1)]
        squares = self.squares[index].float() / 255

        def sample(points):
            offsets = (torch.arange(points, device=side.device) + 0.5) / points - 0.5
            x, y = (middle[:, None] + turn[:, None] * offsets for middle, turn in zip(middles, turns))
            shape = (count, points, points)
            grid = torch.stack((x[:, None, :].expand(shape), y[:, :, None].expand(shape)), dim=-1)
            return functional.grid_sample(squares, grid * 2 / LONGEST - 1, mode="bicubic",
                                          padding_mode="border", align_corners=False)

        shrunk = functional.avg_pool2d(sample(2 * size), 2)
        return torch.where((side > 1.15 * size).view(-1, 1, 1, 1), shrunk, sample(size)).clamp_(0, 1)

    def crops(self, random, count, size):
        """Plain crops, now and then with another shining through, with their colors exchanged, their
        contrast changed, or a color cast."""
        x = self.plain_crops(random, count, size)
        one = torch.ones((count, 1, 1, 1), device=x.device)
        share = torch.where(random.chance(count, 0.08), random.each(count, 0.2, 0.8), one)
        x = share * x + (1 - share) * x.roll(1, 0)
        order = torch.argsort(random.uniform(count, 3), dim=1).view(count, 3, 1, 1)
        straight = torch.arange(3, device=x.device).view(1, 3, 1, 1)
        order = torch.where(random.chance(count, 0.2), order, straight)
        x = x.gather(1, order.expand_as(x))
        changed = random.chance(count, 0.3)
        gain = torch.where(changed, random.each(count, 0.5, 1.5), one)
        middle = torch.where(changed, random.each(count, 0.35, 0.65), 0.5 * one)
        x = (x - 0.5) * gain + middle
        cast = torch.where(random.chance(count, 0.1), 0.6 + 0.8 * random.uniform(count, 3, 1, 1), one)
        return (x * cast).clamp_(0, 1)


def coarser(x, divisor):
    """Shrunk to a `divisor`th, and enlarged again."""
    size = x.shape[-1]
    small = functional.interpolate(x, (max(1, int(size / divisor)),) * 2, mode="area")
    return functional.interpolate(small, (size, size), mode="bilinear", align_corners=False)


def weave(random, count, size):
    """A tile of 2 to 4 pixels repeated, as pooling leaves it behind."""
    period = 2 + (3 * random.uniform(count)).long()
    at = torch.arange(size, device=period.device)[None] % period[:, None]
    tile = random.normal(count, 3, 4, 4)
    picture = torch.arange(count, device=at.device).view(-1, 1, 1, 1)
    channel = torch.arange(3, device=at.device).view(1, -1, 1, 1)
    pattern = tile[picture, channel, at[:, None, :, None], at[:, None, None, :]]
    return pattern - pattern.mean((1, 2, 3), keepdim=True)


def disturb(random, x):
    """What a picture under optimization may carry: white noise, coarser noise, a weave, all over or in
    patches; or the picture blurred."""
    count, size = len(x), x.shape[-1]
    kind = random.each(count)
    white = random.normal(count, 3, size, size)
    white = torch.where(random.chance(count, 0.3), white[:, :1], white)
    divisor = random.number(1.3, 6)
    small = random.normal(count, 3, int(size / divisor), int(size / divisor))
    coarse = functional.interpolate(small, (size, size), mode="bilinear", align_corners=False)
    noise = torch.where(kind < 0.55, white,
                        torch.where(kind < 0.75, coarse, weave(random, count, size)))
    patches = functional.interpolate(1.5 * random.uniform(count, 1, 5, 5), (size, size),
                                     mode="bilinear", align_corners=False)
    noise = torch.where(random.chance(count, 0.4), noise * patches, noise)
    amount = torch.exp(random.each(count, math.log(0.01), math.log(0.12)))
    return torch.where(kind < 0.15, coarser(x, random.number(1.5, 4)),
                       (x + amount * noise).clamp_(0, 1))
