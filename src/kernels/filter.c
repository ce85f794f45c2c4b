/* Preparing filters: layout for im2col, transform for Winograd. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/aligned.h"
#include "base/checked.h"
#include "base/error.h"
#include "kernels/filter.h"
#include "kernels/map.h"

enum { TAPS = 9, PATCH = 36 };

static nst_status allocate(size_t count, const char *what, float **out, nst_error *error)
{
    *out = nst_aligned_zeros(count, sizeof **out);
    return *out ? NST_OK : nst_fail_memory_for(error, "%s", what);
}

/* U = G g G^T of F(4x4, 3x3), interpolation points 0, 1, -1, 2, -2, infinity. Computed in double:
 * it happens once, and the products inherit its error. */
static void winograd_transform(const float g[TAPS], double u[PATCH])
{
    static const double G[6][3] = {
        {1.0 / 4, 0, 0},
        {-1.0 / 6, -1.0 / 6, -1.0 / 6},
        {-1.0 / 6, 1.0 / 6, -1.0 / 6},
        {1.0 / 24, 1.0 / 12, 1.0 / 6},
        {1.0 / 24, -1.0 / 12, 1.0 / 6},
        {0, 0, 1},
    };
    double rows[6][3];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 3; j++)
            rows[i][j] =
                G[i][0] * (double)g[j] + G[i][1] * (double)g[3 + j] + G[i][2] * (double)g[6 + j];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            u[i * 6 + j] = rows[i][0] * G[j][0] + rows[i][1] * G[j][1] + rows[i][2] * G[j][2];
}

/* Where tap t of input channel c starts in the im2col matrix: rows are [group][tap][16]. */
static size_t im2col_row(int c, int t)
{
    return ((size_t)(c / NST_GROUP) * TAPS + (size_t)t) * NST_GROUP + (size_t)(c % NST_GROUP);
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

nst_status nst_filter_create(nst_conv_algorithm algorithm, int out_c, int in_c,
                             const float *weights, bool backward, nst_filter *out, nst_error *error)
{
    int from = backward ? out_c : in_c, to = backward ? in_c : out_c;
    size_t rows = (size_t)nst_padded(from), columns = (size_t)nst_padded(to);
    float *matrix;
    nst_status status =
        allocate(nst_filter_floats(algorithm, out_c, in_c), "convolution filters", &matrix, error);
    if (status != NST_OK)
        return status;

    for (int k = 0; k < out_c; k++) {
        for (int c = 0; c < in_c; c++) {
            const float *w = weights + ((size_t)k * (size_t)in_c + (size_t)c) * TAPS;
            size_t row = (size_t)(backward ? k : c), column = (size_t)(backward ? c : k);
            float g[TAPS];
            for (int t = 0; t < TAPS; t++)
                g[t] = backward ? w[TAPS - 1 - t] : w[t];
            if (algorithm == NST_CONV_IM2COL) {
                for (int t = 0; t < TAPS; t++)
                    matrix[im2col_row((int)row, t) * columns + column] = g[t];
                continue;
            }
            if (algorithm == NST_CONV_BF16) {
                for (size_t t = 0; t < TAPS; t++)
                    ((uint16_t *)(void *)matrix)[bf16_index(column, row, (size_t)from, t)] =
                        to_bf16(g[t]);
                continue;
            }
            double u[PATCH];
            winograd_transform(g, u);
            size_t panel = algorithm == NST_CONV_PACKED ? NST_PACKED_PANEL : columns;
            size_t first = column / panel * panel; /* column of the panel */
            size_t width = columns - first < panel ? columns - first : panel;
            float *at = matrix + first * PATCH * rows + row * width + (column - first);
            for (size_t e = 0; e < PATCH; e++)
                at[e * rows * width] = (float)u[e];
        }
    }
    *out = (nst_filter){.algorithm = algorithm, .in_c = from, .out_c = to, .matrix = matrix};
    return NST_OK;
}

void nst_filter_destroy(nst_filter *filter)
{
    free(filter->matrix);
    *filter = (nst_filter){0};
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
