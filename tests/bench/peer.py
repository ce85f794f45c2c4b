"""The same iteration in PyTorch, answering the same requests as iteration.c:

    peer.py WEIGHTS SIZE THREADS

VGG19 to relu5_1, five Gram matrices, content at relu4_2, total variation, backward to the pixels,
Adam step: float32, batch of one, oneDNN as PyTorch chooses.
"""
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, __file__.rsplit("/", 3)[0] + "/scripts/train")
from network import read_arrays  # noqa: E402

LAYERS = ["0", "2", "P", "5", "7", "P", "10", "12", "14", "16", "P", "19", "21", "23", "25", "P", "28"]
STYLE, CONTENT = {"0", "5", "10", "19", "28"}, "21"
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def main():
    path, size, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    arrays, _ = read_arrays(path)
    weights = {k: (torch.from_numpy(arrays[f"features.{k}.weight"]),
                   torch.from_numpy(arrays[f"features.{k}.bias"]))
               for k in LAYERS if k != "P"}

    def features(x):
        x = (x - MEAN) / STD
        for k in LAYERS:
            if k == "P":
                x = F.max_pool2d(x, 2)
                continue
            x = F.relu(F.conv2d(x, *weights[k], padding=1), inplace=True)
            if k in STYLE:
                f = x.flatten(2)[0]
                yield k, f @ f.t() / f.shape[1]
            if k == CONTENT:
                yield "content", x

    def paint(phase):
        c, y, x = torch.meshgrid(torch.arange(3.), torch.arange(float(size)), torch.arange(float(size)),
                                 indexing="ij")
        image = 0.5 + 0.3 * torch.sin(0.05 * x + phase + c) * torch.cos(0.07 * y * phase) \
            + 0.1 * torch.sin(12.9898 * x + 78.233 * y + phase)
        return image[None]

    content, style = paint(0.3), paint(1.7)
    with torch.no_grad():
        target = {k: v for k, v in features(style) if k != "content"}
        wanted = dict(features(content))["content"].clone()
        norms = {k: (v ** 2).sum() for k, v in target.items()}
        norm = (wanted ** 2).sum()
    image = content.clone().requires_grad_(True)
    adam = torch.optim.Adam([image], lr=0.02, betas=(0.9, 0.99))

    def iterate():
        adam.zero_grad(set_to_none=True)
        loss = 0.1 * (((image[..., 1:] - image[..., :-1]) ** 2).mean()
                      + ((image[..., 1:, :] - image[..., :-1, :]) ** 2).mean()) / 2
        for k, v in features(image):
            if k == "content":
                loss = loss + 0.04 * ((v - wanted) ** 2).sum() / norm
            else:
                loss = loss + 0.2 * ((v - target[k]) ** 2).sum() / norms[k]
        loss.backward()
        adam.step()
        with torch.no_grad():
            image.clamp_(0, 1)

    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            iterate()
        print(f"{(time.perf_counter() - start) * 1e3:.3f}", flush=True)


if __name__ == "__main__":
    main()
