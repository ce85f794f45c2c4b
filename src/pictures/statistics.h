/* What can be said of pictures without a network. */
#ifndef NST_PICTURES_STATISTICS_H
#define NST_PICTURES_STATISTICS_H

#include "nst.h"

/* How different the colors of two pictures of any sizes are, 0 (the same) to 1 (none in common):
 * half the sum of the absolute differences between their color histograms. A histogram has 9
 * levels in red, green and blue each, and a pixel counts for the 8 nearest cells in proportion, so
 * that a small change of a color is a small distance. */
double nst_color_distance(const nst_image *a, const nst_image *b);

/* Energy of the finest detail: mean square of the Laplacian, 4 p minus its four neighbors, of the
 * luma (Rec. 709) over all pixels that have four neighbors; 0 when there are none. */
double nst_fine_detail(const nst_image *image);

#endif
