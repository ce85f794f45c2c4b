#include "kernels/gram.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/gemm.h"

enum {
    SLABS = 8,   /* summed at the same time */
    PIXELS = 256 /* gathered for one product */
};

/* Pixels of a slab at least: enough for what follows each, n^2 additions, not to matter. */
static int slab_pixels(int c)
{
    return c <= 64 ? 2048 : 512;
}

int nst_gram_slab(int c, int w)
{
    int rows = NST_TILE;
    while ((long long)rows * w < slab_pixels(c))
        rows *= 2;
    return rows;
}

typedef struct {
    const nst_map *map;
    const float *weight; /* of row `top` on */
    const nst_moments *moments;
    float *slabs;  /* [SLABS][n][n] */
    float *pixels; /* [SLABS][PIXELS][n] */
    size_t n;
    int top, begin, end, slab_rows; /* begin, end: of the slabs under way */
    int count;
} run;

static const float *weights_of(const run *r, int y)
{
    return r->weight ? r->weight + (size_t)(y - r->top) * (size_t)r->map->w : NULL;
}

static void gather(const run *r, int y, int x, int count, float *to)
{
    for (int group = 0; group < nst_groups(r->map->c); group++) {
        const float *from = nst_map_at(r->map, group, y, x);
        for (int i = 0; i < count; i++)
            memcpy(to + (size_t)i * r->n + (size_t)group * NST_GROUP, from + (size_t)i * NST_GROUP,
                   NST_GROUP * sizeof(float));
    }
}

/* The root of the weight on either side makes the weight of the product. */
static void weigh(const run *r, int y, int x, int count, float *pixels)
{
    const float *weight = weights_of(r, y) + x;
    for (int i = 0; i < count; i++, pixels += r->n) {
        float root = sqrtf(weight[i]);
        for (size_t c = 0; c < r->n; c++)
            pixels[c] *= root;
    }
}

/* How many pixels from x on count, at most `most`; *x skips those before them that do not. */
static int next_pixels(const run *r, int y, int *x, int most)
{
    const float *weight = weights_of(r, y);
    while (weight && *x < r->map->w && weight[*x] == 0.0f)
        ++*x;
    int end = *x;
    while (end < r->map->w && end - *x < most && !(weight && weight[end] == 0.0f))
        end++;
    return end - *x;
}

static void sum_slab(void *context, int slab, int thread)
{
    (void)thread;
    const run *r = context;
    int n = (int)r->n, gathered = 0;
    float *sum = r->slabs + (size_t)slab * r->n * r->n;
    float *pixels = r->pixels + (size_t)slab * PIXELS * r->n;
    int first = r->begin + slab * r->slab_rows;
    int last = first + r->slab_rows < r->end ? first + r->slab_rows : r->end;
    float beta = 0.0f;

    for (int y = first; y < last; y++) {
        for (int x = 0, count; (count = next_pixels(r, y, &x, PIXELS - gathered)) > 0; x += count) {
            float *to = pixels + (size_t)gathered * r->n;
            gather(r, y, x, count, to);
            if (r->weight)
                weigh(r, y, x, count, to);
            gathered += count;
            if (gathered == PIXELS) {
                nst_gemm_gram(n, gathered, pixels, n, beta, sum, n);
                beta = 1.0f;
                gathered = 0;
            }
        }
    }
    if (gathered > 0)
        nst_gemm_gram(n, gathered, pixels, n, beta, sum, n);
    else if (beta == 0.0f)
        memset(sum, 0, r->n * r->n * sizeof *sum);
}

/* Row `row` of the upper triangle. */
static void add_slabs(void *context, int row, int thread)
{
    (void)thread;
    const run *r = context;
    double *products = r->moments->products + (size_t)row * r->n;
    for (int slab = 0; slab < r->count; slab++) {
        const float *sum = r->slabs + ((size_t)slab * r->n + (size_t)row) * r->n;
        for (size_t j = (size_t)row; j < r->n; j++)
            products[j] += (double)sum[j];
    }
}

/* The first moments of 16 channels, in order. */
static void add_sums(void *context, int group, int thread)
{
    (void)thread;
    const run *r = context;
    double *sums = r->moments->sums + (size_t)group * NST_GROUP;
    for (int y = r->begin; y < r->end; y++) {
        const float *from = nst_map_at(r->map, group, y, 0);
        const float *weight = weights_of(r, y);
        for (int x = 0; x < r->map->w; x++, from += NST_GROUP)
            for (int c = 0; c < NST_GROUP; c++)
                sums[c] += (weight ? (double)weight[x] : 1.0) * (double)from[c];
    }
}

size_t nst_gram_workspace(int c)
{
    size_t n = (size_t)nst_padded(c);
    return SLABS * (n * n + PIXELS * n);
}

void nst_gram_add(const nst_map *map, int begin, int end, const float *weight,
                  const nst_moments *moments, float *workspace, int threads)
{
    size_t n = (size_t)nst_padded(map->c);
    run r = {
        .map = map,
        .weight = weight,
        .moments = moments,
        .slabs = workspace,
        .pixels = workspace + SLABS * n * n,
        .n = n,
        .top = begin,
        .slab_rows = nst_gram_slab(map->c, map->w),
    };
    while (begin < end) {
        long long after = begin + (long long)r.slab_rows * SLABS;
        r.begin = begin;
        r.end = after < end ? (int)after : end;
        r.count = (r.end - r.begin + r.slab_rows - 1) / r.slab_rows;
        nst_parallel_for(r.count, threads, sum_slab, &r);
        nst_parallel_for((int)n, threads, add_slabs, &r);
        if (moments->sums)
            nst_parallel_for(nst_groups(map->c), threads, add_sums, &r);
        begin = r.end;
    }
}

void nst_gram_finish(const nst_moments *moments, int c, double scale, float *gram, float *mean)
{
    size_t n = (size_t)nst_padded(c);
    const double *sums = moments->sums;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i; j < n; j++) {
            double product = scale * moments->products[i * n + j];
            if (sums)
                product -= scale * sums[i] * scale * sums[j];
            gram[i * n + j] = gram[j * n + i] = (float)product;
        }
        if (sums)
            mean[i] = (float)(scale * sums[i]);
    }
}

double nst_squared_distance(const float *a, const float *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double d = (double)a[i] - (b ? (double)b[i] : 0.0);
        sum += d * d;
    }
    return sum;
}
