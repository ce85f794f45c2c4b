"""A photo in the style of a painting: paint.py LIBRARY PHOTO PAINTING RESULT [NAME=VALUE...]

The options are those of nst_options_set. Ctrl-C ends the run with the picture so far.
"""
import concurrent.futures
import ctypes as c
import sys
import numpy as np
from PIL import Image


def call(name, *arguments):
    error = c.create_string_buffer(4 + 512)  # nst_error: a status and a message
    if getattr(nst, name)(*arguments, error) > 1:  # 1 is NST_STOPPED: with the picture so far
        raise RuntimeError(error[4:].split(b"\0")[0].decode())


def pixels(array):
    return array.ctypes.data_as(c.c_void_p), array.shape[1], array.shape[0]


def paint(photo, painting, options, on_progress):
    settings, model, cancel = c.c_void_p(nst.nst_options_create()), c.c_void_p(), c.c_void_p()
    width, height = c.c_int(), c.c_int()
    for name, value in options:
        call("nst_options_set", settings, name.encode(), value.encode())
    call("nst_model_open", None, c.byref(model))
    call("nst_cancel_create", c.byref(cancel))
    nst.nst_result_size(settings, *pixels(photo)[1:], c.byref(width), c.byref(height))
    result = np.zeros((height.value, width.value, 3), np.uint8)
    hook = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_double, c.c_double)(on_progress)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        run = pool.submit(call, "nst_paint", model, settings, *pixels(photo), *pixels(painting),
                          pixels(result)[0], hook, None, cancel)
        try:
            run.result()
        except KeyboardInterrupt:
            nst.nst_cancel_request(cancel)
            run.result()
    nst.nst_cancel_destroy(cancel), nst.nst_model_close(model), nst.nst_options_destroy(settings)
    return result


nst = c.CDLL(sys.argv[1])
nst.nst_options_create.restype = c.c_void_p
pictures = [np.array(Image.open(path).convert("RGB")) for path in sys.argv[2:4]]
settings = [option.split("=") for option in sys.argv[5:]]
painted = paint(*pictures, settings, lambda user, done, left: print(f"{done:.0%}", file=sys.stderr) or 0)
Image.fromarray(painted).save(sys.argv[4])
