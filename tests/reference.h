/* Slow references of kernel tests: planar double arrays [c][h][w] and plain loops. */
#ifndef NST_TESTS_REFERENCE_H
#define NST_TESTS_REFERENCE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/conv.h"
#include "kernels/map.h"

/* Uniform in [-1, 1), from a counter. */
static inline double ref_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (double)(z >> 11) * 0x1p-52 - 1.0;
}

static inline void *ref_alloc(size_t count, size_t size)
{
    size_t bytes = (count * size + 63) / 64 * 64;
    void *p = aligned_alloc(64, bytes ? bytes : 64);
    assert_non_null(p);
    memset(p, 0, bytes ? bytes : 64);
    return p;
}

static inline float *ref_random_floats(size_t n, uint64_t seed)
{
    float *p = ref_alloc(n, sizeof *p);
    for (size_t i = 0; i < n; i++)
        p[i] = (float)ref_random(&seed);
    return p;
}

static inline nst_map ref_map(int c, int h, int w)
{
    return (nst_map){ref_alloc(nst_map_floats(c, h, w), sizeof(float)), c, h, w};
}

static inline float *ref_pixel(const nst_map *map, int c, int y, int x)
{
    return nst_map_at(map, c / NST_GROUP, y, x) + c % NST_GROUP;
}

static inline nst_map ref_random_map(int c, int h, int w, uint64_t seed)
{
    nst_map map = ref_map(c, h, w);
    for (int k = 0; k < c; k++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                *ref_pixel(&map, k, y, x) = (float)ref_random(&seed);
    return map;
}

static inline double *ref_unpack(const nst_map *map)
{
    double *out = ref_alloc((size_t)map->c * (size_t)map->h * (size_t)map->w, sizeof *out);
    size_t i = 0;
    for (int k = 0; k < map->c; k++)
        for (int y = 0; y < map->h; y++)
            for (int x = 0; x < map->w; x++)
                out[i++] = (double)*ref_pixel(map, k, y, x);
    return out;
}

/* Everything outside the picture and in padded channels is still zero. */
static inline void ref_assert_border_zero(const nst_map *map)
{
    int plane_h = (int)nst_plane_side(map->h), plane_w = (int)nst_plane_side(map->w);
    for (int k = 0; k < nst_padded(map->c); k++)
        for (int y = -1; y < plane_h - 1; y++)
            for (int x = -1; x < plane_w - 1; x++)
                if (k >= map->c || y < 0 || x < 0 || y >= map->h || x >= map->w)
                    assert_true(*ref_pixel(map, k, y, x) == 0.0f);
}

static inline double ref_error(const double *got, const double *want, size_t n)
{
    double d = 0.0, s = 0.0;
    for (size_t i = 0; i < n; i++) {
        d += (got[i] - want[i]) * (got[i] - want[i]);
        s += want[i] * want[i];
    }
    return sqrt(d / (s > 0.0 ? s : 1.0));
}

/* z = conv(x, w) + bias, w [k][c][3][3]; backward: the gradient with respect to x of sum(z * dz).
 */
static inline double *ref_conv(const double *x, const float *w, const float *bias, int k, int c,
                               int h, int wd)
{
    double *z = ref_alloc((size_t)k * (size_t)h * (size_t)wd, sizeof *z);
    for (int o = 0; o < k; o++)
        for (int y = 0; y < h; y++)
            for (int i = 0; i < wd; i++) {
                double sum = bias ? (double)bias[o] : 0.0;
                for (int ch = 0; ch < c; ch++)
                    for (int t = 0; t < 9; t++) {
                        int yy = y + t / 3 - 1, xx = i + t % 3 - 1;
                        if (yy >= 0 && xx >= 0 && yy < h && xx < wd)
                            sum +=
                                (double)w[((size_t)o * (size_t)c + (size_t)ch) * 9 + (size_t)t] *
                                x[((size_t)ch * (size_t)h + (size_t)yy) * (size_t)wd + (size_t)xx];
                    }
                z[((size_t)o * (size_t)h + (size_t)y) * (size_t)wd + (size_t)i] = sum;
            }
    return z;
}

static inline double *ref_conv_backward(const double *dz, const float *w, int k, int c, int h,
                                        int wd)
{
    double *dx = ref_alloc((size_t)c * (size_t)h * (size_t)wd, sizeof *dx);
    for (int o = 0; o < k; o++)
        for (int y = 0; y < h; y++)
            for (int i = 0; i < wd; i++)
                for (int ch = 0; ch < c; ch++)
                    for (int t = 0; t < 9; t++) {
                        int yy = y + t / 3 - 1, xx = i + t % 3 - 1;
                        if (yy >= 0 && xx >= 0 && yy < h && xx < wd)
                            dx[((size_t)ch * (size_t)h + (size_t)yy) * (size_t)wd + (size_t)xx] +=
                                (double)w[((size_t)o * (size_t)c + (size_t)ch) * 9 + (size_t)t] *
                                dz[((size_t)o * (size_t)h + (size_t)y) * (size_t)wd + (size_t)i];
                    }
    return dx;
}

#endif
