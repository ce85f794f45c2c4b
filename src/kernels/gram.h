/* Gram matrices: which features occur together, wherever they occur. */
#ifndef NST_KERNELS_GRAM_H
#define NST_KERNELS_GRAM_H

#include <stddef.h>

#include "kernels/map.h"

/* gram[n][n] = F F^T / (h w), F [n, h w] the map, n = nst_padded(map->c): rows and columns of
 * padded channels are zero.
 *   workspace  nst_gram_workspace(...) floats, 64-byte aligned
 * The picture is summed in slabs that depend on its height only, and these in order: the same
 * bytes for any number of threads. Relative L2 error against double stays under 1e-5. */
void nst_gram_forward(const nst_map *map, float *gram, float *workspace, int threads);
size_t nst_gram_workspace(int c);

/* Sum of (a - b)^2 over n floats, in double and in order; b NULL counts as zero. */
double nst_squared_distance(const float *a, const float *b, size_t n);

#endif
