/* What src/kernels/simd offers: the same loops compiled for several instruction sets. */
#ifndef NST_KERNELS_ISA_H
#define NST_KERNELS_ISA_H

#include "kernels/filter.h"
#include "kernels/loss_gradient.h"
#include "kernels/map.h"

/* How a convolution's output is cut into blocks: depends on shapes only, never on threads. */
typedef struct nst_blocks {
    int tiles_x, tiles; /* tiles in a row of the picture, and in all */
    int per_block;      /* tiles in a block, the last may have fewer */
    int count;
} nst_blocks;

/* One convolution, either direction, as the block loop sees it. */
typedef struct nst_conv_job {
    const nst_filter *filter;    /* NULL: no product */
    nst_map in;                  /* data NULL: zero */
    const nst_pooled *in_pooled; /* in place of in */
    nst_map out;                 /* data may be NULL when forward */
    bool forward;
    const float *bias;             /* forward */
    const nst_pooled *out_pooled;  /* forward, or NULL */
    bool masked;                   /* backward */
    const nst_loss_gradient *loss; /* backward, or NULL */
    nst_conv_algorithm algorithm;  /* of the filter and of the loss gradient's product */
    nst_blocks blocks;
} nst_conv_job;

typedef struct nst_isa {
    const char *name;
    bool has_packed; /* our own products pay */
    bool has_fma;    /* and give the same bytes with all instruction sets that have this */
    void (*gram_product)(int n, int pixels, const float *panels, size_t panel, float *c, bool add);
    void (*conv_block)(const nst_conv_job *job, int block, float *workspace);
    void (*first_forward)(const nst_first_layer *layer, const float *x, const nst_map *y, int row);
    void (*first_backward)(const nst_first_layer *layer, const nst_map *dz, float *dx, int row);
    void (*widen_row)(const nst_widening *w, bool own, const nst_map *y, int y_row,
                      const nst_map *wide, int wide_row, float *workspace);
} nst_isa;

extern const nst_isa nst_isa_base;
extern const nst_isa nst_isa_avx2;
extern const nst_isa nst_isa_avx512;

/* The widest one this processor has. NST_ISA=base|avx2|avx512 in the environment asks for a
 * narrower one, for tests. */
const nst_isa *nst_isa_best(void);

/* Floats between two tiles' channels in the transformed input: one group more than the channels,
 * whose power-of-two distance would crowd into few cache sets. */
static inline int nst_conv_stride(int padded_channels)
{
    return padded_channels + NST_GROUP;
}

/* Pixels that are made wide together: few enough for their wide features to stay in the
 * second-level cache. */
enum { NST_WIDEN_PIXELS = 64 };

/* Output channels whose products are computed together, so that they stay in cache. */
enum { NST_BLAS_PANEL = 64 };

#endif
