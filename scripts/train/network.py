"""VGG19 of any width in PyTorch, its wide taps, and the safetensors files they come from."""

import json
import struct

import numpy
import torch
import torch.nn.functional as functional

# Convolutions in torchvision's numbering of VGG19.features up to conv5_1; a pooling precedes the
# first of every block but block 1.
INDICES = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28)
POOL_BEFORE = (2, 4, 8, 12)
# The layers that losses look at: name -> position in INDICES.
TAPS = {"relu1_1": 0, "relu2_1": 2, "relu3_1": 4, "relu4_1": 8, "relu4_2": 9, "relu5_1": 12}
STYLE_TAPS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT_TAP = "relu4_2"
STRIDES = {"relu1_1": 1, "relu2_1": 2, "relu3_1": 4, "relu4_1": 8, "relu4_2": 8, "relu5_1": 16}


def read_arrays(path, dtype=numpy.float32):
    """-> ({name: array}, metadata); tensors of other kinds than F16, BF16 and F32 are left out"""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        if entry["dtype"] == "BF16":  # the upper half of a float
            bits = numpy.frombuffer(data[begin:end], "<u2").astype("<u4") << 16
            values = bits.view("<f4")
        elif entry["dtype"] in ("F16", "F32"):
            values = numpy.frombuffer(data[begin:end], {"F16": "<f2", "F32": "<f4"}[entry["dtype"]])
        else:
            continue
        arrays[name] = values.astype(dtype).reshape(entry["shape"])
    return arrays, metadata


def read_safetensors(path):
    """-> ({name: float32 tensor}, metadata)"""
    arrays, metadata = read_arrays(path)
    return {name: torch.tensor(array) for name, array in arrays.items()}, metadata


def write_safetensors(path, tensors, metadata, dtype="F16"):
    """Tensors lie in the order given."""
    header, chunks, end = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        values = tensor.detach().cpu().contiguous().numpy()
        raw = values.astype({"F16": "<f2", "F32": "<f4"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape),
                        "data_offsets": [end, end + len(raw)]}
        chunks.append(raw)
        end += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def channels_last(x):
    return x.contiguous(memory_format=torch.channels_last)


def trunk(x, layers):
    """Pixels as the network wants them -> {tap: features}. `layers`: (weight, bias) in order."""
    at = {position: name for name, position in TAPS.items()}
    taps = {}
    for i, (weight, bias) in enumerate(layers):
        if i in POOL_BEFORE:
            x = functional.max_pool2d(x, 2)
        x = functional.relu_(functional.conv2d(x, weight, bias, padding=1))
        if i in at:
            taps[at[i]] = x
    return taps


def widen(features, tap):
    """A tap's 1x1 convolution and ReLU. `tap`: (weight, bias)"""
    return functional.relu_(functional.conv2d(features, *tap))


class Teacher:
    """The true VGG19. Its input is RGB, less `mean`, times 255; the student's is that over 64, a
    power of two, so that both see the same numbers when they are rounded to bf16."""

    def __init__(self, path, device, dtype):
        tensors, metadata = read_safetensors(path)
        bgr = metadata.get("color_order", "RGB") == "BGR"
        scale = float(metadata.get("scale", "1"))
        mean = [float(v) for v in metadata.get("mean", "0.485,0.456,0.406").split(",")]
        std = [float(v) for v in metadata.get(
            "std", "1,1,1" if "mean" in metadata else "0.229,0.224,0.225").split(",")]
        self.mean = torch.tensor(mean[::-1] if bgr else mean, device=device) / scale
        self.layers = []
        for i, index in enumerate(INDICES):
            if f"features.{index}.weight" not in tensors:
                raise SystemExit(f"{path}: no features.{index}.weight; a VGG19 through conv5_1 is "
                                 "needed")
            weight = tensors[f"features.{index}.weight"]
            if i == 0:
                weight = weight * (scale / 255 / torch.tensor(std)).view(1, 3, 1, 1)
                weight = weight.flip(1) if bgr else weight
            self.layers.append((channels_last(weight.to(device, dtype)),
                                tensors[f"features.{index}.bias"].to(device, dtype)))

    def input(self, x):
        """[N, 3, H, W] in [0,1] -> what `features` takes, and 64 times what the student takes."""
        return channels_last(((x - self.mean.view(1, 3, 1, 1)) * 255).to(self.layers[0][0].dtype))

    @torch.no_grad()
    def features(self, x):
        return trunk(x, self.layers)


class Student:
    """A narrow VGG19 trunk and, per tap, a 1x1 convolution to the teacher's channels. The masters
    are float32 and laid out as channels_last; `cast` gives what a step computes with."""

    def __init__(self, widths, teacher, device, init=None):
        self.trunk, self.taps, before = [], {}, 3
        for index, width in zip(INDICES, widths):
            weight = torch.randn(width, before, 3, 3) * (2 / (9 * before)) ** 0.5
            self.trunk.append([weight, torch.zeros(width)])
            before = width
        for name, position in TAPS.items():
            width, before = len(teacher.layers[position][0]), widths[position]
            self.taps[name] = [torch.randn(width, before, 1, 1) * before ** -0.5,
                               torch.zeros(width)]
        if init:
            self.assign(read_safetensors(init)[0])
        for pair in self.pairs():
            pair[0] = channels_last(pair[0].to(device)).requires_grad_()
            pair[1] = pair[1].to(device).requires_grad_()

    def pairs(self):
        return self.trunk + list(self.taps.values())

    def parameters(self):
        return [p for pair in self.pairs() for p in pair]

    def names(self):
        for index in INDICES:
            yield f"features.{index}.weight"
            yield f"features.{index}.bias"
        for name in TAPS:
            yield f"taps.{name}.weight"
            yield f"taps.{name}.bias"

    def tensors(self):
        return dict(zip(self.names(), self.parameters()))

    def assign(self, tensors):
        for name, value in tensors.items():
            mine = self.tensors()[name]
            if mine.shape != value.shape:
                raise SystemExit(f"{name} is {list(value.shape)}, expected {list(mine.shape)}")
            mine.data.copy_(value)

    def metadata(self, teacher):
        shortest = lambda value: str(numpy.float32(value))  # that reads back as the same float
        return {"color_order": "RGB", "scale": "1", "pooling": "max",
                "mean": ",".join(shortest(v) for v in teacher.mean.tolist()),
                "std": ",".join([shortest(64 / 255)] * 3)}

    def cast(self, dtype):
        """-> (layers, taps) in `dtype`, through which gradients reach the masters."""
        layers = [tuple(p.to(dtype) for p in pair) for pair in self.trunk]
        taps = {n: tuple(p.to(dtype) for p in pair) for n, pair in self.taps.items()}
        return layers, taps
