#include "kernels/gram.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/gemm.h"

enum {
    SLABS = 8,   /* summed separately, then in order */
    PIXELS = 256 /* gathered for one product */
};

typedef struct {
    const nst_map *map;
    const float *weight, *mean;
    float *gram;
    float *sums;   /* [SLABS][n][n] */
    float *pixels; /* [SLABS][PIXELS][n] */
    size_t n;
    int slabs;
} run;

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
static void centre_and_weigh(const run *r, int y, int x, int count, float *pixels)
{
    const float *weight = r->weight ? r->weight + (size_t)y * (size_t)r->map->w + (size_t)x : NULL;
    for (int i = 0; i < count; i++, pixels += r->n) {
        float root = weight ? sqrtf(weight[i]) : 1.0f;
        for (size_t c = 0; c < r->n; c++)
            pixels[c] = root * (pixels[c] - (r->mean ? r->mean[c] : 0.0f));
    }
}

/* How many pixels from x on count, at most `most`; *x skips those before them that do not. */
static int next_pixels(const run *r, int y, int *x, int most)
{
    const float *weight = r->weight ? r->weight + (size_t)y * (size_t)r->map->w : NULL;
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
    float *sum = r->sums + (size_t)slab * r->n * r->n;
    float *pixels = r->pixels + (size_t)slab * PIXELS * r->n;
    int first = (int)((long long)r->map->h * slab / r->slabs);
    int last = (int)((long long)r->map->h * (slab + 1) / r->slabs);
    float beta = 0.0f;

    for (int y = first; y < last; y++) {
        for (int x = 0, count; (count = next_pixels(r, y, &x, PIXELS - gathered)) > 0; x += count) {
            float *to = pixels + (size_t)gathered * r->n;
            gather(r, y, x, count, to);
            if (r->weight || r->mean)
                centre_and_weigh(r, y, x, count, to);
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

/* Row `row` of the upper triangle, and its mirror image: exactly symmetric. */
static void add_slabs(void *context, int row, int thread)
{
    (void)thread;
    const run *r = context;
    double scale = r->weight ? 1.0 : 1.0 / ((double)r->map->h * (double)r->map->w);
    for (size_t j = (size_t)row; j < r->n; j++) {
        double sum = 0.0;
        for (int slab = 0; slab < r->slabs; slab++)
            sum += (double)r->sums[((size_t)slab * r->n + (size_t)row) * r->n + j];
        r->gram[(size_t)row * r->n + j] = r->gram[j * r->n + (size_t)row] = (float)(sum * scale);
    }
}

size_t nst_gram_workspace(int c)
{
    size_t n = (size_t)nst_padded(c);
    return SLABS * (n * n + PIXELS * n);
}

void nst_gram_forward(const nst_map *map, const float *weight, const float *mean, float *gram,
                      float *workspace, int threads)
{
    size_t n = (size_t)nst_padded(map->c);
    run r = {
        .map = map,
        .weight = weight,
        .mean = mean,
        .gram = gram,
        .sums = workspace,
        .pixels = workspace + SLABS * n * n,
        .n = n,
        .slabs = map->h < SLABS ? map->h : SLABS,
    };
    nst_parallel_for(r.slabs, threads, sum_slab, &r);
    nst_parallel_for((int)n, threads, add_slabs, &r);
}

typedef struct {
    const nst_map *map;
    const float *weight;
    float *mean;
} mean_run;

static void mean_group(void *context, int group, int thread)
{
    (void)thread;
    const mean_run *r = context;
    const nst_map *map = r->map;
    double sum[NST_GROUP] = {0}, scale = r->weight ? 1.0 : 1.0 / ((double)map->h * (double)map->w);
    for (int y = 0; y < map->h; y++) {
        const float *from = nst_map_at(map, group, y, 0);
        const float *weight = r->weight ? r->weight + (size_t)y * (size_t)map->w : NULL;
        for (int x = 0; x < map->w; x++, from += NST_GROUP)
            for (int c = 0; c < NST_GROUP; c++)
                sum[c] += (weight ? (double)weight[x] : 1.0) * (double)from[c];
    }
    for (int c = 0; c < NST_GROUP; c++)
        r->mean[group * NST_GROUP + c] = (float)(scale * sum[c]);
}

void nst_mean_forward(const nst_map *map, const float *weight, float *mean, int threads)
{
    mean_run r = {map, weight, mean};
    nst_parallel_for(nst_groups(map->c), threads, mean_group, &r);
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
