/* Gram matrices: which features occur together, wherever they occur. */
#ifndef NST_KERNELS_GRAM_H
#define NST_KERNELS_GRAM_H

#include <stddef.h>

#include "kernels/map.h"

/* Features F [n, h w] of a map, n = nst_padded(map->c), weighted by pixel: weight [h][w], which
 * sums to 1, or NULL for 1 / (h w) everywhere. In the guided Gram matrices of Gatys et al. 2017,
 * Controlling Perceptual Factors in Neural Style Transfer, weight is the square of the guidance
 * channel.
 *
 *     mean[n]    = sum_p weight_p F_p
 *     gram[n][n] = sum_p weight_p (F_p - mean) (F_p - mean)^T, with mean NULL counting as zero
 *
 * Rows and columns of padded channels are zero.
 *   workspace  nst_gram_workspace(...) floats, 64-byte aligned
 * The picture is summed in slabs that depend on its height only, and these in order: the same
 * bytes for any number of threads. Relative L2 error against double stays under 1e-5. */
void nst_mean_forward(const nst_map *map, const float *weight, float *mean, int threads);
void nst_gram_forward(const nst_map *map, const float *weight, const float *mean, float *gram,
                      float *workspace, int threads);
size_t nst_gram_workspace(int c);

/* Sum of (a - b)^2 over n floats, in double and in order; b NULL counts as zero. */
double nst_squared_distance(const float *a, const float *b, size_t n);

#endif
