/* Planar images [3][h][w]: what happens before the network's first layer and beside it. */
#ifndef NST_KERNELS_PIXELS_H
#define NST_KERNELS_PIXELS_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/map.h"

/* The network's input transform: input = (scale * pixel - mean) / std, channels in the network's
 * order, which is reversed with bgr. */
typedef struct nst_transform {
    bool bgr;
    float scale, mean[3], std[3];
} nst_transform;

/* A band of `rows` rows from `first` on of pixels[3][h][w]. */
typedef struct nst_rows {
    int h, w, first, rows;
} nst_rows;

/* x[3][rows+2][w+2] = the band transformed, with one pixel more on each side: the neighbor in the
 * picture or, at an edge, the pixel of the edge again. With zeros there, as in the other layers,
 * the network sees a frame around every picture, and results get one. */
void nst_transform_forward(const nst_transform *transform, const float *pixels, nst_rows band,
                           float *x, int threads);

/* The gradient at the pixels, from dx[3][rows][w] at the network's input, whose first row is `skip`
 * rows above the band; written into the band of gradient[3][h][w]. */
void nst_transform_backward(const nst_transform *transform, const float *dx, int dx_rows, int skip,
                            nst_rows band, float *gradient, int threads);

/* Total variation: the mean of the squared forward differences in x and y, over all that exist.
 * Adds weight * its gradient to gradient[3][h][w] unless that is NULL.
 *   partial  [h] doubles, scratch */
double nst_variation(const float *pixels, int h, int w, float weight, float *gradient,
                     double *partial, int threads);

/* sum + the sum of (y - target)^2 over rows begin..end-1 of y; target, a map of the same width and
 * channels, is read from row `target_row` on; NULL counts as zero. Row by row, so that the same
 * bytes come out when bands follow each other.
 *   partial  [end - begin] doubles, scratch */
double nst_map_distance(const nst_map *y, int begin, int end, const nst_map *target, int target_row,
                        double sum, double *partial, int threads);

/* Copy rows between maps of the same width and channels. */
void nst_map_copy_rows(const nst_map *from, int from_row, const nst_map *to, int to_row, int rows,
                       int threads);

/* Set everything outside the picture to zero: the border, and the rest of the last tiles. */
void nst_map_clear_frame(const nst_map *map, int threads);

/* Whether all of them are finite. */
bool nst_values_finite(const float *values, size_t count, int threads);

/* Whether every value of the map is finite. */
bool nst_map_finite(const nst_map *y);

#endif
