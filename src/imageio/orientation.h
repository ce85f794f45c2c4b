/* Which way is up. */
#ifndef NST_IMAGEIO_ORIENTATION_H
#define NST_IMAGEIO_ORIENTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "imageio/view.h"

/* Orientations 5 to 8 exchange width and height. */
static inline bool nst_orientation_is_sideways(int orientation)
{
    return orientation >= 5;
}

/* Where pixel (x, y) of the stored width x height picture is in the upright one. */
void nst_orientation_map(int orientation, int width, int height, int x, int y, int *upright_x,
                         int *upright_y);

/* The orientation, 1..8, that a block of EXIF says, with or without the prefix "Exif\0\0"; 0 when
 * it says none, or nonsense. Entries past a damaged one are still found, and so is one of another
 * whole-number type than the standard's. */
int nst_orientation_of_exif(nst_view *view, uint64_t start, uint64_t size);

/* The same for a packet of XMP, its tiff:Orientation. Only the beginning of a long one is read. */
int nst_orientation_of_xmp(nst_view *view, uint64_t start, uint64_t size);

#endif
