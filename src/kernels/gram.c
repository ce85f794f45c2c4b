#include "kernels/gram.h"

#include <stdbool.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/gemm.h"

enum {
    SLABS = 8,   /* summed separately, then in order */
    PIXELS = 256 /* gathered for one product */
};

typedef struct {
    const nst_map *map;
    float *gram;
    float *sums;   /* [SLABS][n][n] */
    float *pixels; /* [SLABS][PIXELS][n] */
    size_t n;
    int slabs;
} run;

static void sum_slab(void *context, int slab, int thread)
{
    (void)thread;
    const run *r = context;
    const nst_map *map = r->map;
    float *sum = r->sums + (size_t)slab * r->n * r->n;
    float *pixels = r->pixels + (size_t)slab * PIXELS * r->n;
    int first = (int)((long long)map->h * slab / r->slabs);
    int last = (int)((long long)map->h * (slab + 1) / r->slabs);
    int gathered = 0;
    float beta = 0.0f;

    for (int y = first; y < last; y++) {
        for (int x = 0; x < map->w;) {
            int run_of = map->w - x < PIXELS - gathered ? map->w - x : PIXELS - gathered;
            for (int group = 0; group < nst_groups(map->c); group++) {
                const float *from = nst_map_at(map, group, y, x);
                float *to = pixels + (size_t)gathered * r->n + (size_t)group * NST_GROUP;
                for (int i = 0; i < run_of; i++)
                    memcpy(to + (size_t)i * r->n, from + (size_t)i * NST_GROUP,
                           NST_GROUP * sizeof(float));
            }
            gathered += run_of;
            x += run_of;
            bool last_of_slab = y == last - 1 && x == map->w;
            if (gathered == PIXELS || last_of_slab) {
                nst_gemm_gram((int)r->n, gathered, pixels, (int)r->n, beta, sum, (int)r->n);
                beta = 1.0f;
                gathered = 0;
            }
        }
    }
}

/* Row `row` of the upper triangle, and its mirror image: exactly symmetric. */
static void add_slabs(void *context, int row, int thread)
{
    (void)thread;
    const run *r = context;
    double scale = 1.0 / ((double)r->map->h * (double)r->map->w);
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

void nst_gram_forward(const nst_map *map, float *gram, float *workspace, int threads)
{
    size_t n = (size_t)nst_padded(map->c);
    run r = {
        .map = map, .gram = gram, .sums = workspace, .pixels = workspace + SLABS * n * n, .n = n};
    r.slabs = map->h < SLABS ? map->h : SLABS;
    nst_parallel_for(r.slabs, threads, sum_slab, &r);
    nst_parallel_for((int)n, threads, add_slabs, &r);
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
