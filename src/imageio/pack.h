/* Rows of an nst_image as samples for an encoder. */
#ifndef NST_IMAGEIO_PACK_H
#define NST_IMAGEIO_PACK_H

#include <stdbool.h>

#include "nst.h"

/* Row y as RGB, or RGBA of an image that has alpha, of 8 bits (uint8_t) or 16 (uint16_t); values
 * are clamped to [0,1] and rounded. */
void nst_pack_row(const nst_image *image, int y, bool with_alpha, int bits, void *out);

/* The whole picture so, malloc'ed; NULL when memory runs out. */
void *nst_pack(const nst_image *image, bool with_alpha, int bits);

#endif
