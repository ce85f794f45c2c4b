/* Preparing filters: layout for im2col, transform for Winograd. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/aligned.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/parallel.h"
#include "kernels/filter.h"
#include "kernels/map.h"

enum { TAPS = NST_TAPS, PATCH = NST_PATCH };

static nst_status allocate(size_t count, const char *what, float **out, nst_error *error)
{
    *out = nst_aligned_zeros(count, sizeof **out);
    return *out ? NST_OK : nst_fail_memory_for(error, "%s", what);
}

/* Where tap t of input channel c starts in the im2col matrix: rows are [group][tap][16]. */
static size_t im2col_row(size_t c, size_t t)
{
    return (c / NST_GROUP * TAPS + t) * NST_GROUP + c % NST_GROUP;
}

/* The upper half of a float, rounded to even. */
static uint16_t to_bf16(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (isnan(value))
        return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* Where NST_CONV_BF16 has tap t from channel `in` of `ins` to channel `out`. */
static size_t bf16_index(size_t out, size_t in, size_t ins, size_t t)
{
    enum { PANEL = NST_BF16_PANEL, DEPTH = NST_BF16_DEPTH, HALF = PANEL / 2 };
    size_t chunks = (ins + DEPTH - 1) / DEPTH;
    size_t at = (out / PANEL * chunks + in / DEPTH) * TAPS + t;
    at = at * 2 + out % PANEL / HALF;
    at = at * (DEPTH / 2) + in % DEPTH / 2;
    return (at * HALF + out % HALF) * 2 + in % 2;
}

size_t nst_filter_floats(nst_conv_algorithm algorithm, int out_c, int in_c)
{
    if (algorithm == NST_CONV_BF16) {
        const size_t unit = NST_BF16_PANEL;
        size_t outs = ((size_t)out_c + unit - 1) / unit * unit;
        size_t ins = ((size_t)in_c + unit - 1) / unit * unit;
        return TAPS * outs * ins / 2;
    }
    size_t planes = algorithm == NST_CONV_IM2COL ? TAPS : PATCH;
    return planes * (size_t)nst_padded(out_c) * (size_t)nst_padded(in_c);
}

/* A bank that is being prepared, 16 columns of its matrices at a time. */
typedef struct {
    nst_filter_transform transform;
    nst_conv_algorithm algorithm;
    const float *weights; /* [out_c][in_c][3][3] */
    int in_c;
    bool backward;
    int from, to;         /* channels, by the direction */
    size_t rows, columns; /* the same, padded */
    float *matrix;
} preparation;

/* The taps from one channel to the 16 from `column` on; zero where there is no such channel. */
static void load_taps(const preparation *p, int row, int column, float g[TAPS][NST_GROUP])
{
    memset(g, 0, TAPS * sizeof *g);
    for (int k = 0; k < NST_GROUP && column + k < p->to && row < p->from; k++) {
        int out = p->backward ? row : column + k, in = p->backward ? column + k : row;
        const float *w = p->weights + ((size_t)out * (size_t)p->in_c + (size_t)in) * TAPS;
        for (int t = 0; t < TAPS; t++)
            g[t][k] = w[p->backward ? TAPS - 1 - t : t];
    }
}

static void store_im2col(const preparation *p, size_t row, size_t column, float g[TAPS][NST_GROUP])
{
    for (size_t t = 0; t < TAPS; t++)
        memcpy(p->matrix + im2col_row(row, t) * p->columns + column, g[t], sizeof g[t]);
}

static void store_winograd(const preparation *p, size_t row, size_t column,
                           float g[TAPS][NST_GROUP])
{
    float u[PATCH][NST_GROUP];
    size_t panel = p->algorithm == NST_CONV_PACKED ? NST_PACKED_PANEL : p->columns;
    size_t first = column / panel * panel; /* column of the panel */
    size_t width = p->columns - first < panel ? p->columns - first : panel;
    float *at = p->matrix + first * PATCH * p->rows + row * width + (column - first);
    p->transform(g, u);
    for (size_t e = 0; e < PATCH; e++)
        memcpy(at + e * p->rows * width, u[e], sizeof u[e]);
}

static void store_bf16(const preparation *p, size_t row, size_t column, float g[TAPS][NST_GROUP])
{
    uint16_t *matrix = (uint16_t *)(void *)p->matrix;
    for (size_t t = 0; t < TAPS && row < (size_t)p->from; t++)
        for (size_t k = 0; k < NST_GROUP; k++)
            matrix[bf16_index(column + k, row, (size_t)p->from, t)] = to_bf16(g[t][k]);
}

static void prepare_columns(void *context, int block, int thread)
{
    (void)thread;
    const preparation *p = context;
    size_t column = (size_t)block * NST_GROUP;
    for (size_t row = 0; row < p->rows; row++) {
        float g[TAPS][NST_GROUP];
        load_taps(p, (int)row, (int)column, g);
        if (p->algorithm == NST_CONV_IM2COL)
            store_im2col(p, row, column, g);
        else if (p->algorithm == NST_CONV_BF16)
            store_bf16(p, row, column, g);
        else
            store_winograd(p, row, column, g);
    }
}

void nst_filter_make(nst_conv_algorithm algorithm, int out_c, int in_c, const float *weights,
                     bool backward, nst_filter_transform transform, int threads, float *matrix,
                     nst_filter *out)
{
    preparation p = {.transform = transform,
                     .algorithm = algorithm,
                     .weights = weights,
                     .in_c = in_c,
                     .backward = backward,
                     .from = backward ? out_c : in_c,
                     .to = backward ? in_c : out_c,
                     .matrix = matrix};
    p.rows = (size_t)nst_padded(p.from);
    p.columns = (size_t)nst_padded(p.to);
    /* All is written, but for what fills up the last panel of bfloat16. */
    if (algorithm == NST_CONV_BF16)
        memset(matrix, 0, nst_filter_floats(algorithm, out_c, in_c) * sizeof *matrix);
    nst_parallel_for((int)(p.columns / NST_GROUP), threads, prepare_columns, &p);
    *out = (nst_filter){.algorithm = algorithm, .in_c = p.from, .out_c = p.to, .matrix = matrix};
}

nst_status nst_first_layer_create(int out_c, const float *weights, const float *bias,
                                  nst_first_layer *out, nst_error *error)
{
    size_t columns = (size_t)nst_padded(out_c);
    nst_first_layer layer = {.out_c = out_c};
    nst_status status = allocate(27 * columns, "the first layer", &layer.w, error);
    if (status == NST_OK)
        status = allocate(columns, "the first layer", &layer.bias, error);
    if (status != NST_OK) {
        nst_first_layer_destroy(&layer);
        return status;
    }
    for (int k = 0; k < out_c; k++) {
        for (size_t t = 0; t < 27; t++)
            layer.w[t * columns + (size_t)k] = weights[(size_t)k * 27 + t];
        layer.bias[k] = bias[k];
    }
    *out = layer;
    return NST_OK;
}

void nst_first_layer_destroy(nst_first_layer *layer)
{
    free(layer->w);
    free(layer->bias);
    *layer = (nst_first_layer){0};
}
