#!/usr/bin/env python3
"""Turn VGG19 or VGG16 weights of other programs into a safetensors file for nst.

    scripts/convert_weights.py IN OUT.safetensors [--input torchvision|caffe] [--dtype f32|f16]

IN is one of
    torchvision's .pth, in the old (pickle) or the new (zip) container       needs torch
    neural-style's .pth: torchvision's names, Oxford's values                needs torch
    Keras' ..._notop.h5                                                      needs h5py
    MatConvNet's imagenet-vgg-verydeep-{16,19}.mat                           needs scipy

The two kinds of .pth look the same from outside but want different input: torchvision's RGB in
[0,1], normalized; neural-style's BGR in 0..255 minus a mean, as in caffe. The published files are
known by their names (vgg19-dcbb9e9d.pth, vgg19-d01eb7cb.pth and so on); for others say --input.

All convolutions are kept; `nst weights import OUT.safetensors vgg19` installs what runs may need.
What the metadata mean is told in weights/README.md.
"""

import argparse
import json
import os
import struct
import sys
import tempfile

try:
    import numpy
except ImportError:
    sys.exit(f"{os.path.basename(sys.argv[0])}: needs numpy (Debian: python3-numpy)")

# Number of each convolution among torchvision's features, by block.
NETWORKS = {
    "VGG19": [[0, 2], [5, 7], [10, 12, 14, 16], [19, 21, 23, 25], [28, 30, 32, 34]],
    "VGG16": [[0, 2], [5, 7], [10, 12, 14], [17, 19, 21], [24, 26, 28]],
}

# Per channel, for pixels in 0..255.
OXFORD_MEAN_RGB = [123.68, 116.779, 103.939]
OXFORD_LICENSE = "CC BY 4.0"

TRANSFORMS = {
    "torchvision": {
        "color_order": "RGB", "scale": "1", "mean": "0.485,0.456,0.406", "std": "0.229,0.224,0.225",
    },
    "caffe": {"color_order": "BGR", "scale": "255", "mean": "103.939,116.779,123.68"},
}

# The part of a published file's name that is the beginning of its SHA-256.
KNOWN_PTH = {
    "dcbb9e9d": "torchvision", "397923af": "torchvision",
    "d01eb7cb": "caffe", "00b39a1b": "caffe",
}


class Problem(Exception):
    """One line for the user."""


def need(module, package):
    try:
        return __import__(module)
    except ImportError:
        raise Problem(f"this format needs {module} (Debian: {package})") from None


def reason(error):
    return (str(error).splitlines() or [type(error).__name__])[0]


# ---- readers: {(block, number): (weight [out, in, 3, 3], bias [out])}, metadata ------------------


def read_pth(path, chosen):
    torch = need("torch", "python3-torch")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds
        raise Problem(f"not a state dict that torch reads: {reason(error)}") from None
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not isinstance(state, dict):
        raise Problem(f"expected a state dict, got {type(state).__name__}")
    if "features.1.running_mean" in state:
        raise Problem("has batch normalization: expected the plain VGG19 or VGG16")

    known = [kind for part, kind in KNOWN_PTH.items() if part in os.path.basename(path)]
    kind = chosen or (known[0] if known else None)
    if not kind:
        raise Problem("torchvision's values or neural-style's? The tensors have the same names;"
                      " say --input torchvision or --input caffe")

    network = "VGG16" if "features.17.weight" in state else "VGG19"
    layers = {}
    for block, numbers in enumerate(NETWORKS[network], 1):
        for i, number in enumerate(numbers, 1):
            tensors = [state.get(f"features.{number}.{part}") for part in ("weight", "bias")]
            if all(tensor is not None for tensor in tensors):
                layers[block, i] = tuple(tensor.detach().float().numpy() for tensor in tensors)
    metadata = dict(TRANSFORMS[kind])
    if kind == "torchvision":
        metadata.update(source=f"torchvision's {network}, {os.path.basename(path)}",
                        license="BSD-3-Clause")
    else:
        metadata.update(source=f"{network} of Oxford (Simonyan and Zisserman 2014) by way of"
                               f" neural-style, {os.path.basename(path)}",
                        license=OXFORD_LICENSE)
    return layers, metadata


def read_h5(path, _):
    h5py = need("h5py", "python3-h5py")
    layers = {}

    def visit(name, item):
        # block1_conv1/block1_conv1_W_1:0, or block1_conv1/block1_conv1/kernel:0 in later ones
        group = name.split("/")[-2] if "/" in name else ""
        if not isinstance(item, h5py.Dataset) or not group.startswith("block"):
            return
        try:
            block, number = (int(part) for part in group[len("block"):].split("_conv"))
        except ValueError:
            return
        values = numpy.asarray(item, numpy.float32)
        pair = layers.setdefault((block, number), [None, None])
        if values.ndim == 4:
            pair[0] = values.transpose(3, 2, 0, 1)  # HWIO
        elif values.ndim == 1:
            pair[1] = values

    try:
        with h5py.File(path, "r") as file:
            file.visititems(visit)
    except Exception as error:  # h5py raises many kinds
        raise Problem(f"not an HDF5 file that h5py reads: {reason(error)}") from None
    layers = {key: tuple(pair) for key, pair in layers.items() if pair[0] is not None and pair[1] is not None}
    return layers, dict(TRANSFORMS["caffe"], license=OXFORD_LICENSE,
                        source=f"VGG of Oxford (Simonyan and Zisserman 2014) by way of Keras,"
                               f" {os.path.basename(path)}")


def field(record, *names):
    """The first of these fields that a MATLAB struct has, out of its cells of one."""
    for name in names:
        if name in (record.dtype.names or ()):
            value = record[name]
            while value.dtype == object and value.size == 1:
                value = value.item()
            return value
    return None


def read_mat(path, _):
    need("scipy", "python3-scipy")
    import scipy.io
    try:
        content = scipy.io.loadmat(path)
    except Exception as error:  # scipy raises many kinds
        raise Problem(f"not a MATLAB file that scipy reads: {reason(error)}") from None
    if "layers" not in content:
        raise Problem("expected a MatConvNet network, which has layers")
    layers = {}
    for cell in content["layers"].ravel():
        record = cell[0, 0]
        name = str(field(record, "name").ravel()[0])
        parts = name.removeprefix("conv").split("_")
        if not name.startswith("conv") or len(parts) != 2:
            continue
        weights = field(record, "weights")
        if weights is not None:
            kernel, bias = weights.ravel()
        else:
            kernel, bias = field(record, "filters"), field(record, "biases")
        # [width, height, in, out] -> [height, width, in, out] -> OIHW
        kernel = numpy.asarray(kernel, numpy.float32).transpose(1, 0, 2, 3).transpose(3, 2, 0, 1)
        layers[int(parts[0]), int(parts[1])] = kernel, numpy.asarray(bias, numpy.float32).ravel()

    mean = OXFORD_MEAN_RGB
    for name in ("meta", "normalization"):
        holder = content.get(name)
        if holder is not None and name == "meta":
            holder = field(holder, "normalization")
        if holder is not None:
            average = field(holder, "averageImage")
            if average is not None and average.size and average.shape[-1] == 3:
                mean = average.reshape(-1, 3).mean(0).tolist()
                break
    return layers, {"color_order": "RGB", "scale": "255", "license": OXFORD_LICENSE,
                    "mean": ",".join(f"{value:.9g}" for value in mean),
                    "source": f"VGG of Oxford (Simonyan and Zisserman 2014) by way of MatConvNet,"
                              f" {os.path.basename(path)}"}


def reader_of(path):
    with open(path, "rb") as file:
        head = file.read(512)
    if head.startswith(b"MATLAB 7.3"):
        raise Problem("a MATLAB 7.3 file; save it as version 7")
    if head.startswith(b"\x89HDF"):
        return read_h5
    if head.startswith(b"MATLAB"):
        return read_mat
    if head.startswith(b"PK\x03\x04") or head.startswith(b"\x80\x02"):
        return read_pth
    if head[8:9] == b"{":
        raise Problem("is a safetensors file already; nst takes it as it is")
    raise Problem("expected a .pth, .h5 or .mat file")


# ---- the result ----------------------------------------------------------------------------------


def arrange(layers):
    """-> network, [(torchvision's name, array)], with every shape checked."""
    if (1, 1) not in layers:
        raise Problem("no convolutions of a VGG network found")
    deep = [key for key in layers if key[1] == 4]
    # Up to the third block the two are the same.
    network = "VGG19" if deep or max(layers)[0] < 4 else "VGG16"
    expected = [(block, i) for block, numbers in enumerate(NETWORKS[network], 1)
                for i in range(1, len(numbers) + 1)]
    if sorted(layers) != expected[:len(layers)]:
        missing = next(key for key in expected if key not in layers)
        raise Problem("conv%d_%d is missing: expected the plain VGG19 or VGG16" % missing)
    tensors, channels = [], 3
    for block, i in expected[:len(layers)]:
        weight, bias = layers[block, i]
        if weight.ndim != 4 or weight.shape[1:] != (channels, 3, 3) or bias.shape != weight.shape[:1]:
            raise Problem(f"conv{block}_{i}: expected [out,{channels},3,3] and [out], got"
                          f" {list(weight.shape)} and {list(bias.shape)}")
        for part, values in (("weight", weight), ("bias", bias)):
            if not numpy.isfinite(values).all():
                raise Problem(f"conv{block}_{i}: a {part} is not finite")
            tensors.append((f"features.{NETWORKS[network][block - 1][i - 1]}.{part}", values))
        channels = weight.shape[0]
    return network, tensors


def write_safetensors(path, tensors, metadata, dtype):
    kind = {"f32": "<f4", "f16": "<f2"}[dtype]
    header, chunks, end = {"__metadata__": metadata}, [], 0
    for name, values in tensors:
        with numpy.errstate(over="ignore"):
            values = numpy.ascontiguousarray(values, kind)
        if not numpy.isfinite(values).all():
            raise Problem(f"{name}: a value is too large for {dtype}")
        chunks.append(values.tobytes())
        header[name] = {"dtype": dtype.upper(), "shape": list(values.shape),
                        "data_offsets": [end, end + values.nbytes]}
        end += values.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    # Whole or not at all.
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)), prefix=".convert-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for chunk in chunks:
                file.write(chunk)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="IN")
    parser.add_argument("output", metavar="OUT")
    parser.add_argument("--input", choices=sorted(TRANSFORMS), help="what a .pth was trained for")
    parser.add_argument("--dtype", choices=["f32", "f16"], default="f32")
    options = parser.parse_args()
    try:
        reader = reader_of(options.file)
        if options.input and reader is not read_pth:
            raise Problem("--input: only a .pth leaves that open")
        try:
            layers, metadata = reader(options.file, options.input)
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError):
            raise Problem("the format is known, what is in it is not: expected a VGG network") from None
        network, tensors = arrange(layers)
        metadata["pooling"] = "max"
        write_safetensors(options.output, tensors, metadata, options.dtype)
    except Problem as problem:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {options.file}: {problem}")
    except OSError as error:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {error.filename or options.output}: {error.strerror}")
    print(f"{options.output}: {network}, {len(tensors) // 2} convolutions, {options.dtype},"
          f" input {metadata['color_order']} times {metadata['scale']}")


if __name__ == "__main__":
    main()
