#include "kernels/pixels.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"

typedef struct {
    const nst_transform *transform;
    const float *in;
    float *out;
    nst_rows band;
    int dx_rows, skip;
} transform_run;

/* Index row runs over the rows of all three planes, the border's included. */
static void forward_row(void *context, int row, int thread)
{
    (void)thread;
    const transform_run *r = context;
    const nst_transform *t = r->transform;
    int c = row / (r->band.rows + 2), y = row % (r->band.rows + 2) - 1;
    size_t w = (size_t)r->band.w;
    float *to = r->out + (size_t)row * (w + 2);
    int source = r->band.first + y;
    source = source < 0 ? 0 : source >= r->band.h ? r->band.h - 1 : source;
    const float *from =
        r->in + ((size_t)(t->bgr ? 2 - c : c) * (size_t)r->band.h + (size_t)source) * w;
    float factor = t->scale / t->std[c], shift = t->mean[c] / t->std[c];
    for (size_t x = 0; x < w; x++)
        to[x + 1] = from[x] * factor - shift;
    to[0] = to[1];
    to[w + 1] = to[w];
}

static void backward_row(void *context, int row, int thread)
{
    (void)thread;
    const transform_run *r = context;
    const nst_transform *t = r->transform;
    int c = row / r->band.rows, y = row % r->band.rows;
    size_t w = (size_t)r->band.w;
    const float *from = r->in + ((size_t)c * (size_t)r->dx_rows + (size_t)(r->skip + y)) * w;
    float *to =
        r->out +
        ((size_t)(t->bgr ? 2 - c : c) * (size_t)r->band.h + (size_t)(r->band.first + y)) * w;
    float factor = t->scale / t->std[c];
    for (size_t x = 0; x < w; x++)
        to[x] = from[x] * factor;
}

void nst_transform_forward(const nst_transform *transform, const float *pixels, nst_rows band,
                           float *x, int threads)
{
    transform_run r = {.transform = transform, .in = pixels, .out = x, .band = band};
    nst_parallel_for(3 * (band.rows + 2), threads, forward_row, &r);
}

void nst_transform_backward(const nst_transform *transform, const float *dx, int dx_rows, int skip,
                            nst_rows band, float *gradient, int threads)
{
    transform_run r = {transform, dx, gradient, band, dx_rows, skip};
    nst_parallel_for(3 * band.rows, threads, backward_row, &r);
}

typedef struct {
    const float *pixels;
    float *gradient;
    double *partial;
    double scale; /* of the gradient */
    int h, w;
} variation_run;

/* The differences that start in a row, and the gradient of that row: only it is written. */
static void variation_row(void *context, int y, int thread)
{
    (void)thread;
    const variation_run *r = context;
    size_t width = (size_t)r->w;
    double sum = 0.0;
    for (int c = 0; c < 3; c++) {
        size_t row = ((size_t)c * (size_t)r->h + (size_t)y) * width;
        const float *p = r->pixels + row;
        const float *above = y > 0 ? p - width : p, *below = y + 1 < r->h ? p + width : p;
        float *g = r->gradient ? r->gradient + row : NULL;
        for (int x = 0; x < r->w; x++) {
            float right = x + 1 < r->w ? p[x + 1] - p[x] : 0.0f, down = below[x] - p[x];
            sum += (double)right * (double)right + (double)down * (double)down;
            if (g) {
                float left = x > 0 ? p[x] - p[x - 1] : 0.0f, up = p[x] - above[x];
                g[x] += (float)(r->scale * (double)(left - right + up - down));
            }
        }
    }
    r->partial[y] = sum;
}

double nst_variation(const float *pixels, int h, int w, float weight, float *gradient,
                     double *partial, int threads)
{
    double count = 3.0 * ((double)h * (w - 1) + (double)(h - 1) * w);
    if (count == 0.0)
        return 0.0;
    variation_run r = {pixels, gradient, partial, 2.0 * (double)weight / count, h, w};
    nst_parallel_for(h, threads, variation_row, &r);
    double sum = 0.0;
    for (int y = 0; y < h; y++)
        sum += partial[y];
    return sum / count;
}

typedef struct {
    const nst_map *y, *target;
    int begin, target_row;
    double *partial;
} distance_run;

static void distance_row(void *context, int index, int thread)
{
    (void)thread;
    const distance_run *r = context;
    double sum = 0.0;
    for (int group = 0; group < nst_groups(r->y->c); group++) {
        const float *row = nst_map_at(r->y, group, r->begin + index, 0);
        const float *target =
            r->target ? nst_map_at(r->target, group, r->target_row + index, 0) : NULL;
        for (int i = 0; i < r->y->w * NST_GROUP; i++) {
            double d = (double)row[i] - (target ? (double)target[i] : 0.0);
            sum += d * d;
        }
    }
    r->partial[index] = sum;
}

double nst_map_distance(const nst_map *y, int begin, int end, const nst_map *target, int target_row,
                        double sum, double *partial, int threads)
{
    distance_run r = {y, target, begin, target_row, partial};
    nst_parallel_for(end - begin, threads, distance_row, &r);
    for (int i = 0; i < end - begin; i++)
        sum += partial[i];
    return sum;
}

typedef struct {
    const nst_map *from, *to;
    int from_row, to_row, rows;
} copy_run;

static void copy_row(void *context, int index, int thread)
{
    (void)thread;
    const copy_run *r = context;
    int group = index / r->rows, row = index % r->rows;
    memcpy(nst_map_at(r->to, group, r->to_row + row, 0),
           nst_map_at(r->from, group, r->from_row + row, 0),
           (size_t)r->from->w * NST_GROUP * sizeof(float));
}

void nst_map_copy_rows(const nst_map *from, int from_row, const nst_map *to, int to_row, int rows,
                       int threads)
{
    copy_run r = {from, to, from_row, to_row, rows};
    if (rows > 0)
        nst_parallel_for(nst_groups(from->c) * rows, threads, copy_row, &r);
}

static void clear_frame(void *context, int group, int thread)
{
    (void)thread;
    const nst_map *map = context;
    size_t plane_w = nst_plane_side(map->w);
    int last = (int)nst_plane_side(map->h) - 1;
    for (int y = -1; y < last; y++) {
        float *row = nst_map_at(map, group, y, -1);
        if (y < 0 || y >= map->h) {
            memset(row, 0, plane_w * NST_GROUP * sizeof *row);
            continue;
        }
        size_t inside = (size_t)(map->w + 1) * NST_GROUP;
        memset(row, 0, NST_GROUP * sizeof *row);
        memset(row + inside, 0, (plane_w * NST_GROUP - inside) * sizeof *row);
    }
}

void nst_map_clear_frame(const nst_map *map, int threads)
{
    nst_map copy = *map;
    nst_parallel_for(nst_groups(map->c), threads, clear_frame, &copy);
}

typedef struct {
    const float *values;
    size_t count;
    atomic_bool bad;
} finite_run;

enum { FINITE_BLOCK = 1 << 14 };

static void finite_block(void *context, int block, int thread)
{
    (void)thread;
    finite_run *r = context;
    size_t first = (size_t)block * FINITE_BLOCK;
    size_t count = r->count - first < FINITE_BLOCK ? r->count - first : FINITE_BLOCK;
    const float *values = r->values + first;
    int fine = 1;
    for (size_t i = 0; i < count; i++)
        fine &= fabsf(values[i]) <= FLT_MAX;
    if (!fine)
        atomic_store(&r->bad, true);
}

bool nst_values_finite(const float *values, size_t count, int threads)
{
    finite_run r = {.values = values, .count = count};
    nst_parallel_for((int)((count + FINITE_BLOCK - 1) / FINITE_BLOCK), threads, finite_block, &r);
    return !atomic_load(&r.bad);
}

bool nst_map_finite(const nst_map *y)
{
    for (int group = 0; group < nst_groups(y->c); group++)
        for (int row = 0; row < y->h; row++) {
            const float *p = nst_map_at(y, group, row, 0);
            for (int i = 0; i < y->w * NST_GROUP; i++)
                if (!isfinite(p[i]))
                    return false;
        }
    return true;
}
