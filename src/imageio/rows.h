/* Rows of samples from a decoder -> an upright nst_image in sRGB. */
#ifndef NST_IMAGEIO_ROWS_H
#define NST_IMAGEIO_ROWS_H

#include "imageio/color/color.h"
#include "nst.h"

/* What a row is: width pixels of 1 (grey), 3 (RGB) or 4 (CMYK: 0 is no ink) samples, then alpha. */
typedef struct nst_layout {
    int width, height; /* as stored */
    nst_color_kind kind;
    int bits; /* 8: uint8_t, 16: uint16_t of the machine's order */
    bool has_alpha;
    bool is_premultiplied; /* colors were multiplied by alpha */
} nst_layout;

typedef struct nst_rows {
    nst_layout layout;
    int orientation; /* set by the caller; 1..8 */
    const char *name;
    int shrink;       /* set by the caller: squares of this side become one pixel; 0 is 1 */
    nst_image *image; /* set by the caller, filled by begin */
    nst_transform *transform;
    bool profile_applied, profile_ignored;
    bool alpha_unused;   /* set by the decoder, which found none above zero: it is not meant */
    uint16_t *converted; /* a row of RGB */
    void *divided;       /* a row without alpha's factor */
    float *values;       /* [4][width]: a row's colors and alpha, from 0 to 1 */
    size_t *places;      /* [width]: what a pixel's x adds to its place in a plane of the image */
    float levels[256];   /* what samples of 8 bits stand for */
} nst_rows;

/* Allocate the image and prepare the conversion of colors. Once, before the rows are put. */
nst_status nst_rows_begin(nst_rows *rows, const nst_layout *layout, const nst_colorimetry *color,
                          nst_error *error);

/* Row y of the stored picture, counted from its top; in any order. */
void nst_rows_put(nst_rows *rows, int y, const void *samples);

/* After the last row. With shrink: from sums over squares to averages, in which colors count as
 * much as they can be seen. */
void nst_rows_complete(nst_rows *rows);

/* Free what is not the image. */
void nst_rows_end(nst_rows *rows);

/* Bytes of the image and of the rows in between, for a picture of this size. */
uint64_t nst_rows_bytes(int width, int height, bool has_alpha, int shrink);

/* Pixels of an axis after shrinking: what is left over at its end makes one more. */
int nst_rows_shrunk(int pixels, int shrink);

#endif
