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

/* x[3][h+2][w+2] = transformed pixels[3][h][w]; the border, zero beforehand, is left alone. */
void nst_transform_forward(const nst_transform *transform, const float *pixels, int h, int w,
                           float *x, int threads);

/* gradient[3][h][w] at the pixels, from dx[3][h][w] at the network's input; must not alias. */
void nst_transform_backward(const nst_transform *transform, const float *dx, int h, int w,
                            float *gradient, int threads);

/* Total variation: the mean of the squared forward differences in x and y, over all that exist.
 * Adds weight * its gradient to gradient[3][h][w] unless that is NULL.
 *   partial  [h] doubles, scratch */
double nst_variation(const float *pixels, int h, int w, float weight, float *gradient,
                     double *partial, int threads);

/* Sum over a map of (y - target)^2; target as y's data, NULL counts as zero.
 *   partial  nst_map_partials(y) doubles, scratch */
double nst_map_distance(const nst_map *y, const float *target, double *partial, int threads);
size_t nst_map_partials(const nst_map *y);

/* Whether every value of the map is finite. */
bool nst_map_finite(const nst_map *y);

#endif
