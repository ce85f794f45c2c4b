"""The library from Python, by ctypes alone: paint.py LIBRARY CONTENT STYLE OUTPUT [NAME=VALUE...]

Pictures are binary PPM files here; any array of bytes, height x width x 3, does. Ctrl-C ends with
what was reached."""
import ctypes as c
import signal
import sys
import threading

import numpy as np


class Error(c.Structure):
    _fields_ = [("status", c.c_int), ("message", c.c_char * 512)]


class Image(c.Structure):
    _fields_ = [("width", c.c_int), ("height", c.c_int), ("rgb", c.POINTER(c.c_float)), ("alpha", c.c_void_p)]


class Inputs(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("content", c.POINTER(Image)), ("styles", c.POINTER(Image)),
                ("style_handles", c.c_void_p), ("style_weights", c.c_void_p), ("style_count", c.c_int),
                ("init", c.c_void_p), ("content_mask", c.c_void_p), ("style_masks", c.c_void_p),
                ("style_regions", c.c_void_p), ("cancel", c.c_void_p), ("on_phase", c.c_void_p),
                ("phase_user", c.c_void_p)]


class Progress(c.Structure):
    _fields_ = [(name, c.c_int) for name in "scale scales width height iteration iterations".split()]


def image(array):  # the planes live as long as the image
    planes = np.ascontiguousarray(array.transpose(2, 0, 1), dtype=np.float32) / np.float32(255)
    result = Image(array.shape[1], array.shape[0], planes.ctypes.data_as(c.POINTER(c.c_float)), None)
    result.planes = planes
    return result


def paint(nst, content, style, options=(), on_progress=None):
    def check(status):  # 1: stopped, and the result is what was reached
        if status > 1 or (status == 1 and not result.rgb):
            raise RuntimeError(error.message.decode() or "stopped")

    for name in "nst_options_create", "nst_version":
        getattr(nst, name).restype = c.c_void_p
    error, model, cancel, result = Error(), c.c_void_p(), c.c_void_p(), Image()
    settings = c.c_void_p(nst.nst_options_create())
    hook = c.CFUNCTYPE(c.c_int, c.c_void_p, c.POINTER(Progress))(
        lambda user, progress: int(bool(on_progress and on_progress(progress.contents))))
    photo, painting = image(content), image(style)
    check(nst.nst_model_open(None, c.byref(model), c.byref(error)))
    check(nst.nst_cancel_create(c.byref(cancel), c.byref(error)))
    for name, value in options:
        check(nst.nst_options_set(settings, name.encode(), value.encode(), c.byref(error)))
    signal.signal(signal.SIGINT, lambda *_: nst.nst_cancel_request(cancel))
    inputs = Inputs(c.sizeof(Inputs), c.pointer(photo), c.pointer(painting), style_count=1, cancel=cancel)
    status = []  # in a thread of its own, so that this one hears of signals
    thread = threading.Thread(target=lambda: status.append(nst.nst_stylize(
        model, c.byref(inputs), settings, hook, None, c.byref(result), None, c.byref(error))))
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
    check(status[0])
    planes = np.ctypeslib.as_array(result.rgb, (3, result.height, result.width))
    picture = np.floor(planes * np.float32(255) + np.float32(0.5)).astype(np.uint8).transpose(1, 2, 0).copy()
    nst.nst_image_destroy(c.byref(result))
    nst.nst_cancel_destroy(cancel)
    nst.nst_options_destroy(settings)
    nst.nst_model_close(model)
    return picture


def read(path):
    with open(path, "rb") as file:
        _, width, height, _, data = file.read().split(maxsplit=4)
    return np.frombuffer(data, np.uint8).reshape(int(height), int(width), 3)


if __name__ == "__main__":
    library, content_path, style_path, output = sys.argv[1:5]
    picture = paint(c.CDLL(library), read(content_path), read(style_path),
                    [option.split("=", 1) for option in sys.argv[5:]],
                    lambda p: print(f"{p.width}x{p.height}: {p.iteration}/{p.iterations}", file=sys.stderr))
    with open(output, "wb") as file:
        file.write(b"P6 %d %d 255\n" % (picture.shape[1], picture.shape[0]) + picture.tobytes())
