#include "kernels/resample.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/aligned.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/parallel.h"
#include "kernels/isa.h"

/* For each output sample of an axis, the first input sample it takes from and its weights, which
 * lie in blocks of so many samples; what fills up the last block repeats the last sample. */
typedef struct {
    int block;
    int32_t *first; /* [out] */
    float *weight;  /* [out / block][taps][block] */
    int taps;
} axis;

static double keys(double x)
{
    x = fabs(x);
    if (x < 1.0)
        return (1.5 * x - 2.5) * x * x + 1.0;
    if (x < 2.0)
        return ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    return 0.0;
}

static void axis_release(axis *a)
{
    free(a->first);
    free(a->weight);
}

static bool axis_make(int in, int out, axis *a)
{
    double ratio = (double)in / out, stretch = ratio > 1.0 ? ratio : 1.0;
    int taps = (int)ceil(4.0 * stretch) + 1;
    if (taps > in)
        taps = in;
    size_t block = (size_t)a->block, filled = ((size_t)out + block - 1) / block * block, count;
    a->taps = taps;
    a->first = nst_aligned_alloc(filled, sizeof *a->first);
    a->weight =
        nst_mul_size(filled, (size_t)taps, &count) ? nst_aligned_alloc(count, sizeof(float)) : NULL;
    if (!a->first || !a->weight)
        return false;
    for (size_t at = 0; at < filled; at++) {
        int i = at < (size_t)out ? (int)at : out - 1;
        double center = (i + 0.5) * ratio - 0.5;
        int first = (int)ceil(center - 2.0 * stretch);
        if (first > in - taps)
            first = in - taps;
        if (first < 0)
            first = 0;
        float *weight = a->weight + at / block * block * (size_t)taps + at % block;
        double sum = 0.0;
        for (int t = 0; t < taps; t++)
            sum += keys((first + t - center) / stretch);
        for (int t = 0; t < taps; t++)
            weight[(size_t)t * block] = (float)(keys((first + t - center) / stretch) / sum);
        a->first[at] = first;
    }
    return true;
}

typedef struct {
    const nst_isa *isa;
    const float *in;
    float *middle, *out; /* middle [in_h][out_w] */
    int in_w, out_w;
    axis across, down;
} run;

static void across_row(void *context, int y, int thread)
{
    (void)thread;
    const run *r = context;
    r->isa->resample_row(r->in + (size_t)y * (size_t)r->in_w, r->across.first, r->across.weight,
                         r->across.taps, r->out_w, r->middle + (size_t)y * (size_t)r->out_w);
}

static void down_row(void *context, int y, int thread)
{
    (void)thread;
    const run *r = context;
    const float *weight = r->down.weight + (size_t)y * (size_t)r->down.taps;
    float *out = r->out + (size_t)y * (size_t)r->out_w;
    for (int x = 0; x < r->out_w; x++)
        out[x] = 0.0f;
    for (int t = 0; t < r->down.taps; t++) {
        const float *from = r->middle + (size_t)(r->down.first[y] + t) * (size_t)r->out_w;
        for (int x = 0; x < r->out_w; x++)
            out[x] += weight[t] * from[x];
    }
}

nst_status nst_resample(const float *in, int in_h, int in_w, float *out, int out_h, int out_w,
                        int threads, nst_error *error)
{
    nst_status status = NST_OK;
    run r = {.isa = nst_isa_best(),
             .in = in,
             .out = out,
             .in_w = in_w,
             .out_w = out_w,
             .across.block = NST_RESAMPLE_BLOCK,
             .down.block = 1};
    size_t count = 0;
    if (nst_mul_size((size_t)in_h, (size_t)out_w, &count) && count <= SIZE_MAX / sizeof(float))
        r.middle = malloc(count * sizeof(float));
    if (!axis_make(in_w, out_w, &r.across) || !axis_make(in_h, out_h, &r.down) || !r.middle) {
        status = nst_fail_memory_for(error, "resizing %dx%d to %dx%d", in_w, in_h, out_w, out_h);
        goto cleanup;
    }
    nst_parallel_for(in_h, threads, across_row, &r);
    nst_parallel_for(out_h, threads, down_row, &r);
cleanup:
    axis_release(&r.across);
    axis_release(&r.down);
    free(r.middle);
    return status;
}
