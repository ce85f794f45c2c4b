"""A picture in the style of another: paint.py LIBRARY CONTENT STYLE OUTPUT [NAME=VALUE...]

Pictures are binary PPM files; Ctrl-C ends with what was reached. Options are those of nst_options_set."""
import concurrent.futures
import ctypes as c
import signal
import sys
import numpy as np


def call(name, *arguments):
    error = c.create_string_buffer(4 + 512)  # nst_error: a status, then a message
    if getattr(nst, name)(*arguments, error) > 1:  # 1: stopped, with what was reached
        raise RuntimeError(error.raw[4:].split(b"\0")[0].decode())


def picture(array):
    return array.ctypes.data_as(c.c_void_p), array.shape[1], array.shape[0]


def paint(content, style, options=(), on_progress=lambda user, fraction, seconds_left: 0):
    settings, model, cancel = c.c_void_p(nst.nst_options_create()), c.c_void_p(), c.c_void_p()
    width, height = c.c_int(), c.c_int()
    for name, value in options:
        call("nst_options_set", settings, name.encode(), value.encode())
    call("nst_model_open", None, c.byref(model))
    call("nst_cancel_create", c.byref(cancel))
    signal.signal(signal.SIGINT, lambda *_: nst.nst_cancel_request(cancel))
    nst.nst_result_size(settings, *picture(content)[1:], c.byref(width), c.byref(height))
    result = np.zeros((height.value, width.value, 3), np.uint8)
    hook = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_double, c.c_double)(on_progress)
    with concurrent.futures.ThreadPoolExecutor() as pool:  # so that this thread hears of Ctrl-C
        pool.submit(call, "nst_paint", model, settings, *picture(content), *picture(style),
                    picture(result)[0], hook, None, cancel).result()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for function, handle in ("cancel_destroy", cancel), ("model_close", model), ("options_destroy", settings):
        getattr(nst, "nst_" + function)(handle)
    return result


def read(path):
    with open(path, "rb") as file:
        _, width, height, _, data = file.read().split(maxsplit=4)
    return np.frombuffer(data, np.uint8).reshape(int(height), int(width), 3)


nst = c.CDLL(sys.argv[1])
nst.nst_options_create.restype = c.c_void_p
painted = paint(read(sys.argv[2]), read(sys.argv[3]), [option.partition("=")[::2] for option in sys.argv[5:]],
                lambda user, fraction, seconds_left: print(f"{fraction:.0%}", file=sys.stderr) or 0)
with open(sys.argv[4], "wb") as file:
    file.write(b"P6 %d %d 255\n" % painted.shape[1::-1] + painted.tobytes())
