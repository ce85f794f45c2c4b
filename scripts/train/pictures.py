"""Natural pictures: a folder in memory, crops of it, and what may be done to a crop."""

import os

import numpy
import torch
import torch.nn.functional as functional
from PIL import Image


class Folder:
    """All pictures of a folder, in the order of their names; every 23rd is held out. They are
    decoded when they are first looked at, and then kept."""

    def __init__(self, path, smallest):
        files = []
        for name in sorted(os.listdir(path)):
            file = os.path.join(path, name)
            try:
                with Image.open(file) as image:
                    if min(image.size) >= smallest:
                        files.append(file)
            except OSError:
                continue
        if len(files) < 24:
            raise SystemExit(f"{path}: expected at least 24 pictures of {smallest} pixels or more")
        self.held_out = files[::23]
        self.files = [file for i, file in enumerate(files) if i % 23]
        self.images = {}

    def image(self, file):
        if file not in self.images:
            with Image.open(file) as image:
                self.images[file] = image.convert("RGB")
        return self.images[file]

    def held_out_crops(self, size, count):
        """The middles of held-out pictures, [count, 3, size, size] in [0,1]."""
        crops = []
        for image in map(self.image, self.held_out[:count]):
            left, top = ((n - size) // 2 for n in image.size)
            crops.append(to_tensor(image.crop((left, top, left + size, top + size))))
        return torch.stack(crops)

    def crop(self, random, size):
        """[3, size, size] in [0,1]: any picture, anywhere, shrunk to a half or enlarged to 1.3,
        either way round, now and then upside down, with its colors exchanged, its contrast
        changed or another picture shining through."""
        x = self.plain_crop(random, size)
        if random.random() < 0.08:
            share = random.uniform(0.2, 0.8)
            x = share * x + (1 - share) * self.plain_crop(random, size)
        if random.random() < 0.2:
            x = x[torch.from_numpy(random.permutation(3))]
        if random.random() < 0.3:
            x = (x - 0.5) * random.uniform(0.5, 1.5) + random.uniform(0.35, 0.65)
        if random.random() < 0.1:
            x = x * torch.from_numpy(random.uniform(0.6, 1.4, (3, 1, 1)).astype(numpy.float32))
        return x.clamp_(0, 1)

    def plain_crop(self, random, size):
        image = self.image(self.files[random.integers(len(self.files))])
        width, height = image.size
        largest = min(min(width, height), 2 * size)
        smallest = min(size / 1.3, largest)
        side = min(largest, smallest * (largest / smallest) ** random.random())
        left, top = random.uniform(0, width - side), random.uniform(0, height - side)
        box = (left, top, left + side, top + side)
        x = to_tensor(image.resize((size, size), Image.BICUBIC, box=box))
        if random.random() < 0.5:
            x = x.flip(2)
        if random.random() < 0.1:
            x = x.flip(1)
        return x


def to_tensor(image):
    pixels = numpy.asarray(image).astype(numpy.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)


def normal(random, *shape):
    return torch.from_numpy(random.standard_normal(shape, numpy.float32))


def disturb(random, x):
    """What a picture under optimization may carry: white noise, noise of some width, or the weave
    that pooling leaves behind (a tile of 2 to 4 pixels repeated), all over or in patches; or the
    picture blurred."""
    size = x.shape[1]
    kind = random.random()
    amount = float(numpy.exp(random.uniform(numpy.log(0.01), numpy.log(0.12))))
    if kind < 0.15:
        coarse = int(size / random.uniform(1.5, 4))
        return functional.interpolate(
            functional.interpolate(x[None], (coarse, coarse), mode="area"), (size, size),
            mode="bilinear", align_corners=False)[0]
    if kind < 0.55:
        noise = normal(random, 3 if random.random() < 0.7 else 1, size, size)
    elif kind < 0.75:
        coarse = int(size / random.uniform(1.3, 6))
        noise = functional.interpolate(normal(random, 1, 3, coarse, coarse), (size, size),
                                       mode="bilinear", align_corners=False)[0]
    else:
        period = int(random.integers(2, 5))
        times = -(-size // period)
        tile = normal(random, 3, period, period)
        noise = (tile - tile.mean()).repeat(1, times, times)[:, :size, :size]
    if random.random() < 0.4:
        patches = torch.from_numpy(random.random((1, 1, 5, 5), numpy.float32))
        noise = noise * 1.5 * functional.interpolate(patches, (size, size), mode="bilinear",
                                                     align_corners=False)[0]
    return (x + amount * noise).clamp(0, 1)
