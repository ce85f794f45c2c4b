/* Gram matrices: how strongly features occur together, summed over all places of a picture. */
#ifndef NST_KERNELS_GRAM_H
#define NST_KERNELS_GRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/map.h"

/* Features F [n, h w] of a map, n = nst_padded(map->c), weighted by pixel: w_p given, summing to 1,
 * or 1 / (h w) everywhere. In the guided Gram matrices of Gatys et al. 2017, Controlling Perceptual
 * Factors in Neural Style Transfer, the weight is the square of the guidance channel.
 *
 *     mean[n]    = sum_p w_p F_p
 *     gram[n][n] = sum_p w_p F_p F_p^T, or centered: minus mean mean^T
 *
 * Rows and columns of padded channels are zero. Both are summed up from bands of rows, from the
 * top:
 *
 *     moments = 0;  nst_gram_add for each band;  nst_gram_finish
 *
 * Rows are added in slabs whose height depends on the map's width and channels only, each slab in
 * float and the slabs in double and in order. So the same bytes come out for any number of threads
 * and for any bands, as long as bands end where slabs do. Relative L2 error against double stays
 * under 1e-5. */
typedef struct nst_moments {
    double *products; /* [n][n] */
    double *sums;     /* [n], or NULL when the mean is not wanted */
} nst_moments;

/* Rows of a slab: a multiple of NST_TILE, times a power of two. */
int nst_gram_slab(int c, int w);

/* Add rows begin..end-1 of map, of which begin starts a slab.
 *   weight     [end - begin][w], or NULL for 1
 *   own        by this library's product, which sums in one order on every processor; or OpenBLAS'
 *   workspace  nst_gram_workspace(...) floats, 64-byte aligned */
void nst_gram_add(const nst_map *map, int begin, int end, const float *weight, bool own,
                  const nst_moments *moments, float *workspace, int threads);
size_t nst_gram_workspace(int c);

/* scale: 1 with weights, else 1 / (h w). gram is exactly symmetric. mean is written, and gram
 * centered, when the moments have sums; else mean may be NULL. */
void nst_gram_finish(const nst_moments *moments, int c, double scale, float *gram, float *mean,
                     int threads);

/* Set to zero what the other functions read: the sums, and the products on and above the
 * diagonal. */
void nst_gram_clear(const nst_moments *moments, int c, int threads);

/* Sum of (a - b)^2 over n floats, in double and in order; b NULL counts as zero. */
double nst_squared_distance(const float *a, const float *b, size_t n);

/* The denominator of a relative loss is at least this, so that the loss of a flat or black image is
 * finite. */
#define NST_LOSS_EPSILON 1e-8

#endif
