/* Sizes of images. */
#ifndef NST_BASE_IMAGE_H
#define NST_BASE_IMAGE_H

#include "nst.h"

/* How many pixels an image has: floats of one plane. */
static inline size_t nst_pixel_count(const nst_image *image)
{
    return (size_t)image->width * (size_t)image->height;
}

#endif
