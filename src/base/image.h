/* Sizes of images, and their values as whole numbers. */
#ifndef NST_BASE_IMAGE_H
#define NST_BASE_IMAGE_H

#include <stdint.h>

#include "nst.h"

/* How many pixels an image has: floats of one plane. */
static inline size_t nst_pixel_count(const nst_image *image)
{
    return (size_t)image->width * (size_t)image->height;
}

/* A value of an image as a whole number from 0 to white. It is clamped to [0,1] and rounded to the
 * nearest; a NaN becomes 0. */
static inline uint16_t nst_quantize(float value, float white)
{
    if (!(value > 0.0f)) /* or a NaN */
        return 0;
    return value >= 1.0f ? (uint16_t)white : (uint16_t)(value * white + 0.5f);
}

#endif
