/* Resizing within a run. */
#ifndef NST_IMAGE_RESIZE_H
#define NST_IMAGE_RESIZE_H

#include "nst.h"

/* As nst_image_resize, on the crew that the calling thread has entered. */
nst_status nst_image_resize_here(const nst_image *in, int width, int height, int threads,
                                 nst_image *out, nst_error *error);

#endif
