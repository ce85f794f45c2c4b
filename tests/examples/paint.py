"""A picture in the style of another, from Python: paint.py LIBRARY CONTENT STYLE OUTPUT [NAME=VALUE...]

Pictures are binary PPM files here; any NumPy array of shape (height, width, 3) will do. Ctrl-C ends
with what was reached. Names and values are those of nst_options_set."""
import concurrent.futures
import ctypes as c
import signal
import sys

import numpy as np


def struct(names):  # of nst.h; the fields marked by # are int, the others pointers or sizes
    fields = [(name.strip("#"), c.c_int if "#" in name else c.c_ssize_t) for name in names.split()]
    return type("Struct", (c.Structure,), {"_fields_": fields})


Image = struct("#width #height rgb alpha")
Pixels = struct("data #width #height #channels #kind row_stride pixel_stride channel_stride")
Inputs = struct("struct_size content styles style_handles style_weights #style_count init content_mask "
                "style_masks style_regions cancel on_phase phase_user")
Progress = struct("#scale #scales #width #height #iteration #iterations")


def call(name, *arguments):
    error = c.create_string_buffer(4 + 512)
    if getattr(nst, name)(*arguments, error) > 1:  # 1: stopped, with what was reached
        raise RuntimeError(error.raw[4:].split(b"\0")[0].decode())


def pixels(array):
    return Pixels(array.ctypes.data, array.shape[1], array.shape[0], array.shape[2], 0, *array.strides)


def paint(content, style, options=(), on_progress=lambda progress: 0):
    settings, model, cancel = c.c_void_p(nst.nst_options_create()), c.c_void_p(), c.c_void_p()
    photo, painting, result = Image(), Image(), Image()
    for name, value in options:
        call("nst_options_set", settings, name.encode(), value.encode())
    call("nst_model_open", None, c.byref(model))
    call("nst_cancel_create", c.byref(cancel))
    call("nst_image_from_pixels", c.byref(pixels(content)), c.byref(photo))
    call("nst_image_from_pixels", c.byref(pixels(style)), c.byref(painting))
    inputs = Inputs(struct_size=c.sizeof(Inputs), content=c.addressof(photo), styles=c.addressof(painting),
                    style_count=1, cancel=cancel.value)
    hook = c.CFUNCTYPE(c.c_int, c.c_void_p, c.POINTER(Progress))(lambda _, p: on_progress(p.contents) or 0)
    # The library runs in a thread of its own, so that this one hears of Ctrl-C.
    before = signal.signal(signal.SIGINT, lambda *_: nst.nst_cancel_request(cancel))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pool.submit(call, "nst_stylize", model, c.byref(inputs), settings, hook, None, c.byref(result), None).result()
    signal.signal(signal.SIGINT, before)
    picture = np.empty((result.height, result.width, 3), np.uint8)
    call("nst_image_to_pixels", c.byref(result), c.byref(pixels(picture)))
    for image in photo, painting, result:
        nst.nst_image_destroy(c.byref(image))
    nst.nst_cancel_destroy(cancel)
    nst.nst_model_close(model)
    nst.nst_options_destroy(settings)
    return picture


def read(path):
    with open(path, "rb") as file:
        _, width, height, _, data = file.read().split(maxsplit=4)
    return np.frombuffer(data, np.uint8).reshape(int(height), int(width), 3)


if __name__ == "__main__":
    nst = c.CDLL(sys.argv[1])
    nst.nst_options_create.restype = c.c_void_p
    picture = paint(read(sys.argv[2]), read(sys.argv[3]), [option.split("=", 1) for option in sys.argv[5:]],
                    lambda p: print(f"{p.width}x{p.height}: {p.iteration}/{p.iterations}", file=sys.stderr))
    with open(sys.argv[4], "wb") as file:
        file.write(b"P6 %d %d 255\n" % picture.shape[1::-1] + picture.tobytes())
