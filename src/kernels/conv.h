/* 3x3 convolution, stride 1, zero padding 1, and what surrounds it: bias, ReLU and pooling on the
 * way forward; pooling, ReLU mask and the gradients of losses on the way back.
 *
 * Both directions use the same code. The output is cut into blocks of 4x4 tiles. One thread takes a
 * block through three steps, while the block stays in its cache:
 *
 *     source     6x6 patches of the input (or of a pooled gradient, spread out again)
 *     product    patches x filter, by one of the algorithms
 *     sink       what is stored, and where
 *
 * So bias, pooling, masks and losses work with every algorithm, and the same tests compare them
 * all. Shapes are checked when a plan is made; kernels cannot fail. */
#ifndef NST_KERNELS_CONV_H
#define NST_KERNELS_CONV_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/filter.h"
#include "kernels/loss_gradient.h"
#include "kernels/map.h"

/* The fastest algorithm that this processor runs. */
nst_conv_algorithm nst_conv_best(void);

/* Whether runs with this algorithm take every product from this library and none from OpenBLAS,
 * those of Gram matrices and loss gradients included. */
bool nst_conv_is_own(nst_conv_algorithm algorithm);

/* Whether this processor has what NST_CONV_BF16 needs, and the kernel lets this process use it. */
bool nst_conv_has_bf16(void);

/* Whether NST_CONV_PACKED gives the same bytes on all processors for which this is true: they have
 * fused multiplication, and the order of sums is fixed. */
bool nst_conv_is_reproducible(void);

/* y = relu(conv(x) + bias), pooled if asked for. */
typedef struct nst_conv_forward_args {
    const nst_filter *filter;
    const float *bias; /* [padded out_c] */
    nst_map x;         /* [in_c, h, w] in */
    nst_map y;         /* [out_c, h, w] out; data NULL when only the pooled result is wanted */
    const nst_pooled *pooled; /* out, or NULL */
} nst_conv_forward_args;

/* Given the gradient dz at a convolution's output (before bias and ReLU), find the one at the
 * output of the layer below: conv_transposed(dz), plus that of the losses there, masked by that
 * layer's ReLU. */
typedef struct nst_conv_backward_args {
    nst_conv_algorithm algorithm; /* that of the filter; without a filter, the one for the loss
                                     gradient's product */
    const nst_filter *filter; /* made with backward; NULL: dz is taken as it is (same channels) */
    nst_map dz;               /* [filter in_c, h, w] in; data NULL with filter NULL: zero */
    const nst_pooled *pooled; /* in place of dz: its map is the gradient of the pooled values */
    nst_map y;                /* [filter out_c, h, w] in: the activation, out: its gradient;
                                 must not alias the input */
    bool masked;              /* false: y is not read and the bare gradient is written (a pooled
                                 map, whose mask is in its route) */
    const nst_loss_gradient *loss; /* or NULL; needs masked */
} nst_conv_backward_args;

/* Floats of workspace for each thread, enough for every convolution of at most these channels. */
size_t nst_conv_workspace(nst_conv_algorithm algorithm, int max_in_c, int max_out_c);

/* Floats of workspace for each thread for the loss gradient of a map of c channels, whose wide
 * features have wide_c channels (0: it has none). */
size_t nst_loss_gradient_workspace(int c, int wide_c);

/* workspace: threads * the larger of nst_conv_workspace(...) and nst_loss_gradient_workspace(...)
 * floats, 64-byte aligned. Relative L2 error against the double reference stays under 1e-5;
 * with NST_CONV_BF16, under 3e-3. */
void nst_conv_forward(const nst_conv_forward_args *args, float *workspace, size_t per_thread,
                      int threads);
void nst_conv_backward(const nst_conv_backward_args *args, float *workspace, size_t per_thread,
                       int threads);

/* ---- the first layer: three planes of pixels in ------------------------------------- */

/* x[3][h+2][w+2], a border of one pixel included -> y = relu(conv(x) + bias). */
void nst_first_forward(const nst_first_layer *layer, const float *x, const nst_map *y, int threads);

/* dx[3][h][w] = gradient at the pixels, overwritten; dz is the gradient before the ReLU. The border
 * is taken to repeat the pixels at the edge, which get its gradient too. */
void nst_first_backward(const nst_first_layer *layer, const nst_map *dz, float *dx, int threads);

#endif
