#include "kernels/pixels.h"

#include <math.h>

#include "base/parallel.h"

typedef struct {
    const nst_transform *transform;
    const float *in;
    float *out;
    int h, w;
} transform_run;

/* Index row runs over the rows of all three planes. */
static void forward_row(void *context, int row, int thread)
{
    (void)thread;
    const transform_run *r = context;
    int c = row / r->h, y = row % r->h;
    const nst_transform *t = r->transform;
    size_t width = (size_t)r->w + 2;
    const float *from =
        r->in + ((size_t)(t->bgr ? 2 - c : c) * (size_t)r->h + (size_t)y) * (size_t)r->w;
    float *to = r->out + ((size_t)c * ((size_t)r->h + 2) + (size_t)y + 1) * width + 1;
    float factor = t->scale / t->std[c], shift = t->mean[c] / t->std[c];
    for (int x = 0; x < r->w; x++)
        to[x] = from[x] * factor - shift;
}

static void backward_row(void *context, int row, int thread)
{
    (void)thread;
    const transform_run *r = context;
    int c = row / r->h, y = row % r->h;
    const nst_transform *t = r->transform;
    const float *from = r->in + ((size_t)c * (size_t)r->h + (size_t)y) * (size_t)r->w;
    float *to = r->out + ((size_t)(t->bgr ? 2 - c : c) * (size_t)r->h + (size_t)y) * (size_t)r->w;
    float factor = t->scale / t->std[c];
    for (int x = 0; x < r->w; x++)
        to[x] = from[x] * factor;
}

void nst_transform_forward(const nst_transform *transform, const float *pixels, int h, int w,
                           float *x, int threads)
{
    transform_run r = {transform, pixels, x, h, w};
    nst_parallel_for(3 * h, threads, forward_row, &r);
}

void nst_transform_backward(const nst_transform *transform, const float *dx, int h, int w,
                            float *gradient, int threads)
{
    transform_run r = {transform, dx, gradient, h, w};
    nst_parallel_for(3 * h, threads, backward_row, &r);
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
    const nst_map *y;
    const float *target;
    double *partial;
} distance_run;

static void distance_row(void *context, int index, int thread)
{
    (void)thread;
    const distance_run *r = context;
    const float *row = nst_map_at(r->y, index / r->y->h, index % r->y->h, 0);
    const float *target = r->target ? r->target + (row - r->y->data) : NULL;
    double sum = 0.0;
    for (int i = 0; i < r->y->w * NST_GROUP; i++) {
        double d = (double)row[i] - (target ? (double)target[i] : 0.0);
        sum += d * d;
    }
    r->partial[index] = sum;
}

size_t nst_map_partials(const nst_map *y)
{
    return (size_t)nst_groups(y->c) * (size_t)y->h;
}

double nst_map_distance(const nst_map *y, const float *target, double *partial, int threads)
{
    distance_run r = {y, target, partial};
    int rows = nst_groups(y->c) * y->h;
    nst_parallel_for(rows, threads, distance_row, &r);
    double sum = 0.0;
    for (int i = 0; i < rows; i++)
        sum += partial[i];
    return sum;
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
