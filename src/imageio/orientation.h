/* Which way is up: EXIF, in a JPEG's APP1 segment or a PNG's eXIf chunk. */
#ifndef NST_IMAGEIO_ORIENTATION_H
#define NST_IMAGEIO_ORIENTATION_H

#include <stddef.h>

#include "imageio/imageio.h"

/* 1..8 as EXIF counts; 1, upright, when the file does not say or says nonsense. */
int nst_orientation_read(nst_format format, const unsigned char *bytes, size_t size);

/* Orientations 5 to 8 exchange width and height. */
static inline int nst_orientation_is_sideways(int orientation)
{
    return orientation >= 5;
}

/* Where pixel (x, y) of the stored width x height picture is in the upright one. */
void nst_orientation_map(int orientation, int width, int height, int x, int y, int *upright_x,
                         int *upright_y);

#endif
