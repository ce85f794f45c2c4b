/* Gram matrices, the input transform, total variation, resampling: against double references, and
 * the same bytes for any number of threads. */
#include "reference.h"

#include "kernels/gemm.h"
#include "kernels/gram.h"
#include "kernels/isa.h"
#include "kernels/pixels.h"
#include "kernels/resample.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const int shapes[][3] = {{16, 1, 1}, {5, 3, 7}, {33, 1, 29}, {64, 40, 31}, {130, 9, 300}};

/* ---- Gram
 * ----------------------------------------------------------------------------------------- */

/* Weights that sum to 1, zero in places. */
static float *pixel_weights(size_t pixels, uint64_t seed)
{
    float *weight = ref_random_floats(pixels, seed);
    double sum = 0.0;
    for (size_t p = 0; p < pixels; p++) {
        weight[p] = p % 5 == 1 ? 0.0f : fabsf(weight[p]) + 0.1f;
        sum += (double)weight[p];
    }
    for (size_t p = 0; p < pixels; p++)
        weight[p] = (float)((double)weight[p] / sum);
    return weight;
}

/* In bands of one and two slabs by turns, or all at once. */
static void measure(const nst_map *map, const float *weight, bool own, bool recompute, int threads,
                    float *gram, float *mean)
{
    size_t n = (size_t)nst_padded(map->c);
    double scale = weight ? 1.0 : 1.0 / ((double)map->h * map->w);
    float *workspace =
        ref_random_floats(nst_gram_workspace(map->c), 3); /* not zero: must not matter */
    nst_moments moments = {ref_alloc(n * n, sizeof(double)),
                           mean ? ref_alloc(n, sizeof(double)) : NULL};
    int rows = recompute ? nst_gram_slab(map->c, map->w) : map->h;
    for (int begin = 0, band = 1, end; begin < map->h; begin = end, band = 3 - band) {
        end = begin + band * rows < map->h ? begin + band * rows : map->h;
        nst_gram_add(map, begin, end, weight ? weight + begin * map->w : NULL, own, &moments,
                     workspace, threads);
    }
    nst_gram_finish(&moments, map->c, scale, gram, mean, 2);
    free(workspace), free(moments.products), free(moments.sums);
}

static void check_gram(int c, int h, int w, bool own, bool weighted, bool centered)
{
    size_t n = (size_t)nst_padded(c), pixels = (size_t)h * (size_t)w;
    nst_map map = ref_random_map(c, h, w, 1);
    double *f = ref_unpack(&map), *want = ref_alloc(n * n, sizeof *want);
    double *got = ref_alloc(n * n, sizeof *got), *center = ref_alloc(n, sizeof *center);
    float *gram = ref_random_floats(n * n, 1), *twin = ref_random_floats(n * n, 2);
    float *weight = weighted ? pixel_weights(pixels, 4) : NULL;
    float *mean = centered ? ref_random_floats(n, 5) : NULL;
    float *mean_twin = centered ? ref_random_floats(n, 6) : NULL;
    measure(&map, weight, own, false, 1, gram, mean);
    measure(&map, weight, own, true, 3, twin, mean_twin);
    assert_memory_equal(gram, twin, n * n * sizeof *gram);
    if (centered) {
        assert_memory_equal(mean, mean_twin, n * sizeof *mean);
        for (size_t i = 0; i < (size_t)c; i++)
            for (size_t p = 0; p < pixels; p++)
                center[i] +=
                    (weight ? (double)weight[p] : 1.0 / (double)pixels) * f[i * pixels + p];
        for (size_t i = 0; i < n; i++)
            assert_true(fabs((double)mean[i] - center[i]) < 1e-6);
    }
    for (size_t i = 0; i < (size_t)c; i++)
        for (size_t j = 0; j < (size_t)c; j++)
            for (size_t p = 0; p < pixels; p++)
                want[i * n + j] += (weight ? (double)weight[p] : 1.0 / (double)pixels) *
                                   (f[i * pixels + p] - center[i]) *
                                   (f[j * pixels + p] - center[j]);
    for (size_t i = 0; i < n * n; i++)
        got[i] = (double)gram[i];
    if (!centered || pixels > 1) /* a single pixel does not vary */
        assert_true(ref_error(got, want, n * n) < 1e-5);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            assert_true(gram[i * n + j] == gram[j * n + i]);
            if (i >= (size_t)c)
                assert_true(gram[i * n + j] == 0.0f);
        }
    free(map.data), free(f), free(want), free(got), free(center), free(gram), free(twin);
    free(weight), free(mean), free(mean_twin);
}

static void test_gram_is_the_mean_of_products(void **state)
{
    (void)state;
    for (size_t s = 0; s < COUNT(shapes); s++)
        for (int kind = 0; kind < 8; kind++)
            check_gram(shapes[s][0], shapes[s][1], shapes[s][2], kind & 4, kind & 1, kind & 2);
}

/* Our own product is the same to the last bit with every instruction set that has FMA, and close to
 * the reference with every other. */
static void test_own_gram_by_instruction_set(void **state)
{
    static const char *const isas[] = {"avx512", "avx2", "base"};
    (void)state;
    for (size_t s = 0; s < COUNT(shapes); s++) {
        int c = shapes[s][0], h = shapes[s][1], w = shapes[s][2];
        size_t n = (size_t)nst_padded(c);
        nst_map map = ref_random_map(c, h, w, 1);
        float *gram[COUNT(isas)], *first = NULL;
        for (size_t i = 0; i < COUNT(isas); i++) {
            setenv("NST_ISA", isas[i], 1);
            gram[i] = ref_random_floats(n * n, i);
            measure(&map, NULL, true, false, 2, gram[i], NULL);
            if (nst_isa_best()->has_fma && first)
                assert_memory_equal(gram[i], first, n * n * sizeof *first);
            else if (nst_isa_best()->has_fma)
                first = gram[i];
            for (int kind = 0; kind < 4; kind++)
                check_gram(c, h, w, true, kind & 1, kind & 2);
        }
        unsetenv("NST_ISA");
        for (size_t i = 0; i < COUNT(isas); i++)
            free(gram[i]);
        free(map.data);
    }
}

/* Nothing counts: nothing comes out, whatever the workspace held. */
static void test_gram_of_no_pixels_is_zero(void **state)
{
    (void)state;
    nst_map map = ref_random_map(20, 9, 7, 1);
    float *weight = ref_alloc(9 * 7, sizeof *weight), *gram = ref_random_floats(32 * 32, 2);
    for (int own = 0; own < 2; own++) {
        measure(&map, weight, own, false, 2, gram, NULL);
        for (size_t i = 0; i < 32 * 32; i++)
            assert_true(gram[i] == 0.0f);
    }
    free(map.data), free(weight), free(gram);
}

static void test_map_distance(void **state)
{
    (void)state;
    for (size_t s = 0; s < COUNT(shapes); s++) {
        int c = shapes[s][0], h = shapes[s][1], w = shapes[s][2];
        nst_map a = ref_random_map(c, h, w, 1), b = ref_random_map(c, h, w, 2);
        double *x = ref_unpack(&a), *y = ref_unpack(&b), d = 0.0, square = 0.0;
        double *partial = ref_alloc((size_t)h, sizeof *partial);
        for (size_t i = 0; i < (size_t)c * (size_t)h * (size_t)w; i++) {
            d += (x[i] - y[i]) * (x[i] - y[i]);
            square += x[i] * x[i];
        }
        double whole = nst_map_distance(&a, 0, h, &b, 0, 0.0, partial, 2);
        assert_true(fabs(whole - d) < 1e-9 * d);
        assert_true(fabs(nst_map_distance(&a, 0, h, NULL, 0, 0.0, partial, 1) - square) <
                    1e-9 * square);
        double upper = nst_map_distance(&a, 0, h / 2, &b, 0, 0.0, partial, 3);
        assert_true(nst_map_distance(&a, h / 2, h, &b, h / 2, upper, partial, 1) == whole);
        assert_true(nst_map_finite(&a));
        *ref_pixel(&a, c - 1, h - 1, w - 1) = INFINITY;
        assert_false(nst_map_finite(&a));
        free(a.data), free(b.data), free(x), free(y), free(partial);
    }
}

/* ---- pixels
 * ---------------------------------------------------------------------------------------- */

static void test_transform_and_its_gradient(void **state)
{
    (void)state;
    const nst_transform transforms[] = {
        {false, 1.0f, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}},
        {true, 255.0f, {103.939f, 116.779f, 123.68f}, {1.0f, 1.0f, 1.0f}},
    };
    enum { H = 5, W = 7, N = H * W };
    float *pixels = ref_random_floats(3 * N, 1), *dx = ref_random_floats(3 * N, 2);
    for (size_t t = 0; t < COUNT(transforms); t++) {
        const nst_transform *tr = &transforms[t];
        float *x = ref_alloc(3 * (H + 2) * (W + 2), sizeof *x), gradient[3 * N];
        memset(x, 1, 3 * (H + 2) * (W + 2) * sizeof *x); /* must not matter */
        nst_transform_forward(tr, pixels, (nst_rows){H, W, 0, H}, x, 2);
        nst_transform_backward(tr, dx, H, 0, (nst_rows){H, W, 0, H}, gradient, 2);
        for (int c = 0; c < 3; c++)
            for (int y = -1; y <= H; y++)
                for (int i = -1; i <= W; i++) {
                    float got = x[(c * (H + 2) + y + 1) * (W + 2) + i + 1];
                    int source = tr->bgr ? 2 - c : c;
                    int row = y < 0 ? 0 : y == H ? H - 1 : y, column = i < 0 ? 0 : i;
                    column = column == W ? W - 1 : column;
                    double pixel = (double)pixels[source * N + row * W + column];
                    double want =
                        ((double)tr->scale * pixel - (double)tr->mean[c]) / (double)tr->std[c];
                    assert_true(fabs((double)got - want) < 1e-5 * (1.0 + fabs(want)));
                    if (row != y || column != i)
                        continue;
                    double back =
                        (double)dx[c * N + y * W + i] * (double)tr->scale / (double)tr->std[c];
                    assert_true(fabs((double)gradient[source * N + y * W + i] - back) <
                                1e-5 * (1.0 + fabs(back)));
                }
        free(x);
    }
    free(pixels), free(dx);
}

static double variation(const double *p, int h, int w)
{
    double sum = 0.0, count = 3.0 * (h * (w - 1) + (h - 1) * w);
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                double v = p[(c * h + y) * w + x];
                if (x + 1 < w)
                    sum += pow(p[(c * h + y) * w + x + 1] - v, 2);
                if (y + 1 < h)
                    sum += pow(p[(c * h + y + 1) * w + x] - v, 2);
            }
    return count > 0.0 ? sum / count : 0.0;
}

static void test_variation_and_its_gradient(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {2, 2}, {13, 21}};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        int h = sizes[s][0], w = sizes[s][1];
        size_t n = 3 * (size_t)h * (size_t)w;
        float *pixels = ref_random_floats(n, 1), *gradient = ref_random_floats(n, 2);
        float *before = ref_random_floats(n, 2);
        double *p = ref_alloc(n, sizeof *p), *partial = ref_alloc((size_t)h, sizeof *partial);
        for (size_t i = 0; i < n; i++)
            p[i] = (double)pixels[i];
        double value = nst_variation(pixels, h, w, 0.7f, gradient, partial, 3);
        assert_true(fabs(value - variation(p, h, w)) < 1e-6);
        assert_true(value == nst_variation(pixels, h, w, 0.7f, NULL, partial, 1));
        for (size_t i = 0; i < n; i++) {
            double saved = p[i], step = 1e-4;
            p[i] = saved + step;
            double up = variation(p, h, w);
            p[i] = saved - step;
            double down = variation(p, h, w);
            p[i] = saved;
            double want = (double)before[i] + 0.7 * (up - down) / (2.0 * step);
            assert_true(fabs((double)gradient[i] - want) < 1e-5);
        }
        free(pixels), free(gradient), free(before), free(p), free(partial);
    }
}

/* ---- resampling
 * ------------------------------------------------------------------------------------ */

static void test_resample_keeps_constants_and_size(void **state)
{
    (void)state;
    const int sizes[][4] = {
        {1, 1, 5, 3}, {7, 9, 7, 9}, {100, 3, 10, 30}, {64, 64, 1, 1}, {5, 300, 50, 2}};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        size_t in = (size_t)sizes[s][0] * (size_t)sizes[s][1];
        size_t out = (size_t)sizes[s][2] * (size_t)sizes[s][3];
        float *a = ref_alloc(in, sizeof *a), *b = ref_random_floats(out, 1);
        for (size_t i = 0; i < in; i++)
            a[i] = 0.625f;
        assert_int_equal(
            nst_resample(a, sizes[s][0], sizes[s][1], b, sizes[s][2], sizes[s][3], 2, NULL),
            NST_OK);
        for (size_t i = 0; i < out; i++)
            assert_true(fabsf(b[i] - 0.625f) < 1e-5f);
        free(a), free(b);
    }
}

static void test_resample_to_the_same_size_changes_nothing(void **state)
{
    (void)state;
    float *a = ref_random_floats(11 * 17, 1), b[11 * 17];
    assert_int_equal(nst_resample(a, 11, 17, b, 11, 17, 2, NULL), NST_OK);
    for (size_t i = 0; i < COUNT(b); i++)
        assert_true(fabsf(a[i] - b[i]) < 1e-6f);
    free(a);
}

/* Away from the edge a growing cubic reproduces a straight line at pixel centers; a stretched one
 * sampled at whole pixels does so only nearly. */
static void test_resample_ramp(void **state)
{
    (void)state;
    enum { IN = 64 };
    const int outs[] = {32, 48, 96, 200};
    float ramp[IN], *out = ref_alloc(256, sizeof *out);
    for (int i = 0; i < IN; i++)
        ramp[i] = (float)i;
    for (size_t s = 0; s < COUNT(outs); s++) {
        double ratio = (double)IN / outs[s];
        assert_int_equal(nst_resample(ramp, 1, IN, out, 1, outs[s], 1, NULL), NST_OK);
        for (int i = 0; i < outs[s]; i++) {
            double want = (i + 0.5) * ratio - 0.5;
            if (want > 5.0 && want < IN - 6.0)
                assert_true(fabs((double)out[i] - want) < (outs[s] > IN ? 1e-4 : 0.02));
        }
    }
    free(out);
}

/* The finest stripes there are become grey, not other stripes. */
static void test_shrinking_does_not_alias(void **state)
{
    (void)state;
    enum { IN = 256, OUT = 100 };
    float *in = ref_alloc(IN * IN, sizeof *in), *out = ref_alloc(OUT * OUT, sizeof *out);
    for (int i = 0; i < IN * IN; i++)
        in[i] = (float)((i % IN + i / IN) % 2);
    assert_int_equal(nst_resample(in, IN, IN, out, OUT, OUT, 2, NULL), NST_OK);
    for (int y = 3; y < OUT - 3; y++)
        for (int x = 3; x < OUT - 3; x++)
            assert_true(fabsf(out[y * OUT + x] - 0.5f) < 0.02f);
    free(in), free(out);
}

/* Keys' cubic, stretched when the axis shrinks, as kernels/resample.h says. */
static double cubic(double x)
{
    x = fabs(x);
    return x < 1.0   ? (1.5 * x - 2.5) * x * x + 1.0
           : x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
                     : 0.0;
}

static double resampled(const float *in, int h, int w, int out_h, int out_w, int y, int x)
{
    double down = (double)h / out_h, across = (double)w / out_w, sum = 0.0, all = 0.0;
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) {
            double weight = cubic((i - (y + 0.5) * down + 0.5) / fmax(down, 1.0)) *
                            cubic((j - (x + 0.5) * across + 0.5) / fmax(across, 1.0));
            sum += weight * (double)in[i * w + j];
            all += weight;
        }
    return sum / all;
}

/* Every set has its own loop over pixels, and all give the same bytes. */
static void test_resample_by_instruction_set(void **state)
{
    (void)state;
    static const char *const isas[] = {"avx512", "avx2", "base"};
    static const int sizes[][4] = {{9, 40, 5, 17}, {7, 33, 11, 50}, {1, 1, 3, 16}, {30, 31, 4, 1}};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const int h = sizes[s][0], w = sizes[s][1], out_h = sizes[s][2], out_w = sizes[s][3];
        const size_t count = (size_t)out_h * (size_t)out_w;
        float *in = ref_random_floats((size_t)h * (size_t)w, 5), *first = NULL;
        for (size_t i = 0; i < COUNT(isas); i++) {
            float *out = ref_alloc(count, sizeof *out);
            setenv("NST_ISA", isas[i], 1);
            assert_int_equal(nst_resample(in, h, w, out, out_h, out_w, 2, NULL), NST_OK);
            for (int y = 0; y < out_h; y++)
                for (int x = 0; x < out_w; x++)
                    assert_float_equal(out[y * out_w + x],
                                       (float)resampled(in, h, w, out_h, out_w, y, x), 1e-5f);
            if (first)
                assert_memory_equal(out, first, count * sizeof *out);
            else
                first = out;
            if (out != first)
                free(out);
        }
        unsetenv("NST_ISA");
        free(first), free(in);
    }
}

/* ---- numbers of half precision --------------------------------------------------------------- */

static void test_all_halves(void **state)
{
    (void)state;
    enum { ALL = 65536 };
    static const char *const isas[] = {"avx512", "avx2", "base"};
    static uint16_t halves[ALL];
    static float out[ALL];
    for (size_t h = 0; h < ALL; h++)
        halves[h] = (uint16_t)h;
    for (size_t i = 0; i < COUNT(isas); i++) {
        setenv("NST_ISA", isas[i], 1);
        assert_false(nst_isa_best()->halves(halves, ALL, out)); /* some are not finite */
        for (int h = 0; h < ALL; h++) {
            int exponent = h >> 10 & 31, mantissa = h & 1023;
            double value = exponent ? ldexp(1024 + mantissa, exponent - 25) : ldexp(mantissa, -24);
            if (exponent == 31) {
                assert_true(!isfinite(out[h]));
                assert_false(nst_isa_best()->halves(&halves[h], 1, &out[h]));
                continue;
            }
            assert_true((double)fabsf(out[h]) == value);
            assert_true(!signbit(out[h]) == (h < 32768));
        }
        assert_true(nst_isa_best()->halves(halves, 31 << 10, out));
    }
    unsetenv("NST_ISA");
}

int main(void)
{
    assert_int_equal(nst_gemm_prepare(NULL), NST_OK);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gram_is_the_mean_of_products),
        cmocka_unit_test(test_own_gram_by_instruction_set),
        cmocka_unit_test(test_gram_of_no_pixels_is_zero),
        cmocka_unit_test(test_map_distance),
        cmocka_unit_test(test_transform_and_its_gradient),
        cmocka_unit_test(test_variation_and_its_gradient),
        cmocka_unit_test(test_resample_keeps_constants_and_size),
        cmocka_unit_test(test_resample_to_the_same_size_changes_nothing),
        cmocka_unit_test(test_resample_ramp),
        cmocka_unit_test(test_shrinking_does_not_alias),
        cmocka_unit_test(test_resample_by_instruction_set),
        cmocka_unit_test(test_all_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
