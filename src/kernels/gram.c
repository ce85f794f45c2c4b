#include "kernels/gram.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/gemm.h"
#include "kernels/isa.h"

enum {
    SLABS = 8,    /* summed at the same time */
    PIXELS = 256, /* gathered for one product by OpenBLAS */
    PANEL = 128   /* gathered for one of our own: so many pixels of three groups of channels fit
                     into a first-level cache of 32 KB */
};

/* The least pixels of a slab. After each slab come n^2 additions; with so many pixels they take
 * little of the time. */
static int slab_pixels(int c)
{
    return c <= 64 ? 2048 : 512;
}

int nst_gram_slab(int c, int w)
{
    int rows = NST_TILE;
    /* A picture that is too narrow for a layer has w = 0 there; nst_pass_check refuses it. */
    while (w > 0 && (long long)rows * w < slab_pixels(c))
        rows *= 2;
    return rows;
}

typedef struct {
    const nst_isa *isa; /* for our own product; NULL: by OpenBLAS */
    const nst_map *map;
    const float *weight; /* its first row is row `top` of the map */
    const nst_moments *moments;
    float *slabs;  /* [SLABS][n][n] */
    float *pixels; /* [SLABS][PIXELS][n]; for our own product each [n / 16][PANEL][16] */
    size_t n;
    int most;                       /* pixels of a product */
    int top, begin, end, slab_rows; /* begin, end: rows that are being summed */
    int count;
} run;

static const float *weights_of(const run *r, int y)
{
    return r->weight ? r->weight + (size_t)(y - r->top) * (size_t)r->map->w : NULL;
}

/* Pixels x..x+count-1 of a row, stored after `before` others. Each factor of the product is scaled
 * by the root of the weight, and so the product by the weight. */
static void gather(const run *r, int y, int x, int before, int count, float *pixels)
{
    const float *weight = weights_of(r, y);
    size_t group_step = r->isa ? (size_t)PANEL * NST_GROUP : NST_GROUP;
    size_t pixel_step = r->isa ? NST_GROUP : r->n;
    for (int group = 0; group < nst_groups(r->map->c); group++) {
        const float *from = nst_map_at(r->map, group, y, x);
        float *to = pixels + (size_t)group * group_step + (size_t)before * pixel_step;
        if (!weight && pixel_step == NST_GROUP) {
            memcpy(to, from, (size_t)count * NST_GROUP * sizeof *to);
            continue;
        }
        for (int i = 0; i < count; i++, from += NST_GROUP, to += pixel_step) {
            float root = weight ? sqrtf(weight[x + i]) : 1.0f;
            for (int c = 0; c < NST_GROUP; c++)
                to[c] = root * from[c];
        }
    }
}

static void multiply(const run *r, int count, const float *pixels, bool add, float *sum)
{
    int n = (int)r->n;
    if (r->isa)
        r->isa->gram_product(n, count, pixels, (size_t)PANEL * NST_GROUP, sum, add);
    else
        nst_gemm_gram(n, count, pixels, n, add ? 1.0f : 0.0f, sum, n);
}

/* Moves *x past pixels of weight zero; returns how many pixels from there on have a weight, at most
 * `most`. */
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
    int gathered = 0;
    float *sum = r->slabs + (size_t)slab * r->n * r->n;
    float *pixels = r->pixels + (size_t)slab * PIXELS * r->n;
    int first = r->begin + slab * r->slab_rows;
    int last = first + r->slab_rows < r->end ? first + r->slab_rows : r->end;
    bool add = false;

    for (int y = first; y < last; y++) {
        for (int x = 0, count; (count = next_pixels(r, y, &x, r->most - gathered)) > 0;
             x += count) {
            gather(r, y, x, gathered, count, pixels);
            gathered += count;
            if (gathered == r->most) {
                multiply(r, gathered, pixels, add, sum);
                add = true;
                gathered = 0;
            }
        }
    }
    if (gathered > 0)
        multiply(r, gathered, pixels, add, sum);
    else if (!add)
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

void nst_gram_add(const nst_map *map, int begin, int end, const float *weight, bool own,
                  const nst_moments *moments, float *workspace, int threads)
{
    size_t n = (size_t)nst_padded(map->c);
    run r = {
        .isa = own ? nst_isa_best() : NULL,
        .map = map,
        .weight = weight,
        .moments = moments,
        .slabs = workspace,
        .pixels = workspace + SLABS * n * n,
        .n = n,
        .most = own ? PANEL : PIXELS,
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

/* ---- whole matrices, SIDE rows at a time ----------------------------------------------------- */

enum { SIDE = 16 };

typedef struct {
    const nst_moments *moments;
    size_t n;
    double scale;
    float *gram;
} finish_run;

static void clear_rows(void *context, int block, int thread)
{
    (void)thread;
    const finish_run *r = context;
    for (size_t i = (size_t)block * SIDE; i < ((size_t)block + 1) * SIDE; i++)
        memset(r->moments->products + i * r->n + i, 0, (r->n - i) * sizeof(double));
}

void nst_gram_clear(const nst_moments *moments, int c, int threads)
{
    size_t n = (size_t)nst_padded(c);
    finish_run r = {.moments = moments, .n = n};
    nst_parallel_for((int)n / SIDE, threads, clear_rows, &r);
    if (moments->sums)
        memset(moments->sums, 0, n * sizeof(double));
}

/* Squares of SIDE x SIDE, so that the mirrored values are written to lines that are in the
 * cache. */
static void finish_rows(void *context, int block, int thread)
{
    (void)thread;
    const finish_run *r = context;
    const double *sums = r->moments->sums;
    size_t n = r->n, first = (size_t)block * SIDE;
    for (size_t k = first; k < n; k += SIDE)
        for (size_t i = first; i < first + SIDE; i++)
            for (size_t j = k < i ? i : k; j < k + SIDE; j++) {
                double product = r->scale * r->moments->products[i * n + j];
                if (sums)
                    product -= r->scale * sums[i] * r->scale * sums[j];
                r->gram[i * n + j] = r->gram[j * n + i] = (float)product;
            }
}

void nst_gram_finish(const nst_moments *moments, int c, double scale, float *gram, float *mean,
                     int threads)
{
    size_t n = (size_t)nst_padded(c);
    finish_run r = {moments, n, scale, gram};
    nst_parallel_for((int)n / SIDE, threads, finish_rows, &r);
    for (size_t i = 0; moments->sums && i < n; i++)
        mean[i] = (float)(scale * moments->sums[i]);
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
