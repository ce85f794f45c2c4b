/* Convolution, pooling, ReLU and the gradients of losses, each algorithm and instruction set
 * against double references, on odd sizes. */
#include "reference.h"

#include <stdio.h>

#include "base/aligned.h"
#include "kernels/conv.h"
#include "kernels/gemm.h"
#include "kernels/isa.h"
#include "kernels/widen.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    int in, out, h, w;
} shapes[] = {
    {16, 16, 1, 1},   {16, 32, 4, 4},   {5, 20, 7, 3},    {16, 3, 13, 5},  {40, 70, 9, 9},
    {130, 64, 6, 11}, {64, 96, 17, 31}, {32, 16, 37, 41}, {5, 257, 9, 13}, {257, 3, 25, 21},
};
static const nst_conv_algorithm algorithms[] = {NST_CONV_IM2COL, NST_CONV_WINOGRAD, NST_CONV_PACKED,
                                                NST_CONV_BF16};
static const char *const isas[] = {"base", "avx2", "avx512"};

static const double TOLERANCE = 1e-5;

/* Products of bfloat16 are exact, and sums are single: with values that bfloat16 has, NST_CONV_BF16
 * is as close to the reference as the others are. */
static bool eight_bits;

static float *random_floats(size_t n, uint64_t seed)
{
    float *p = ref_random_floats(n, seed);
    for (size_t i = 0; eight_bits && i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &p[i], sizeof bits);
        bits &= 0xffff0000;
        memcpy(&p[i], &bits, sizeof bits);
    }
    return p;
}

static nst_map random_map(int c, int h, int w, uint64_t seed)
{
    float *values = random_floats((size_t)c * (size_t)h * (size_t)w, seed);
    nst_map map = ref_map(c, h, w);
    size_t i = 0;
    for (int k = 0; k < c; k++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                *ref_pixel(&map, k, y, x) = values[i++];
    free(values);
    return map;
}

/* The caller frees its matrix. */
static nst_filter make_filter(nst_conv_algorithm algorithm, int out, int in, const float *weights,
                              bool backward)
{
    nst_filter filter;
    float *matrix = nst_aligned_alloc(nst_filter_floats(algorithm, out, in), sizeof *matrix);
    assert_non_null(matrix);
    nst_filter_make(algorithm, out, in, weights, backward, nst_isa_best()->filter_transform, 1,
                    matrix, &filter);
    return filter;
}

/* Call body for every shape, algorithm and instruction set of this machine. */
typedef void (*shape_test)(nst_conv_algorithm algorithm, int in, int out, int h, int w);

static void for_all(shape_test test)
{
    for (size_t i = 0; i < COUNT(isas); i++) {
        setenv("NST_ISA", isas[i], 1);
        if (strcmp(nst_isa_best()->name, isas[i]) != 0) {
            printf("SKIP: this processor has no %s\n", isas[i]);
            continue;
        }
        for (size_t a = 0; a < COUNT(algorithms); a++) {
            eight_bits = algorithms[a] == NST_CONV_BF16;
            if (eight_bits && !nst_conv_has_bf16()) {
                printf("SKIP: no products of bfloat16 with %s\n", isas[i]);
                continue;
            }
            for (size_t s = 0; s < COUNT(shapes); s++)
                test(algorithms[a], shapes[s].in, shapes[s].out, shapes[s].h, shapes[s].w);
        }
    }
    eight_bits = false;
    unsetenv("NST_ISA");
}

static size_t volume(int c, int h, int w)
{
    return (size_t)c * (size_t)h * (size_t)w;
}

static float *padded_bias(const float *bias, int c)
{
    float *p = ref_alloc((size_t)nst_padded(c), sizeof *p);
    memcpy(p, bias, (size_t)c * sizeof *p);
    return p;
}

static void assert_close(const nst_map *got, const double *want)
{
    double *values = ref_unpack(got);
    double error = ref_error(values, want, volume(got->c, got->h, got->w));
    if (!(error < TOLERANCE))
        fail_msg("[%d,%d,%d]: relative error %g", got->c, got->h, got->w, error);
    ref_assert_border_zero(got);
    free(values);
}

static void relu(double *z, size_t n)
{
    for (size_t i = 0; i < n; i++)
        z[i] = z[i] > 0.0 ? z[i] : 0.0;
}

/* ---- forward --------------------------------------------------------------------------------- */

/* Pooling of y itself, not of a reference: so ties cannot make the two disagree. */
static void check_pooled(const nst_pooled *pooled, const nst_map *y)
{
    for (int c = 0; c < y->c; c++)
        for (int i = 0; i < y->h / 2; i++)
            for (int j = 0; j < y->w / 2; j++) {
                float v[4], best, sum = 0.0f;
                int route = 0, positive = 0;
                for (int k = 0; k < 4; k++) {
                    v[k] = *ref_pixel(y, c, 2 * i + k / 2, 2 * j + k % 2);
                    sum += v[k];
                    positive |= v[k] > 0.0f ? 1 << k : 0;
                }
                best = v[0];
                route = 1;
                for (int k = 1; k < 4; k++)
                    if (v[k] > best) {
                        best = v[k];
                        route = 1 << k;
                    }
                if (best <= 0.0f)
                    route = 0;
                float got = *ref_pixel(&pooled->map, c, i, j);
                int got_route =
                    pooled->route[(((size_t)(c / NST_GROUP) * (size_t)(y->h / 2) + (size_t)i) *
                                       (size_t)(y->w / 2) +
                                   (size_t)j) *
                                      NST_GROUP +
                                  (size_t)(c % NST_GROUP)];
                if (pooled->kind == NST_POOL_MAX) {
                    assert_true(got == best);
                    assert_int_equal(got_route, route);
                } else {
                    assert_true(fabsf(got - 0.25f * sum) <= 1e-6f * fabsf(sum));
                    assert_int_equal(got_route, positive);
                }
            }
    ref_assert_border_zero(&pooled->map);
}

static void forward(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    nst_map x = random_map(in, h, w, 1), y = ref_map(out, h, w), again = ref_map(out, h, w);
    float *weights = random_floats(volume(out, in, 9), 2);
    float *raw_bias = random_floats((size_t)out, 3), *bias = padded_bias(raw_bias, out);
    nst_filter filter = make_filter(algorithm, out, in, weights, false);
    size_t per_thread = nst_conv_workspace(algorithm, in, out);
    float *workspace = ref_alloc(3 * per_thread, sizeof *workspace);

    double *plain = ref_unpack(&x), *want = ref_conv(plain, weights, raw_bias, out, in, h, w);
    relu(want, volume(out, h, w));
    nst_conv_forward_args args = {&filter, bias, x, y, NULL};
    nst_conv_forward(&args, workspace, per_thread, 1);
    assert_close(&y, want);

    args.y = again;
    nst_conv_forward(&args, workspace, per_thread, 3);
    assert_memory_equal(y.data, again.data, nst_map_floats(out, h, w) * sizeof(float));

    for (int kind = NST_POOL_MAX; kind <= NST_POOL_AVG && h > 1 && w > 1; kind++)
        for (int store = 0; store < 2; store++) {
            nst_pooled pooled = {(nst_pool)kind, ref_map(out, h / 2, w / 2),
                                 ref_alloc(nst_route_bytes(out, h / 2, w / 2), 1)};
            args.pooled = &pooled;
            args.y = store ? again : (nst_map){NULL, out, h, w};
            nst_conv_forward(&args, workspace, per_thread, 2);
            check_pooled(&pooled, &y);
            free(pooled.map.data);
            free(pooled.route);
        }
    free(filter.matrix);
    free(x.data), free(y.data), free(again.data), free(weights), free(raw_bias), free(bias);
    free(workspace), free(plain), free(want);
}

static void test_forward_and_pooling(void **state)
{
    (void)state;
    for_all(forward);
}

/* A NaN in the input must reach the output, not vanish in the ReLU. */
static void nan_passes(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    nst_map x = random_map(in, h, w, 1), y = ref_map(out, h, w);
    *ref_pixel(&x, in - 1, h / 2, w / 2) = NAN;
    float *weights = random_floats(volume(out, in, 9), 2);
    float *bias = ref_alloc((size_t)nst_padded(out), sizeof *bias);
    nst_filter filter = make_filter(algorithm, out, in, weights, false);
    size_t per_thread = nst_conv_workspace(algorithm, in, out);
    float *workspace = ref_alloc(per_thread, sizeof *workspace);
    nst_conv_forward(&(nst_conv_forward_args){&filter, bias, x, y, NULL}, workspace, per_thread, 1);
    assert_true(isnan(*ref_pixel(&y, 0, h / 2, w / 2)));
    free(filter.matrix);
    free(x.data), free(y.data), free(weights), free(bias), free(workspace);
}

static void test_nan_shows(void **state)
{
    (void)state;
    for_all(nan_passes);
}

/* ---- backward -------------------------------------------------------------------------------- */

/* An activation: random, about half of it zero. */
static nst_map random_activation(int c, int h, int w, uint64_t seed)
{
    nst_map y = random_map(c, h, w, seed);
    for (size_t i = 0; i < nst_map_floats(c, h, w); i++)
        y.data[i] = y.data[i] > 0.0f ? y.data[i] : 0.0f;
    return y;
}

static float *symmetric(int c, uint64_t seed)
{
    size_t n = (size_t)nst_padded(c);
    float *m = ref_alloc(n * n, sizeof *m);
    float *values = random_floats((size_t)c * ((size_t)c + 1) / 2, seed);
    for (size_t i = 0; i < (size_t)c; i++)
        for (size_t j = 0; j <= i; j++)
            m[nst_loss_gradient_index(n, i, j)] = m[nst_loss_gradient_index(n, j, i)] =
                values[i * (i + 1) / 2 + j];
    free(values);
    return m;
}

static void add_loss(const nst_loss_gradient *loss, const double *y, const nst_map *target, int c,
                     size_t pixels, double *g)
{
    size_t n = (size_t)nst_padded(c);
    double *t = ref_unpack(target);
    for (int k = 0; k < loss->part_count; k++) {
        const nst_loss_gradient_part *part = &loss->parts[k];
        for (size_t p = 0; p < pixels; p++)
            for (size_t i = 0; i < (size_t)c; i++) {
                double sum = part->offset ? (double)part->offset[i] : 0.0;
                for (size_t j = 0; j < (size_t)c; j++)
                    sum +=
                        (double)part->matrix[nst_loss_gradient_index(n, i, j)] * y[j * pixels + p];
                g[i * pixels + p] += (part->weight ? (double)part->weight[p] : 1.0) * sum;
            }
    }
    for (size_t i = 0; i < (size_t)c * pixels; i++)
        g[i] += (double)loss->scale * (y[i] - t[i]);
    free(t);
}

enum { PARTS = 3 };

/* Three parts with all that a part can have: everywhere, in the upper two thirds, and nowhere but
 * in a few pixels. Release with free_parts. */
static void random_parts(int c, int h, int w, uint64_t seed, nst_loss_gradient_part parts[PARTS])
{
    size_t pixels = (size_t)h * (size_t)w;
    for (uint64_t k = 0; k < PARTS; k++) {
        float *offset = random_floats((size_t)nst_padded(c), seed + k);
        float *weight = random_floats(pixels, seed + 10 + k);
        for (int i = c; i < nst_padded(c); i++)
            offset[i] = 0.0f;
        for (size_t p = 0; p < pixels; p++)
            if (k == 1 ? p >= 2 * pixels / 3 : p % 37 != 0)
                weight[p] = 0.0f;
        if (k == 0)
            free(weight), weight = NULL;
        if (k == 2)
            free(offset), offset = NULL;
        parts[k] = (nst_loss_gradient_part){symmetric(c, seed + 20 + k), offset, weight};
    }
}

static void free_parts(nst_loss_gradient_part parts[PARTS])
{
    for (int k = 0; k < PARTS; k++)
        free((float *)parts[k].matrix), free((float *)parts[k].offset),
            free((float *)parts[k].weight);
}

/* The layer below has `in` channels, this one `out`. */
static void backward(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    size_t pixels = (size_t)h * (size_t)w;
    nst_map dz = random_map(out, h, w, 1), y = random_activation(in, h, w, 2);
    nst_map twin = ref_map(in, h, w), target = random_map(in, h, w, 3);
    size_t bytes = nst_map_floats(in, h, w) * sizeof(float);
    memcpy(twin.data, y.data, bytes);
    float *weights = random_floats(volume(out, in, 9), 4);
    nst_loss_gradient_part parts[PARTS];
    random_parts(in, h, w, 5, parts);
    nst_filter filter = make_filter(algorithm, out, in, weights, true);
    size_t per_thread = nst_conv_workspace(algorithm, out, in > out ? in : out);
    float *workspace = ref_alloc(3 * per_thread, sizeof *workspace);
    double *plain_dz = ref_unpack(&dz), *plain_y = ref_unpack(&y);
    double *bare = ref_conv_backward(plain_dz, weights, out, in, h, w);
    double *want = ref_alloc(volume(in, h, w), sizeof *want);

    nst_loss_gradient loss = {parts, PARTS, target.data, 0.7f, NULL, NULL};
    memcpy(want, bare, volume(in, h, w) * sizeof *want);
    add_loss(&loss, plain_y, &target, in, pixels, want);
    for (size_t i = 0; i < volume(in, h, w); i++)
        want[i] = plain_y[i] > 0.0 ? want[i] : 0.0;
    nst_conv_backward_args args = {
        .algorithm = algorithm, .filter = &filter, .dz = dz, .y = y, .masked = true, .loss = &loss};
    nst_conv_backward(&args, workspace, per_thread, 1);
    assert_close(&y, want);

    args.y = twin;
    nst_conv_backward(&args, workspace, per_thread, 3);
    assert_memory_equal(y.data, twin.data, bytes);

    /* Unmasked, y is not read. */
    args = (nst_conv_backward_args){.algorithm = algorithm, .filter = &filter, .dz = dz, .y = twin};
    nst_conv_backward(&args, workspace, per_thread, 2);
    assert_close(&twin, bare);

    free(filter.matrix);
    free_parts(parts);
    free(dz.data), free(y.data), free(twin.data), free(target.data), free(weights);
    free(workspace), free(plain_dz), free(plain_y), free(bare), free(want);
}

static void test_backward(void **state)
{
    (void)state;
    for_all(backward);
}

/* conv's output was pooled: its gradient arrives at the pooled size and goes where the route says.
 */
static void backward_pooled(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    if (h < 2 || w < 2)
        return;
    float *weights = random_floats(volume(out, in, 9), 4);
    nst_filter filter = make_filter(algorithm, out, in, weights, true);
    size_t per_thread = nst_conv_workspace(algorithm, out, in > out ? in : out);
    float *workspace = ref_alloc(2 * per_thread, sizeof *workspace);
    for (int kind = NST_POOL_MAX; kind <= NST_POOL_AVG; kind++) {
        nst_pooled pooled = {(nst_pool)kind, random_map(out, h / 2, w / 2, 7),
                             ref_alloc(nst_route_bytes(out, h / 2, w / 2), 1)};
        nst_map dz = ref_map(out, h, w), y = random_activation(in, h, w, 8),
                spread = ref_map(out, h, w);
        uint64_t seed = 9;
        for (int c = 0; c < out; c++)
            for (int i = 0; i < h / 2; i++)
                for (int j = 0; j < w / 2; j++) {
                    int pick = (int)((ref_random(&seed) + 1.0) * 8.0); /* 0..15 */
                    int route = kind == NST_POOL_AVG ? pick : pick < 4 ? 1 << pick : 0;
                    size_t at =
                        (((size_t)(c / NST_GROUP) * (size_t)(h / 2) + (size_t)i) * (size_t)(w / 2) +
                         (size_t)j) *
                            NST_GROUP +
                        (size_t)(c % NST_GROUP);
                    pooled.route[at] = (uint8_t)route;
                    float g =
                        *ref_pixel(&pooled.map, c, i, j) * (kind == NST_POOL_AVG ? 0.25f : 1.0f);
                    for (int k = 0; k < 4; k++)
                        *ref_pixel(&dz, c, 2 * i + k / 2, 2 * j + k % 2) =
                            route >> k & 1 ? g : 0.0f;
                }
        double *plain_dz = ref_unpack(&dz), *plain_y = ref_unpack(&y);
        double *want = ref_conv_backward(plain_dz, weights, out, in, h, w);
        for (size_t i = 0; i < volume(in, h, w); i++)
            want[i] = plain_y[i] > 0.0 ? want[i] : 0.0;
        nst_conv_backward_args args = {
            .algorithm = algorithm, .filter = &filter, .pooled = &pooled, .y = y, .masked = true};
        nst_conv_backward(&args, workspace, per_thread, 2);
        assert_close(&y, want);

        args = (nst_conv_backward_args){.algorithm = algorithm, .pooled = &pooled, .y = spread};
        nst_conv_backward(&args, workspace, per_thread, 2);
        assert_close(&spread, plain_dz);
        free(pooled.map.data), free(pooled.route), free(dz.data), free(y.data), free(spread.data);
        free(plain_dz), free(plain_y), free(want);
    }
    free(filter.matrix);
    free(weights), free(workspace);
}

static void test_backward_through_pooling(void **state)
{
    (void)state;
    for_all(backward_pooled);
}

/* The deepest layer: nothing behind it, its gradient is the loss's alone. */
static void tap_alone(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    (void)in;
    nst_map y = random_activation(out, h, w, 1), target = random_map(out, h, w, 2);
    float *matrix = symmetric(out, 3);
    size_t per_thread = nst_conv_workspace(algorithm, out, out);
    float *workspace = ref_alloc(2 * per_thread, sizeof *workspace);
    double *plain = ref_unpack(&y), *want = ref_alloc(volume(out, h, w), sizeof *want);
    const nst_loss_gradient_part part = {matrix, NULL, NULL};
    nst_loss_gradient loss = {&part, 1, target.data, -0.3f, NULL, NULL};
    add_loss(&loss, plain, &target, out, (size_t)h * (size_t)w, want);
    for (size_t i = 0; i < volume(out, h, w); i++)
        want[i] = plain[i] > 0.0 ? want[i] : 0.0;
    nst_conv_backward(
        &(nst_conv_backward_args){.algorithm = algorithm, .y = y, .masked = true, .loss = &loss},
        workspace, per_thread, 2);
    assert_close(&y, want);
    free(y.data), free(target.data), free(matrix), free(workspace), free(plain);
    free(want);
}

static void test_tap_alone(void **state)
{
    (void)state;
    for_all(tap_alone);
}

/* Losses that look at `out` wide features of a map of `in` channels: these, and their gradient
 * taken back. */
static void wide_tap(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    size_t pixels = (size_t)h * (size_t)w;
    bool own = algorithm == NST_CONV_PACKED;
    nst_map y = random_activation(in, h, w, 1), target = random_map(out, h, w, 2);
    float *weights = random_floats(volume(out, in, 1), 3), *bias = random_floats((size_t)out, 4);
    nst_loss_gradient_part parts[PARTS];
    random_parts(out, h, w, 5, parts);
    nst_widening widening;
    assert_int_equal(nst_widening_create(in, out, weights, bias, &widening, NULL), NST_OK);
    size_t per_thread = nst_conv_workspace(algorithm, in, in);
    if (per_thread < nst_loss_gradient_workspace(in, out))
        per_thread = nst_loss_gradient_workspace(in, out);
    float *workspace = ref_alloc(3 * per_thread, sizeof *workspace);

    double *plain = ref_unpack(&y), *features = ref_alloc(volume(out, h, w), sizeof *features);
    for (int k = 0; k < out; k++)
        for (size_t p = 0; p < pixels; p++) {
            double sum = (double)bias[k];
            for (int c = 0; c < in; c++)
                sum += (double)weights[k * in + c] * plain[(size_t)c * pixels + p];
            features[(size_t)k * pixels + p] = fmax(sum, 0.0);
        }
    /* All rows at once, and the lower ones alone, into their place. */
    nst_map wide = ref_map(out, h, w);
    nst_widen(&widening, &y, 0, own, &wide, 0, h, workspace, per_thread, 3);
    assert_close(&wide, features);
    int begin = h / 2;
    nst_map lower = ref_map(out, h, w);
    nst_widen(&widening, &y, begin, own, &lower, begin, h - begin, workspace, per_thread, 1);
    for (int k = 0; k < out; k++)
        for (int i = begin; i < h; i++)
            for (int j = 0; j < w; j++)
                assert_true(!own || *ref_pixel(&lower, k, i, j) == *ref_pixel(&wide, k, i, j));

    double *gradient = ref_alloc(volume(out, h, w), sizeof *gradient),
           *want = ref_alloc(volume(in, h, w), sizeof *want);
    nst_loss_gradient loss = {parts, PARTS, target.data, 0.7f, NULL, NULL};
    add_loss(&loss, features, &target, out, pixels, gradient);
    loss.wide = &widening;
    for (int c = 0; c < in; c++)
        for (size_t p = 0; p < pixels; p++)
            for (int k = 0; k < out; k++)
                if (features[(size_t)k * pixels + p] > 0.0 && plain[(size_t)c * pixels + p] > 0.0)
                    want[(size_t)c * pixels + p] +=
                        (double)weights[k * in + c] * gradient[(size_t)k * pixels + p];
    nst_map twin = ref_map(in, h, w), again = ref_map(in, h, w);
    memcpy(twin.data, y.data, nst_map_floats(in, h, w) * sizeof(float));
    memcpy(again.data, y.data, nst_map_floats(in, h, w) * sizeof(float));
    nst_conv_backward_args args = {.algorithm = algorithm, .y = y, .masked = true, .loss = &loss};
    nst_conv_backward(&args, workspace, per_thread, 1);
    assert_close(&y, want);
    args.y = twin;
    nst_conv_backward(&args, workspace, per_thread, 3);
    assert_memory_equal(y.data, twin.data, nst_map_floats(in, h, w) * sizeof(float));
    /* With the features kept: OpenBLAS may sum them in another order for other rows. */
    loss.features = wide.data;
    args.y = again;
    nst_conv_backward(&args, workspace, per_thread, 3);
    assert_close(&again, want);
    assert_true(!own || memcmp(y.data, again.data, nst_map_floats(in, h, w) * sizeof(float)) == 0);

    nst_widening_destroy(&widening);
    free_parts(parts);
    free(y.data), free(target.data), free(wide.data), free(lower.data), free(twin.data);
    free(again.data), free(weights), free(bias), free(workspace), free(plain), free(features);
    free(gradient), free(want);
}

static void test_wide_tap(void **state)
{
    (void)state;
    for_all(wide_tap);
}

/* Rounding to bfloat16: to the nearest, not down. */
static void test_bf16_rounds(void **state)
{
    enum { SIDE = 24, IN = 64, OUT = 48 };
    (void)state;
    if (!nst_conv_has_bf16()) {
        printf("SKIP: no products of bfloat16\n");
        return;
    }
    nst_map x = ref_random_map(IN, SIDE, SIDE, 1), y = ref_map(OUT, SIDE, SIDE);
    float *weights = ref_random_floats(volume(OUT, IN, 9), 2);
    float *bias = ref_alloc((size_t)nst_padded(OUT), sizeof *bias);
    nst_filter filter = make_filter(NST_CONV_BF16, OUT, IN, weights, false);
    size_t per_thread = nst_conv_workspace(NST_CONV_BF16, IN, OUT);
    float *workspace = ref_alloc(per_thread, sizeof *workspace);
    nst_conv_forward(&(nst_conv_forward_args){&filter, bias, x, y, NULL}, workspace, per_thread, 1);
    double *plain = ref_unpack(&x), *got = ref_unpack(&y);
    double *want = ref_conv(plain, weights, NULL, OUT, IN, SIDE, SIDE);
    relu(want, volume(OUT, SIDE, SIDE));
    /* Each factor is wrong by up to 2^-9 of its value: 0.0016 for products; cut off it would be
     * twice that and more. */
    double error = ref_error(got, want, volume(OUT, SIDE, SIDE));
    assert_true(error > 1e-4 && error < 0.0024);
    free(filter.matrix);
    free(x.data), free(y.data), free(weights), free(bias), free(workspace);
    free(plain), free(got), free(want);
}

/* ---- the first layer
 * ------------------------------------------------------------------------------ */

static int within(int i, int n)
{
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static void first_layer(nst_conv_algorithm algorithm, int in, int out, int h, int w)
{
    (void)in;
    if (algorithm != NST_CONV_IM2COL)
        return;                 /* has its own kernel, the same for both */
    int ph = h + 2, pw = w + 2; /* with the border */
    float *weights = ref_random_floats(volume(out, 3, 9), 1),
          *bias = ref_random_floats((size_t)out, 2);
    float *pixels = ref_random_floats(volume(3, h, w), 3);
    float *x = ref_alloc(volume(3, ph, pw), sizeof *x);
    double *plain = ref_alloc(volume(3, ph, pw), sizeof *plain);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < ph; i++)
            for (int j = 0; j < pw; j++) {
                float v = pixels[(c * h + within(i - 1, h)) * w + within(j - 1, w)];
                x[(c * ph + i) * pw + j] = v;
                plain[(c * ph + i) * pw + j] = (double)v;
            }
    nst_first_layer layer;
    assert_int_equal(nst_first_layer_create(out, weights, bias, &layer, NULL), NST_OK);
    nst_map y = ref_map(out, h, w), dz = ref_random_map(out, h, w, 4);
    double *all = ref_conv(plain, weights, bias, out, 3, ph, pw);
    double *want = ref_alloc(volume(out, h, w), sizeof *want);
    double *plain_dz = ref_unpack(&dz), *padded_dz = ref_alloc(volume(out, ph, pw), sizeof *all);
    for (int c = 0; c < out; c++)
        for (int i = 0; i < h; i++)
            for (int j = 0; j < w; j++) {
                int inside = (c * ph + i + 1) * pw + j + 1;
                want[(c * h + i) * w + j] = all[inside];
                padded_dz[inside] = plain_dz[(c * h + i) * w + j];
            }
    relu(want, volume(out, h, w));
    nst_first_forward(&layer, x, &y, 2);
    assert_close(&y, want);

    double *padded_dx = ref_conv_backward(padded_dz, weights, out, 3, ph, pw);
    double *want_dx = ref_alloc(volume(3, h, w), sizeof *want_dx);
    double *got_dx = ref_alloc(volume(3, h, w), sizeof *got_dx);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < ph; i++)
            for (int j = 0; j < pw; j++)
                want_dx[(c * h + within(i - 1, h)) * w + within(j - 1, w)] +=
                    padded_dx[(c * ph + i) * pw + j];
    float *dx = ref_alloc(volume(3, h, w), sizeof *dx);
    nst_first_backward(&layer, &dz, dx, 2);
    for (size_t i = 0; i < volume(3, h, w); i++)
        got_dx[i] = (double)dx[i];
    assert_true(ref_error(got_dx, want_dx, volume(3, h, w)) < TOLERANCE);

    nst_first_layer_destroy(&layer);
    free(weights), free(bias), free(pixels), free(x), free(plain), free(y.data), free(dz.data);
    free(all), free(want), free(plain_dz), free(padded_dz), free(padded_dx), free(want_dx);
    free(got_dx), free(dx);
}

static void test_first_layer(void **state)
{
    (void)state;
    for_all(first_layer);
}

int main(void)
{
    assert_int_equal(nst_gemm_prepare(NULL), NST_OK);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forward_and_pooling),
        cmocka_unit_test(test_nan_shows),
        cmocka_unit_test(test_backward),
        cmocka_unit_test(test_backward_through_pooling),
        cmocka_unit_test(test_tap_alone),
        cmocka_unit_test(test_wide_tap),
        cmocka_unit_test(test_bf16_rounds),
        cmocka_unit_test(test_first_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
