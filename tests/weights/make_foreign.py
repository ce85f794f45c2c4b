#!/usr/bin/env python3
"""Write small VGG weights in the formats that scripts/convert_weights.py reads, and compare what
became of them.

    make_foreign.py write FOLDER         every format that the installed packages can write; prints
                                         the names of the files, or SKIP and what is missing
    make_foreign.py compare FILE NETWORK ORDER DTYPE
                                         whether a safetensors file holds the same values

The layouts are written down here from the formats' own descriptions, not with the converter's code.
ORDER is that of the network's input channels; one set of values, whose first convolution wants
blue, green, red, serves all files: those for RGB hold it with the channels exchanged.
"""

import json
import os
import struct
import sys

import numpy

VGG19 = ["conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4",
         "conv4_1", "conv4_2", "conv4_3", "conv4_4", "conv5_1", "conv5_2", "conv5_3", "conv5_4"]
VGG16 = [name for name in VGG19 if name not in ("conv3_4", "conv4_4", "conv5_4")]
# torchvision's numbering: conv and ReLU count one each, a pooling after a block one.
WIDTHS = {"1": 4, "2": 6, "3": 8, "4": 10, "5": 12}


def numbers(names):
    found, at = [], 0
    for i, name in enumerate(names):
        found.append(at)
        at += 2 + (names[i + 1][4] != name[4] if i + 1 < len(names) else 0)
    return found


def values(names, order="BGR"):
    """{name: (weight [out, in, 3, 3], bias)}, the same each time."""
    random, channels, layers = numpy.random.RandomState(7), 3, {}
    for name in names:
        out = WIDTHS[name[4]]
        weight = random.standard_normal((out, channels, 3, 3)).astype(numpy.float32) / (3 * channels) ** 0.5
        layers[name] = weight, random.standard_normal(out).astype(numpy.float32) * 0.1
        channels = out
    if order == "RGB":
        first, bias = layers["conv1_1"]
        layers["conv1_1"] = first[:, ::-1].copy(), bias
    return layers


def write_pth(path, names, order, old):
    import collections
    import torch
    state = collections.OrderedDict()
    for number, (weight, bias) in zip(numbers(names), values(names, order).values()):
        state[f"features.{number}.weight"] = torch.nn.Parameter(torch.tensor(weight))
        state[f"features.{number}.bias"] = torch.tensor(bias)
    state["classifier.0.weight"] = torch.zeros(5, 7)
    state["classifier.0.bias"] = torch.zeros(5)
    torch.save(state, path, _use_new_zipfile_serialization=not old)


def write_h5(path, names, late):
    import h5py
    with h5py.File(path, "w") as file:
        for name, (weight, bias) in values(names).items():
            layer = f"block{name[4]}_conv{name[6]}"
            group = file.create_group(f"{layer}/{layer}" if late else layer)
            kernel = weight.transpose(2, 3, 1, 0)  # height, width, in, out
            group.create_dataset("kernel:0" if late else f"{layer}_W_1:0", data=kernel)
            group.create_dataset("bias:0" if late else f"{layer}_b_1:0", data=bias)
        file.create_group("block1_pool")
        file.attrs["layer_names"] = [b"input_1"]


def write_mat(path, names, late):
    import scipy.io
    layers = []
    for name, (weight, bias) in values(names, "RGB").items():
        kernel = weight.transpose(3, 2, 1, 0)  # width, height, in, out
        pair = numpy.empty((1, 2), object)
        pair[0, 0], pair[0, 1] = kernel, bias[None] if late else bias[:, None]
        layers.append({"type": "conv", "name": name, "weights": pair, "pad": [1, 1, 1, 1]} if late else
                      {"type": "conv", "name": name, "filters": kernel, "biases": pair[0, 1]})
        layers.append({"type": "relu", "name": "relu" + name[4:]})
    layers.append({"type": "conv", "name": "fc6", "weights": numpy.zeros((7, 7, 2, 2))})
    cells = numpy.empty((1, len(layers)), object)
    cells[0, :] = layers
    mean = numpy.array([123.68, 116.779, 103.939]).reshape(1, 1, 3)
    # The older file has a picture of means.
    normalization = {"averageImage": mean if late else numpy.tile(mean, (4, 4, 1))}
    content = {"meta": {"normalization": normalization}} if late else {"normalization": normalization}
    scipy.io.savemat(path, {"layers": cells, **content})


FILES = {
    "new-dcbb9e9d.pth": ("torch", lambda path: write_pth(path, VGG19, "RGB", False)),
    "old-dcbb9e9d.pth": ("torch", lambda path: write_pth(path, VGG19, "RGB", True)),
    "vgg16-397923af.pth": ("torch", lambda path: write_pth(path, VGG16, "RGB", True)),
    "style-d01eb7cb.pth": ("torch", lambda path: write_pth(path, VGG19, "BGR", True)),
    "unnamed.pth": ("torch", lambda path: write_pth(path, VGG19, "BGR", False)),
    "notop.h5": ("h5py", lambda path: write_h5(path, VGG19, False)),
    "late16.h5": ("h5py", lambda path: write_h5(path, VGG16, True)),
    "verydeep-19.mat": ("scipy", lambda path: write_mat(path, VGG19, True)),
    "verydeep-16.mat": ("scipy", lambda path: write_mat(path, VGG16, False)),
}


def write(folder):
    for name, (module, make) in FILES.items():
        try:
            __import__(module)
        except ImportError:
            print(f"SKIP: {name}: python3 has no {module}")
            continue
        make(os.path.join(folder, name))
        print(name)


def compare(path, network, order, dtype):
    names = {"VGG19": VGG19, "VGG16": VGG16}[network]
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__")
    expected = {}
    for number, pair in zip(numbers(names), values(names, order).values()):
        expected[f"features.{number}.weight"], expected[f"features.{number}.bias"] = pair
    assert metadata["color_order"] == order and metadata["pooling"] == "max", metadata
    assert sorted(header) == sorted(expected), sorted(header)
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        got = numpy.frombuffer(data[begin:end], {"F32": "<f4", "F16": "<f2"}[entry["dtype"]])
        assert entry["dtype"] == dtype and entry["shape"] == list(expected[name].shape), (name, entry)
        assert (got == expected[name].astype(got.dtype).ravel()).all(), name
    print(" ".join(f"{key} {metadata[key]}" for key in ("color_order", "scale", "mean", "std")
                   if key in metadata))


if __name__ == "__main__":
    {"write": write, "compare": compare}[sys.argv[1]](*sys.argv[2:])
