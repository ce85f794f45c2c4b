/* 1x1 convolutions to many channels and back, for a few pixels at a time: see kernels/widen.h. */
#include <string.h>

#include "kernels/gemm.h"
#include "kernels/simd/table.h"

/* out[pixels][columns] = rows[pixels][depth] matrix[depth][columns], which lies in panels */
static void multiply(bool own, int pixels, int depth, int columns, const float *rows,
                     const float *matrix, float *out)
{
    for (int k = 0; k < columns; k += NST_PACKED_PANEL) {
        int width = columns - k < NST_PACKED_PANEL ? columns - k : NST_PACKED_PANEL;
        const float *panel = matrix + (size_t)k * (size_t)depth;
        if (own) {
            NST_FOR_ISA(nst_panel_product_)
            (pixels, width, depth, rows, depth, panel, out + k, columns, 0);
        } else {
            nst_gemm(pixels, width, depth, rows, depth, panel, width, 0.0f, out + k, columns);
        }
    }
}

/* relu(z + bias); a NaN must show. */
static inline vec finish(vec z, const float *bias)
{
    z += vec_load(bias);
    return vec_where(~(z < 0.0f), z);
}

void NST_FOR_ISA(nst_widen_pixels_)(const nst_widening *w, bool own, int pixels, const float *rows,
                                    float *wide)
{
    int columns = nst_padded(w->out_c);
    multiply(own, pixels, nst_padded(w->in_c), columns, rows, w->forward, wide);
    for (int p = 0; p < pixels; p++, wide += columns)
        for (int c = 0; c < columns; c += LANES)
            vec_store(wide + c, finish(vec_load(wide + c), w->bias + c));
}

void NST_FOR_ISA(nst_narrow_pixels_)(const nst_widening *w, bool own, int pixels,
                                     const float *gradient, float *rows)
{
    multiply(own, pixels, nst_padded(w->out_c), nst_padded(w->in_c), gradient, w->backward, rows);
}

void NST_FOR_ISA(nst_widen_row_)(const nst_widening *w, bool own, const nst_map *y, int y_row,
                                 const nst_map *wide, int wide_row, float *workspace)
{
    size_t in = (size_t)nst_padded(w->in_c), out = (size_t)nst_padded(w->out_c);
    float *rows = workspace, *results = rows + NST_WIDEN_PIXELS * in;
    for (int x = 0; x < y->w; x += NST_WIDEN_PIXELS) {
        int pixels = y->w - x < NST_WIDEN_PIXELS ? y->w - x : NST_WIDEN_PIXELS;
        for (int group = 0; group < nst_groups(w->in_c); group++) {
            const float *from = nst_map_at(y, group, y_row, x);
            for (int p = 0; p < pixels; p++)
                memcpy(rows + (size_t)p * in + (size_t)group * NST_GROUP,
                       from + (size_t)p * NST_GROUP, NST_GROUP * sizeof(float));
        }
        multiply(own, pixels, (int)in, (int)out, rows, w->forward, results);
        for (size_t c = 0; c < out; c += LANES) {
            float *to = nst_map_at(wide, (int)(c / NST_GROUP), wide_row, x) + c % NST_GROUP;
            for (int p = 0; p < pixels; p++)
                vec_store(to + (size_t)p * NST_GROUP,
                          finish(vec_load(results + (size_t)p * out + c), w->bias + c));
        }
    }
}
