/* Wide features: losses may depend on a layer through a 1x1 convolution of its own and a ReLU,
 *
 *     wide = relu(W y + b)          y [in_c, h, w], wide [out_c, h, w]
 *
 * to many more channels than the layer has; later layers do not read them. Wide features are
 * computed a few rows at a time when losses need them, and computed again, a few pixels at a time,
 * on the way back (kernels/loss_gradient.h), unless the caller keeps them. */
#ifndef NST_KERNELS_WIDEN_H
#define NST_KERNELS_WIDEN_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/filter.h"
#include "kernels/map.h"

/* weights[out_c][in_c], bias[out_c] */
nst_status nst_widening_create(int in_c, int out_c, const float *weights, const float *bias,
                               nst_widening *out, nst_error *error);
void nst_widening_destroy(nst_widening *widening);
size_t nst_widening_floats(int in_c, int out_c); /* of its matrices and bias */

/* Floats of workspace for each thread. */
size_t nst_widen_workspace(int in_c, int out_c);

/* Rows first..first+rows-1 of wide from those of y from `begin` on. Each pixel is computed by
 * itself: the same bytes come out however rows are cut.
 *
 *     own        as in kernels/gram.h
 *     workspace  threads * per_thread floats, 64-byte aligned */
void nst_widen(const nst_widening *widening, const nst_map *y, int begin, bool own,
               const nst_map *wide, int first, int rows, float *workspace, size_t per_thread,
               int threads);

#endif
