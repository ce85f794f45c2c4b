/* Weights in the order in which convolutions read them. */
#ifndef NST_KERNELS_FILTER_H
#define NST_KERNELS_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/map.h"
#include "nst.h"

typedef enum nst_conv_algorithm {
    NST_CONV_IM2COL,   /* patches as rows of a matrix: 9 multiplications per output and channel */
    NST_CONV_WINOGRAD, /* F(4x4, 3x3), Lavin and Gray 2016: 2.25 multiplications, by OpenBLAS */
    NST_CONV_PACKED,   /* the same transform, with this library's product on filters that are packed
                          once */
    NST_CONV_BF16,     /* 9 multiplications of bfloat16 with sums in single, by the processor's
                          matrix unit (AMX): the relative error is that of rounding to 8 bits */
    NST_CONV_COUNT
} nst_conv_algorithm;

enum {
    NST_BF16_PANEL = 32, /* output channels that lie together; missing ones are zero */
    NST_BF16_DEPTH = 32  /* input channels that do */
};

enum {
    NST_TAPS = 9,  /* of a filter */
    NST_PATCH = 36 /* of its transform */
};

/* u = 16 filters g side by side, as F(4x4, 3x3) multiplies by them; each instruction set has its
 * own (kernels/isa.h). */
typedef void (*nst_filter_transform)(float g[NST_TAPS][NST_GROUP], float u[NST_PATCH][NST_GROUP]);

/* A bank of 3x3 filters, prepared for an algorithm. Immutable; shared by all threads. */
typedef struct nst_filter {
    nst_conv_algorithm algorithm;
    int in_c, out_c;
    float *matrix; /* not owned. im2col: [group][3][3][16][out]; Winograd: [36][in][out]; packed:
                      [panel of NST_PACKED_PANEL out][36][in][panel]; channels padded. BF16: of
                      uint16_t, [out / 32][in / 32][9][32 out in halves][16 in][16 out][2 in] */
} nst_filter;

/* Prepare weights[out_c][in_c][3][3] (cross-correlation), or with `backward` the filter that takes
 * a gradient back through them: in and out exchanged, turned by 180 degrees. Once the calling
 * thread's work is cancelled its values are worth nothing. transform: of the instruction set.
 * matrix: room for nst_filter_floats, at a cache line; it stays the caller's. */
void nst_filter_make(nst_conv_algorithm algorithm, int out_c, int in_c, const float *weights,
                     bool backward, nst_filter_transform transform, int threads, float *matrix,
                     nst_filter *out);

/* Floats of a filter's matrix. */
size_t nst_filter_floats(nst_conv_algorithm algorithm, int out_c, int in_c);

/* Weights of the first layer. w[27][padded out_c] index (c*3 + ky)*3 + kx outermost. */
typedef struct nst_first_layer {
    int out_c;
    float *w, *bias; /* bias [padded out_c] */
} nst_first_layer;

nst_status nst_first_layer_create(int out_c, const float *weights, const float *bias,
                                  nst_first_layer *out, nst_error *error);
void nst_first_layer_destroy(nst_first_layer *layer);

/* The 1x1 convolution of wide features, see kernels/widen.h. Immutable; shared by all threads. */
typedef struct nst_widening {
    int in_c, out_c;
    float *forward;  /* W^T [in][out], channels padded, in panels as loss gradients have */
    float *backward; /* W [out][in], likewise */
    float *bias;     /* [padded out_c] */
} nst_widening;

#endif
