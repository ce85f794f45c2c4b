/* Writing a model: what comes out reads back as the same model. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/model.h"
#include "model/safetensors.h"
#include "seeded.h"

static void assert_ok(nst_status status, const nst_error *error)
{
    if (status != NST_OK)
        fail_msg("status %d: %s", (int)status, error->message);
}

static nst_status open_bytes(const void *bytes, size_t size, nst_model **out, nst_error *error)
{
    char path[] = "/tmp/nst-encode-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    close(fd);
    nst_status status = nst_model_open(path, out, error);
    unlink(path);
    return status;
}

static nst_model *seeded_model(const char *transform)
{
    static const int widths[] = {5, 12, 17, 9, 20};
    static const int wide[NST_LAYER_MAX] = {33, 0, 0, 4,
                                            21}; /* the last is cut off with its layer */
    char path[] = "/tmp/nst-encode-XXXXXX";
    nst_model *model = NULL;
    nst_error error = {0};
    close(mkstemp(path));
    assert_true(seeded_weights_write(path, 3, widths, 5, wide, transform));
    assert_ok(nst_model_open(path, &model, &error), &error);
    unlink(path);
    return model;
}

static nst_model *again(const nst_model *model, const nst_encode_options *options)
{
    unsigned char *bytes = NULL;
    size_t size;
    nst_model *copy = NULL;
    nst_error error = {0};
    assert_ok(nst_model_encode(model, options, &bytes, &size, &error), &error);
    assert_ok(open_bytes(bytes, size, &copy, &error), &error);
    free(bytes);
    return copy;
}

static void test_single_precision_is_exact(void **state)
{
    (void)state;
    static const char *const transforms[] = {"none", "caffe", "caffe-avg"};
    for (int t = 0; t < 3; t++) {
        nst_model *model = seeded_model(transforms[t]);
        nst_model *copy = again(model, &(nst_encode_options){.deepest = 3});
        nst_model_info a = model->info, b = copy->info;
        assert_int_equal(b.layers, 4);
        assert_string_equal(b.dtype, "F32");
        assert_true(b.has_transform);
        assert_int_equal(a.is_bgr, b.is_bgr);
        assert_int_equal(a.pooling, b.pooling);
        assert_true(a.scale == b.scale);
        assert_memory_equal(a.mean, b.mean, sizeof a.mean);
        assert_memory_equal(a.std, b.std, sizeof a.std);
        for (int i = 0, in = 3; i < b.layers; in = b.widths[i++]) {
            assert_int_equal(a.widths[i], b.widths[i]);
            size_t out = (size_t)b.widths[i];
            assert_memory_equal(model->weights[i], copy->weights[i],
                                out * (size_t)in * 9 * sizeof(float));
            assert_memory_equal(model->bias[i], copy->bias[i], out * sizeof(float));
            size_t wide = (size_t)b.wide[i];
            assert_int_equal(a.wide[i], b.wide[i]);
            if (wide == 0)
                continue;
            assert_memory_equal(model->wide_weights[i], copy->wide_weights[i],
                                wide * out * sizeof(float));
            assert_memory_equal(model->wide_bias[i], copy->wide_bias[i], wide * sizeof(float));
        }
        assert_int_equal(b.wide[0], 33);
        assert_int_equal(b.wide[3], 4);
        assert_int_equal(b.wide[4], 0);
        nst_model_close(model);
        nst_model_close(copy);
    }
}

/* The seeded file with one text of its header in place of another as long. */
static nst_status open_changed(const char *from, const char *to, nst_model **out, nst_error *error)
{
    nst_model *model = seeded_model("none");
    unsigned char *bytes = NULL;
    size_t size, length = strlen(from);
    nst_error encoding = {0};
    assert_ok(nst_model_encode(model, &(nst_encode_options){.deepest = NST_LAYER_MAX}, &bytes,
                               &size, &encoding),
              &encoding);
    unsigned char *at = memmem(bytes, size, from, length);
    assert_non_null(at);
    assert_int_equal(strlen(to), length);
    memcpy(at, to, length);
    nst_status status = open_bytes(bytes, size, out, error);
    free(bytes);
    nst_model_close(model);
    return status;
}

static void test_damaged_taps_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        {"taps.relu1_1.weight", "taps.relu1_1.wright",
         "taps.relu1_1.wright: expected a tap's name"},
        {"taps.relu1_1.weight", "taps.relu1_9.weight", "taps.relu1_9.weight: expected a tap's"},
        {"taps.relu1_1.bias", "lost.relu1_1.bias", "taps.relu1_1.bias is missing beside taps."},
        {"taps.relu1_1.weight", "lost.relu1_1.weight", "taps.relu1_1.weight is missing beside"},
        {"[33,5,1,1]", "[5,33,1,1]",
         "taps.relu1_1.weight: expected [1..1024,5,1,1], got [5,33,1,1]"},
        {"[33,5,1,1]", "[33,1,5,1]",
         "taps.relu1_1.weight: expected [1..1024,5,1,1], got [33,1,5,1]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nst_model *model = NULL;
        nst_error error = {0};
        nst_status status = open_changed(cases[i].from, cases[i].to, &model, &error);
        if (status != NST_ERR_FORMAT || !strstr(error.message, cases[i].says))
            fail_msg("%s -> %s: %s", cases[i].from, cases[i].to, error.message);
        assert_null(model);
    }
}

static void test_the_bundled_model_comes_out_as_it_is(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_safetensors *a = NULL, *b = NULL;
    unsigned char *bytes = NULL;
    size_t size, bundled_size;
    nst_error error = {0};
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    assert_ok(nst_model_encode(model, &(nst_encode_options){.deepest = NST_LAYER_MAX, .half = 1},
                               &bytes, &size, &error),
              &error);
    const void *bundled = nst_bundled_data(&bundled_size);
    assert_ok(nst_safetensors_open_memory(bundled, bundled_size, "a", &a, &error), &error);
    assert_ok(nst_safetensors_open_memory(bytes, size, "b", &b, &error), &error);
    assert_int_equal(nst_safetensors_count(a), nst_safetensors_count(b));
    for (int i = 0; i < nst_safetensors_count(a); i++) {
        const nst_tensor_info *x = nst_safetensors_at(a, i);
        const nst_tensor_info *y = nst_safetensors_find(b, x->name);
        assert_non_null(y);
        assert_int_equal(x->count, y->count);
        assert_memory_equal((const char *)bundled + x->offset, bytes + y->offset, x->count * 2);
        assert_int_equal(y->offset % 2, 0);
    }
    static const char *const keys[] = {"color_order", "scale",  "mean",   "std",
                                       "pooling",     "source", "license"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_string_equal(nst_safetensors_metadata(a, keys[i]),
                            nst_safetensors_metadata(b, keys[i]));
    nst_safetensors_close(a);
    nst_safetensors_close(b);
    nst_model_close(model);
    free(bytes);
}

static void test_text_may_hold_anything(void **state)
{
    (void)state;
    nst_model *model = seeded_model("none");
    const char *source = "a \"quoted\" back\\slash, a\nline, \xc3\xa9", *license = "}{";
    nst_model *copy = again(model, &(nst_encode_options){1, 0, source, license});
    assert_string_equal(copy->info.source, source);
    assert_string_equal(copy->info.license, license);
    nst_model_close(copy);

    /* What is too long is cut between two characters. */
    char text[400] = "";
    for (int i = 0; i < 150; i++)
        strcat(text, "\xc3\xa9");
    copy = again(model, &(nst_encode_options){1, 0, text, license});
    size_t length = strlen(copy->info.source);
    assert_int_equal(length, sizeof copy->info.source / 2 * 2 - 2);
    assert_memory_equal(copy->info.source, text, length);
    nst_model_close(model);
    nst_model_close(copy);
}

/* ---- half precision -------------------------------------------------------------------- */

/* A value of that positive half, exact in double. */
static double half_value(unsigned bits)
{
    int exponent = (int)(bits >> 10), mantissa = (int)(bits & 1023);
    return exponent ? ldexp(1024 + mantissa, exponent - 25) : ldexp(mantissa, -24);
}

/* No half is nearer, and of two as near it is the even one. */
static void assert_nearest(float value, float got)
{
    double v = fabs((double)value), g = fabs((double)got);
    unsigned low = 0, high = 0x7bff; /* the half that got is, by bisection */
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (half_value(middle) < g)
            low = middle + 1;
        else
            high = middle;
    }
    if (half_value(low) != g || (g != 0.0 && !signbit(value) != !signbit(got)))
        fail_msg("%a became %a", (double)value, (double)got);
    for (int side = -1; side <= 1; side += 2) {
        if ((low == 0 && side < 0) || (low == 0x7bff && side > 0))
            continue;
        double other = fabs(v - half_value(low + (unsigned)side)), mine = fabs(v - g);
        if (other < mine || (other == mine && low % 2 == 1))
            fail_msg("%a became %a", (double)value, (double)got);
    }
}

static void test_half_precision_is_the_nearest(void **state)
{
    (void)state;
    nst_model *model = seeded_model("none");
    const size_t count = 9 * 3 * 5;
    for (uint64_t round = 0; round < 200; round++) {
        for (size_t i = 0; i < count; i++) {
            uint64_t random = seeded_bits(5, round * count + i);
            double value = half_value((unsigned)(random % 0x7c00));
            if (round % 2) /* halfway to the next, or a hair beside that */
                value = (value + half_value((unsigned)(random % 0x7bff) + 1)) / 2 *
                        (1.0 + (double)((int)(random >> 40 & 3) - 1) * 1e-6);
            else
                value *= 1.0 + (double)seeded_unit(6, round * count + i) * 1e-3;
            if (value >= 65519.0)
                value = 65519.0;
            model->weights[0][i] = (float)(random >> 63 ? -value : value);
        }
        nst_model *copy = again(model, &(nst_encode_options){.half = 1});
        assert_string_equal(copy->info.dtype, "F16");
        for (size_t i = 0; i < count; i++)
            assert_nearest(model->weights[0][i], copy->weights[0][i]);
        nst_model_close(copy);
    }
    nst_model_close(model);
}

static void test_what_half_precision_cannot_hold_is_an_error(void **state)
{
    (void)state;
    unsigned char *bytes = NULL;
    size_t size;
    nst_error error = {0};
    nst_model *model = seeded_model("none");
    model->bias[0][2] = -65520.0f;
    assert_int_equal(
        nst_model_encode(model, &(nst_encode_options){.half = 1}, &bytes, &size, &error),
        NST_ERR_FORMAT);
    assert_string_equal(error.message, "features.0: -65520 is too large for half precision");
    assert_null(bytes);
    nst_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_precision_is_exact),
        cmocka_unit_test(test_damaged_taps_are_refused),
        cmocka_unit_test(test_the_bundled_model_comes_out_as_it_is),
        cmocka_unit_test(test_text_may_hold_anything),
        cmocka_unit_test(test_half_precision_is_the_nearest),
        cmocka_unit_test(test_what_half_precision_cannot_hold_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
