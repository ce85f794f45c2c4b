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
    int parts;          /* of the output channels: a block of tiles is done once for each */
    int count;          /* blocks times parts */
    int wide, high; /* of blocks that are rectangles of tiles, from the left and the top; 0: blocks
                       are runs of tiles, row after row */
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

/* A product of bfloat16: sums[pixel][32] = sum over chunks of 32 channels and taps of
 * from[chunk][pixel + tap][32] times matrix[chunk][tap][2][16][16][2]. */
typedef struct nst_bf16_product {
    const uint16_t *from;
    size_t plane; /* values of a chunk of `from` */
    int row;      /* pixels from one row to the next; tap t begins t / 3 rows and t % 3 pixels on */
    int pixels;   /* a multiple of 32 */
    int chunks, taps;
    const uint16_t *matrix;
    float *sums;
} nst_bf16_product;

static inline int nst_bf16_padded(int channels)
{
    return (channels + NST_BF16_DEPTH - 1) / NST_BF16_DEPTH * NST_BF16_DEPTH;
}

enum {
    NST_RESAMPLE_BLOCK = 16 /* pixels whose weights lie side by side */
};

typedef struct nst_isa {
    const char *name;
    bool has_packed; /* our own products are faster than OpenBLAS' */
    bool has_fma;    /* they give the same bytes as with every other set that has this */
    void (*gram_product)(int n, int pixels, const float *panels, size_t panel, float *c, bool add);
    void (*conv_block)(const nst_conv_job *job, int block, float *workspace);
    void (*first_forward)(const nst_first_layer *layer, const float *x, const nst_map *y, int row);
    void (*first_backward)(const nst_first_layer *layer, const nst_map *dz, float *dx, int row);
    void (*widen_row)(const nst_widening *w, bool own, const nst_map *y, int y_row,
                      const nst_map *wide, int wide_row, float *workspace);
    nst_filter_transform filter_transform;
    /* out[count] = numbers of IEEE binary16, exactly; false when one is not finite */
    bool (*halves)(const uint16_t *halves, size_t count, float *out);
    /* out[x] = sum over t of weight[x][t] in[first[x] + t], in the order of t. In blocks of
     * NST_RESAMPLE_BLOCK pixels, of which the last is filled up: weight[block][t][pixel]. Both
     * begin at a cache line. */
    void (*resample_row)(const float *in, const int32_t *first, const float *weight, int taps,
                         int width, float *out);
} nst_isa;

extern const nst_isa nst_isa_base;
extern const nst_isa nst_isa_avx2;
extern const nst_isa nst_isa_avx512;

/* The widest one this processor has. NST_ISA=base|avx2|avx512 in the environment asks for a
 * narrower one, for tests. */
const nst_isa *nst_isa_best(void);

/* Whether that one's products of bfloat16 run here. */
bool nst_isa_has_bf16(void);

/* Floats from one tile to the next in the transformed input: one group more than the channels,
 * because distances of a power of two share few sets of a cache. */
static inline int nst_conv_stride(int padded_channels)
{
    return padded_channels + NST_GROUP;
}

/* Pixels whose wide features are computed together: few enough for these to stay in the
 * second-level cache. */
enum { NST_WIDEN_PIXELS = 64 };

/* The most pixels of a rectangle of 32 tiles, with its border and what a product reads and writes
 * past its end. A rectangle 1 tile wide and 32 high has the most. */
enum { NST_BF16_PIXELS = 6 * (4 * 32 + 2) + 36 };

/* Output channels whose products are computed together, so that they stay in cache. */
enum { NST_BLAS_PANEL = 64 };

#endif
