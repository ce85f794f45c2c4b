#!/usr/bin/env python3
"""Write tests/fixtures/similarity.golden: PSNR, SSIM, largest and mean difference of picture pairs.

    tests/torch/make_similarity.py

PSNR and SSIM are those of scikit-image; where a side is too short for it SSIM is that of the loop
below, which is held to scikit-image on all other pairs. Each line is
    seed width height kind amount psnr ssim largest mean
A is problem.seeded_image(seed), B is made of it as pair() says, in whole levels; so does
tests/unit/test_similarity.c."""

import os

import numpy
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from problem import random_bits, seeded_image

PAIRS = [
    (1, 131, 97, "noise", 3), (2, 131, 97, "noise", 40), (3, 64, 48, "offset", 7),
    (4, 97, 53, "shift", 1), (5, 50, 120, "other", 0), (6, 40, 40, "flat", 128),
    (7, 11, 11, "noise", 10), (8, 11, 40, "noise", 20), (9, 200, 12, "contrast", 50),
    (10, 33, 31, "noise", 1), (11, 7, 5, "noise", 20), (12, 1, 30, "noise", 30),
]


def pair(seed, width, height, kind, amount):
    a = numpy.rint(seeded_image(seed, width, height) * 255).astype(int)
    if kind == "noise":
        bits = random_bits(seed, numpy.arange(a.size)) >> numpy.uint64(40)
        b = a + (bits.astype(int) % (2 * amount + 1) - amount).reshape(a.shape)
    elif kind == "offset":
        b = a + amount
    elif kind == "shift":
        b = numpy.roll(a, -amount, axis=2)
    elif kind == "other":
        b = numpy.rint(seeded_image(seed + 100, width, height) * 255).astype(int)
    elif kind == "flat":
        b = numpy.full_like(a, amount)
    elif kind == "contrast":
        b = 128 + (a - 128) * amount // 100
    return a.transpose(1, 2, 0).astype(float), b.clip(0, 255).transpose(1, 2, 0).astype(float)


def window(side):
    x = numpy.arange(min(side, 11))
    g = numpy.exp(-(x - x.mean()) ** 2 / (2 * 1.5 ** 2))
    return g / g.sum()


def ssim_by_loop(a, b):
    gy, gx = window(a.shape[0]), window(a.shape[1])
    w = numpy.outer(gy, gx)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = []
    for c in range(3):
        for y in range(a.shape[0] - len(gy) + 1):
            for x in range(a.shape[1] - len(gx) + 1):
                p, q = (i[y:y + len(gy), x:x + len(gx), c] for i in (a, b))
                mp, mq = (w * p).sum(), (w * q).sum()
                vp, vq = (w * (p - mp) ** 2).sum(), (w * (q - mq) ** 2).sum()
                cov = (w * (p - mp) * (q - mq)).sum()
                values.append((2 * mp * mq + c1) * (2 * cov + c2)
                              / ((mp * mp + mq * mq + c1) * (vp + vq + c2)))
    return numpy.mean(values)


path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "similarity.golden")
with open(path, "w") as file:
    for row in PAIRS:
        a, b = pair(*row)
        ssim = ssim_by_loop(a, b)
        if min(row[1:3]) >= 11:
            known = structural_similarity(a, b, gaussian_weights=True, sigma=1.5, data_range=255,
                                          use_sample_covariance=False, channel_axis=2)
            assert abs(known - ssim) < 1e-9, (row, known, ssim)
            ssim = known
        psnr = peak_signal_noise_ratio(a, b, data_range=255)
        print(*row, f"{psnr:.12g} {ssim:.12g} {abs(a - b).max():.12g} {abs(a - b).mean():.12g}",
              file=file)
