"""VGG19 of any width in PyTorch, its teachers, and the safetensors files they come from."""

import json
import struct

import numpy
import torch
import torch.nn.functional as functional

# Convolutions in torchvision's numbering of VGG19.features up to conv5_1; a pooling precedes the
# first of every block but block 1.
INDICES = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28)
BLOCKS = (2, 2, 4, 4, 1)
POOL_BEFORE = (2, 4, 8, 12)
WIDTHS = (16, 16, 32, 32, 64, 64, 64, 64, 128, 128, 128, 128, 128)
# The layers that style losses look at, by position in INDICES: relu1_1, relu2_1 ... relu5_1.
TAPS = (0, 2, 4, 8, 12)
TEACHER_WIDTHS = (64, 128, 256, 512, 512)

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def read_safetensors(path):
    """-> ({name: float32 tensor}, metadata)"""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in ("F16", "F32"):
            raise SystemExit(f"{path}: {name} is {entry['dtype']}, expected F16 or F32")
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], {"F16": "<f2", "F32": "<f4"}[entry["dtype"]])
        tensors[name] = torch.tensor(values.astype(numpy.float32)).reshape(entry["shape"])
    return tensors, metadata


def write_safetensors(path, tensors, metadata, dtype="F16"):
    """Tensors lie in the order given."""
    header, chunks, end = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        raw = tensor.detach().numpy().astype({"F16": "<f2", "F32": "<f4"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape),
                        "data_offsets": [end, end + len(raw)]}
        chunks.append(raw)
        end += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def rows(y):
    """[N, C, H, W], channels last in memory, -> [N, H W, C], a row per pixel"""
    return y.permute(0, 2, 3, 1).flatten(1, 2)


class Vgg(torch.nn.Module):
    """The convolutions of VGG19 up to conv5_1, or as many as `tensors` has."""

    def __init__(self, tensors=None, metadata=None, pooling="max"):
        super().__init__()
        metadata = metadata or {}
        self.layers = torch.nn.ModuleList()
        before = 3
        for index, width in zip(INDICES, WIDTHS):
            if tensors is not None:
                if f"features.{index}.weight" not in tensors:
                    break
                width = len(tensors[f"features.{index}.weight"])
            layer = torch.nn.Conv2d(before, width, 3, padding=1)
            if tensors is not None:
                layer.weight.data = tensors[f"features.{index}.weight"].clone()
                layer.bias.data = tensors[f"features.{index}.bias"].clone()
            else:
                torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                torch.nn.init.zeros_(layer.bias)
            self.layers.append(layer)
            before = width
        self.to(memory_format=torch.channels_last)
        self.pool = {"max": functional.max_pool2d, "avg": functional.avg_pool2d}[
            metadata.get("pooling", pooling)]
        self.bgr = metadata.get("color_order", "RGB") == "BGR"
        self.scale = float(metadata.get("scale", "1"))
        row = lambda key, default: torch.tensor(
            [float(v) for v in metadata[key].split(",")] if key in metadata else default
        ).view(1, 3, 1, 1)
        self.mean = row("mean", MEAN)
        self.std = row("std", (1.0, 1.0, 1.0) if "mean" in metadata else STD)

    def features(self, x, last=TAPS[-1]):
        """[N, 3, H, W] in [0,1] -> one [N, h w, C] per tap, as far as layer `last`."""
        y = ((x.flip(1) if self.bgr else x) * self.scale - self.mean) / self.std
        y = y.contiguous(memory_format=torch.channels_last)
        taps = []
        for i, layer in enumerate(self.layers[:last + 1]):
            if i in POOL_BEFORE:
                y = self.pool(y, 2)
            y = functional.relu(layer(y))
            if i in TAPS:
                taps.append(rows(y))
        return taps

    def tensors(self):
        result = {}
        for index, layer in zip(INDICES, self.layers):
            result[f"features.{index}.weight"] = layer.weight
            result[f"features.{index}.bias"] = layer.bias
        return result


class DeepTeacher:
    """The encoder of Wang et al. 2020, for the taps that a truncated VGG19 does not reach: a slim
    network with reflection padding and 1x1 heads to VGG19's own channels."""

    def __init__(self, tensors):
        self.t = tensors

    def _conv(self, name, x, pad=0):
        x = functional.pad(x, (pad,) * 4, mode="reflect") if pad else x
        return functional.conv2d(x, self.t[name + ".weight"], self.t[name + ".bias"])

    def features(self, x):
        y, taps = self._conv("conv0", x).contiguous(memory_format=torch.channels_last), []
        for block, count in enumerate(BLOCKS, 1):
            if block > 1:
                y = functional.max_pool2d(y, 2)
            for i in range(1, count + 1):
                y = functional.relu(self._conv(f"conv{block}{i}", y, pad=1))
                if i == 1:
                    name = f"conv{block}{i}_aux"
                    taps.append(functional.relu(functional.linear(
                        rows(y), self.t[name + ".weight"].flatten(1), self.t[name + ".bias"])))
        return taps
