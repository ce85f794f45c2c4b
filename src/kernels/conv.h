/* 3x3 convolution, stride 1, zero padding 1, and what surrounds it: bias, ReLU and pooling on the
 * way forward; pooling, ReLU mask and the gradients of losses on the way back.
 *
 * Both directions are the same machine. The output is cut into blocks of 4x4 tiles, and a block
 * goes through three steps in one thread, without leaving its cache:
 *
 *     source     6x6 patches of the input (or of a pooled gradient, spread out again)
 *     product    patches x filter, by one of the algorithms
 *     sink       what is stored, and where
 *
 * so every algorithm gets every fusion, and tests compare algorithms through the same door.
 * Shapes are checked when a plan is made; kernels cannot fail. */
#ifndef NST_KERNELS_CONV_H
#define NST_KERNELS_CONV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/map.h"
#include "kernels/widen.h"
#include "nst.h"

typedef enum nst_conv_algorithm {
    NST_CONV_IM2COL,   /* patches as rows of a matrix: 9 multiplications per output and channel */
    NST_CONV_WINOGRAD, /* F(4x4, 3x3), Lavin and Gray 2016: 2.25 multiplications, by OpenBLAS */
    NST_CONV_PACKED    /* the same with a product of our own on filters packed once */
} nst_conv_algorithm;

/* The fastest one that this processor runs. */
nst_conv_algorithm nst_conv_best(void);

/* Whether all products are then our own, those of Gram matrices and taps too, and none is
 * OpenBLAS'. */
bool nst_conv_is_own(nst_conv_algorithm algorithm);

/* Whether NST_CONV_PACKED gives the bytes here that it gives on every other processor where this is
 * so: products are summed in an order of our own with fused multiplication. */
bool nst_conv_is_reproducible(void);

/* A bank of 3x3 filters, prepared for an algorithm. Immutable; shared by all threads. */
typedef struct nst_filter {
    nst_conv_algorithm algorithm;
    int in_c, out_c;
    float *matrix; /* im2col: [group][3][3][16][out]; Winograd: [36][in][out]; packed:
                      [panel of NST_PACKED_PANEL out][36][in][panel]; channels padded */
} nst_filter;

/* Prepare weights[out_c][in_c][3][3] (cross-correlation), or with `backward` the filter that takes
 * a gradient back through them: in and out exchanged, turned by 180 degrees. */
nst_status nst_filter_create(nst_conv_algorithm algorithm, int out_c, int in_c,
                             const float *weights, bool backward, nst_filter *out,
                             nst_error *error);
void nst_filter_destroy(nst_filter *filter);
size_t nst_filter_floats(nst_conv_algorithm algorithm, int out_c, int in_c); /* that one takes */

typedef enum nst_pool { NST_POOL_NONE = 0, NST_POOL_MAX, NST_POOL_AVG } nst_pool;

/* Result of a 2x2, stride 2 pooling (odd last rows and columns dropped). */
typedef struct nst_pooled {
    nst_pool kind;
    nst_map map;    /* [c, h/2, w/2]: pooled values, later their gradient */
    uint8_t *route; /* [group][h/2][w/2][16]: bit 2*dy+dx set when that one of the four pixels
                       receives the gradient: the first maximum, or for AVG all, if positive */
} nst_pooled;

size_t nst_route_bytes(int c, int h, int w); /* h, w of the pooled map */

/* y = relu(conv(x) + bias), pooled if asked for. */
typedef struct nst_conv_forward_args {
    const nst_filter *filter;
    const float *bias;        /* [padded out_c] */
    nst_map x;                /* [in_c, h, w] in */
    nst_map y;                /* [out_c, h, w] out; data NULL when only the pooled result counts */
    const nst_pooled *pooled; /* out, or NULL */
} nst_conv_forward_args;

/* The gradient of losses that look at the features f of a map y, which are y itself or, through a
 * wide tap, relu(W y + b):
 *     dL/df = sum over parts of weight (matrix f + offset), plus scale (f - target)
 *     dL/dy = dL/df, or W^T of it where f is positive
 * at each pixel. A part is one statistic of the features: one Gram or covariance matrix. */
typedef struct nst_tap_part {
    const float *matrix; /* [n][n], n = padded c of f, symmetric, in panels: see nst_tap_index */
    const float *offset; /* [padded c], or NULL: the mean's part in a covariance */
    const float *weight; /* [h][w] of y: where the statistic was taken; NULL counts as 1 */
} nst_tap_part;

typedef struct nst_tap {
    const nst_tap_part *parts;
    int part_count;
    const float *target; /* the data of a map shaped like f, or NULL */
    float scale;
    const nst_widening *wide; /* how f is made; NULL: f is y */
} nst_tap;

/* Where a part's matrix has row i, column j: columns lie in panels [n / panel][n][panel], as
 * filters do, for the product to read them in order. */
static inline size_t nst_tap_index(size_t n, size_t i, size_t j)
{
    return nst_panel_index(n, n, i, j);
}

/* Given the gradient dz at a convolution's output (before bias and ReLU), find the one at the
 * output of the layer below: conv_transposed(dz), plus the tap's, masked by that layer's ReLU. */
typedef struct nst_conv_backward_args {
    nst_conv_algorithm algorithm; /* the filter's; without one, of the tap's product */
    const nst_filter *filter; /* made with backward; NULL: dz is taken as it is (same channels) */
    nst_map dz;               /* [filter in_c, h, w] in; data NULL with filter NULL: zero */
    const nst_pooled *pooled; /* in place of dz: its map is the gradient of the pooled values */
    nst_map y;                /* [filter out_c, h, w] in: the activation, out: its gradient;
                                 must not alias the input */
    bool masked;              /* false: y is not read and the bare gradient is written (a pooled
                                 map, whose mask is in its route) */
    const nst_tap *tap;       /* or NULL; needs masked */
} nst_conv_backward_args;

/* Floats of workspace for each thread that serve every convolution up to these channels. */
size_t nst_conv_workspace(nst_conv_algorithm algorithm, int max_in_c, int max_out_c);

/* Floats of workspace for each thread for a map of c channels and its tap, `wide_c` channels wide
 * (0: not), beside a convolution of as many. */
size_t nst_tap_workspace(int c, int wide_c);

/* workspace: threads * the larger of nst_conv_workspace(...) and nst_tap_workspace(...) floats,
 * 64-byte aligned. Relative L2 error against the double reference stays under 1e-5. */
void nst_conv_forward(const nst_conv_forward_args *args, float *workspace, size_t per_thread,
                      int threads);
void nst_conv_backward(const nst_conv_backward_args *args, float *workspace, size_t per_thread,
                       int threads);

/* ---- the first layer: three planes of pixels in ------------------------------------- */

/* Weights of the first layer. w[27][padded out_c] with tap (c*3 + ky)*3 + kx outermost. */
typedef struct nst_first_layer {
    int out_c;
    float *w, *bias; /* bias [padded out_c] */
} nst_first_layer;

nst_status nst_first_layer_create(int out_c, const float *weights, const float *bias,
                                  nst_first_layer *out, nst_error *error);
void nst_first_layer_destroy(nst_first_layer *layer);

/* x[3][h+2][w+2] with a zero border -> y = relu(conv(x) + bias). */
void nst_first_forward(const nst_first_layer *layer, const float *x, const nst_map *y, int threads);

/* dx[3][h][w] = gradient at the pixels, overwritten; dz is the gradient before the ReLU. */
void nst_first_backward(const nst_first_layer *layer, const nst_map *dz, float *dx, int threads);

#endif
