/* Rectangles, numbers, words and pictures in an image. What falls outside is left out. */
#ifndef NST_PICTURES_DRAWING_H
#define NST_PICTURES_DRAWING_H

#include "nst.h"

enum { NST_DIGIT_WIDTH = 5, NST_DIGIT_HEIGHT = 7, NST_DIGIT_STEP = 6 }; /* pixels, times scale */

void nst_draw_rectangle(nst_image *image, int x, int y, int width, int height, const float rgb[3]);

/* A whole number >= 0 with its upper left corner at x, y; every dot is scale x scale pixels. */
void nst_draw_number(nst_image *image, int x, int y, int scale, int number, const float rgb[3]);
int nst_number_width(int scale, int number); /* in pixels */

/* The same of letters, which are drawn small, digits and - . + _; other characters leave a gap. */
void nst_draw_text(nst_image *image, int x, int y, int scale, const char *text, const float rgb[3]);
int nst_text_width(int scale, const char *text);

/* The picture of a file, its longest side as long as the tile, in the middle of the tile at x, y,
 * which must lie within the image. */
nst_status nst_draw_file(nst_image *image, int x, int y, int tile, const char *path, int threads,
                         nst_error *error);

#endif
