/* Preparing wide taps, and sending rows of pixels to threads. */
#include "kernels/widen.h"

#include <stdlib.h>
#include <string.h>

#include "base/aligned.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/parallel.h"
#include "kernels/isa.h"

size_t nst_widening_floats(int in_c, int out_c)
{
    size_t in = (size_t)nst_padded(in_c), out = (size_t)nst_padded(out_c);
    return 2 * in * out + out;
}

nst_status nst_widening_create(int in_c, int out_c, const float *weights, const float *bias,
                               nst_widening *out, nst_error *error)
{
    size_t rows = (size_t)nst_padded(in_c), columns = (size_t)nst_padded(out_c);
    nst_widening w = {in_c, out_c, nst_aligned_zeros(rows * columns, sizeof(float)),
                      nst_aligned_zeros(rows * columns, sizeof(float)),
                      nst_aligned_zeros(columns, sizeof(float))};
    if (!w.forward || !w.backward || !w.bias) {
        nst_widening_destroy(&w);
        return nst_fail_memory_for(error, "wide taps");
    }
    for (int k = 0; k < out_c; k++) {
        for (int c = 0; c < in_c; c++) {
            float value = weights[(size_t)k * (size_t)in_c + (size_t)c];
            w.forward[nst_panel_index(rows, columns, (size_t)c, (size_t)k)] = value;
            w.backward[nst_panel_index(columns, rows, (size_t)k, (size_t)c)] = value;
        }
        w.bias[k] = bias[k];
    }
    *out = w;
    return NST_OK;
}

void nst_widening_destroy(nst_widening *widening)
{
    free(widening->forward);
    free(widening->backward);
    free(widening->bias);
    *widening = (nst_widening){0};
}

size_t nst_widen_workspace(int in_c, int out_c)
{
    return NST_WIDEN_PIXELS * (size_t)(nst_padded(in_c) + nst_padded(out_c));
}

typedef struct {
    const nst_isa *isa;
    const nst_widening *widening;
    const nst_map *y, *wide;
    int begin, first;
    bool own;
    float *workspace;
    size_t per_thread;
} run;

static void widen_row(void *context, int row, int thread)
{
    const run *r = context;
    r->isa->widen_row(r->widening, r->own, r->y, r->begin + row, r->wide, r->first + row,
                      r->workspace + (size_t)thread * r->per_thread);
}

void nst_widen(const nst_widening *widening, const nst_map *y, int begin, bool own,
               const nst_map *wide, int first, int rows, float *workspace, size_t per_thread,
               int threads)
{
    run r = {nst_isa_best(), widening, y, wide, begin, first, own, workspace, per_thread};
    nst_parallel_for(rows, threads, widen_row, &r);
}
