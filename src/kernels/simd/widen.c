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

void NST_FOR_ISA(nst_widen_pixels_)(const nst_widening *w, bool own, int pixels, const float *rows,
                                    float *wide)
{
    int columns = nst_padded(w->out_c);
    multiply(own, pixels, nst_padded(w->in_c), columns, rows, w->forward, wide);
    for (int p = 0; p < pixels; p++, wide += columns)
        for (int c = 0; c < columns; c += LANES) {
            vec z = vec_load(wide + c) + vec_load(w->bias + c);
            vec_store(wide + c, vec_where(~(z < 0.0f), z)); /* a NaN must show */
        }
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
        NST_FOR_ISA(nst_widen_pixels_)(w, own, pixels, rows, results);
        for (int group = 0; group < nst_groups(w->out_c); group++) {
            float *to = nst_map_at(wide, group, wide_row, x);
            for (int p = 0; p < pixels; p++)
                memcpy(to + (size_t)p * NST_GROUP,
                       results + (size_t)p * out + (size_t)group * NST_GROUP,
                       NST_GROUP * sizeof(float));
        }
    }
}
