/* Options, layers, result sizes and the levels of the pyramid. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nst.h"
#include "style/pyramid.h"

static void test_layer_names(void **state)
{
    (void)state;
    assert_string_equal(nst_layer_name(0), "relu1_1");
    assert_string_equal(nst_layer_name(15), "relu5_4");
    assert_null(nst_layer_name(16));
    assert_null(nst_layer_name(-1));
    for (int i = 0; i < NST_LAYER_MAX; i++)
        assert_int_equal(nst_layer_find(nst_layer_name(i)), i);
    assert_int_equal(nst_layer_find("relu6_1"), -1);
    assert_int_equal(nst_layer_find(""), -1);
}

static void test_defaults_and_presets_are_allowed(void **state)
{
    (void)state;
    nst_options o;
    nst_options_default(&o);
    assert_int_equal(nst_options_check(&o, NULL, NULL), NST_OK);
    for (int p = NST_PRESET_DRAFT; p <= NST_PRESET_HIGH; p++) {
        nst_options_preset(&o, (nst_preset)p);
        assert_int_equal(nst_options_check(&o, NULL, NULL), NST_OK);
    }
}

static void refused(const nst_options *o, const char *text)
{
    nst_error error = {0};
    assert_int_equal(nst_options_check(o, NULL, &error), NST_ERR_ARGUMENT);
    if (!strstr(error.message, text))
        fail_msg("expected '%s' in '%s'", text, error.message);
}

static void with_layers(nst_options *o)
{
    nst_options_default(o);
    o->content_layers[0] = (nst_layer_weight){nst_layer_find("relu4_2"), 1.0f};
    o->content_layer_count = 1;
    for (o->style_layer_count = 0; o->style_layer_count < 3; o->style_layer_count++)
        o->style_layers[o->style_layer_count] = (nst_layer_weight){o->style_layer_count, 1.0f};
}

#define REFUSED(field, value, text)                                                                \
    do {                                                                                           \
        with_layers(&o);                                                                           \
        o.field = (value);                                                                         \
        refused(&o, text);                                                                         \
    } while (0)

static void test_ranges(void **state)
{
    (void)state;
    nst_options o;
    REFUSED(size, 15, "size 15: expected 16 to 32768");
    REFUSED(size, 32769, "size");
    REFUSED(iterations, -1, "iterations");
    REFUSED(iterations, 100001, "iterations");
    REFUSED(coarse_iterations, -1, "coarse-iterations");
    REFUSED(scales, 17, "scales");
    REFUSED(min_size, 15, "min-size");
    REFUSED(content_weight, -0.1f, "content-weight");
    REFUSED(strength, -1.0f, "strength -1: expected 0 to 100");
    REFUSED(strength, 100.5f, "strength");
    REFUSED(strength, NAN, "strength");
    REFUSED(style_weight, NAN, "style-weight");
    REFUSED(tv_weight, INFINITY, "tv-weight");
    REFUSED(style_scale, 0.01f, "style-scale");
    REFUSED(optimizer, (nst_optimizer)2, "optimizer");
    REFUSED(learning_rate, -1.0f, "learning-rate");
    REFUSED(history, 0, "history");
    REFUSED(history, 101, "history");
    REFUSED(init, (nst_init)9, "init");
    REFUSED(pooling, (nst_pooling)3, "pooling");
    REFUSED(threads, 257, "threads");
    REFUSED(style_layers[1].layer, 0, "relu1_1 appears twice");
    REFUSED(style_layers[1].layer, 16, "no layer number 16");
    REFUSED(style_layers[0].weight, -1.0f, "relu1_1: expected a weight of 0 or more");
    REFUSED(content_layers[0].weight, 0.0f, "at least one layer");
    REFUSED(style_layer_count, 17, "at most 16");
}

/* A loss that counts for nothing needs no layers. */
static void test_no_layers_without_weight(void **state)
{
    (void)state;
    nst_options o;
    nst_options_default(&o);
    o.content_weight = 0.0f;
    o.content_layer_count = 1;
    o.content_layers[0] = (nst_layer_weight){0, 0.0f};
    assert_int_equal(nst_options_check(&o, NULL, NULL), NST_OK);
}

static void result(int size, int w, int h, int want_w, int want_h)
{
    nst_options o;
    nst_options_default(&o);
    o.size = size;
    nst_result_size(&o, w, h, &w, &h);
    assert_int_equal(w, want_w);
    assert_int_equal(h, want_h);
}

static void test_result_size_keeps_aspect(void **state)
{
    (void)state;
    result(512, 1024, 768, 512, 384);
    result(512, 768, 1024, 384, 512);
    result(512, 100, 100, 512, 512);
    result(0, 123, 45, 123, 45);
    result(16, 30000, 1, 16, 1);
    result(512, 1000, 667, 512, 342);
}

static void levels(int scales, int w, int h, int side_min, int count, int first_w, int first_h)
{
    nst_options o;
    nst_level level[NST_SCALES_MAX];
    nst_options_default(&o);
    o.scales = scales;
    o.iterations = 7;
    o.coarse_iterations = 9;
    assert_int_equal(nst_pyramid_levels(&o, w, h, side_min, level), count);
    assert_int_equal(level[0].width, first_w);
    assert_int_equal(level[0].height, first_h);
    assert_int_equal(level[count - 1].width, w);
    assert_int_equal(level[count - 1].height, h);
    for (int i = 0; i < count; i++)
        assert_int_equal(level[i].iterations, i == count - 1 ? 7 : 9);
}

static void test_pyramid(void **state)
{
    (void)state;
    levels(0, 512, 384, 16, 3, 128, 96);
    levels(0, 200, 100, 16, 1, 200, 100);
    levels(2, 512, 384, 16, 2, 256, 192);
    levels(1, 4096, 4096, 16, 1, 4096, 4096);
    levels(16, 64, 64, 16, 3, 16, 16);    /* no coarser than the network can look at */
    levels(0, 2048, 40, 16, 2, 1024, 20); /* nor in the other direction */
    levels(0, 8, 8, 16, 1, 8, 8);
    levels(16, 1 << 15, 1 << 15, 1, 16, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layer_names),
        cmocka_unit_test(test_defaults_and_presets_are_allowed),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_no_layers_without_weight),
        cmocka_unit_test(test_result_size_keeps_aspect),
        cmocka_unit_test(test_pyramid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
