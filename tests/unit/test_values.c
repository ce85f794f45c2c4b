/* Numbers, layer lists and the option table: text to value and back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "list/output_names.h"
#include "options/option.h"
#include "options/value.h"
#include "util/say.h"
#include "values/layer_list.h"
#include "values/number.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_whole_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    " 1", "1 ",  "1.0", "0x10",
                                      "1e3", "-",  "+-1", "12x", "1-2"};
    long value;
    assert_true(nst_number_int("-12", &value));
    assert_int_equal(value, -12);
    assert_true(nst_number_int("007", &value));
    assert_int_equal(value, 7);
    assert_true(nst_number_int("99999999999999999999", &value));
    assert_true(value > 2147483647);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (nst_number_int(bad[i], &value))
            fail_msg("'%s' was taken for a whole number", bad[i]);
}

static void test_reals(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      " 1",    "nan", "inf", "-inf", "0x1p3",
                                      "1e999", "1.2.3", "e",   "1,5", "--1",  "."};
    double value;
    assert_true(nst_number_real("-2.5e-1", &value));
    assert_true(value == -0.25);
    assert_true(nst_number_real(".5", &value));
    assert_true(value == 0.5);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (nst_number_real(bad[i], &value))
            fail_msg("'%s' was taken for a number", bad[i]);
}

static void test_seeds_use_all_64_bits(void **state)
{
    (void)state;
    uint64_t seed;
    assert_true(nst_number_seed("18446744073709551615", &seed));
    assert_true(seed == UINT64_MAX);
    assert_false(nst_number_seed("18446744073709551616", &seed));
    assert_false(nst_number_seed("-1", &seed));
    assert_false(nst_number_seed("+1", &seed));
    assert_false(nst_number_seed("", &seed));
}

static void test_floats_print_short_and_exact(void **state)
{
    (void)state;
    char text[32];
    double back;
    nst_text_float(0.04f, text, sizeof text);
    assert_string_equal(text, "0.04");
    nst_text_float(1.0f, text, sizeof text);
    assert_string_equal(text, "1");
    uint32_t bits = 1;
    for (int i = 0; i < 2000; i++) {
        float value;
        bits = bits * 1664525u + 1013904223u;
        uint32_t positive = bits & 0x7fffffffu;
        memcpy(&value, &positive, sizeof value);
        if (!isfinite(value))
            continue;
        nst_text_float(value, text, sizeof text);
        assert_true(nst_number_real(text, &back));
        if ((float)back != value)
            fail_msg("%s is not the float it was printed from", text);
    }
}

static void test_layer_lists(void **state)
{
    (void)state;
    nst_layer_weight list[NST_LAYER_MAX];
    char text[NST_LAYERS_TEXT_MAX];
    int count = 0;
    assert_int_equal(nst_layers_parse("x", "relu1_1,relu5_4:0.25,relu2_2:0", list, &count, NULL),
                     NST_OK);
    assert_int_equal(count, 3);
    assert_int_equal(list[0].layer, 0);
    assert_true(list[0].weight == 1.0f);
    assert_int_equal(list[1].layer, 15);
    assert_true(list[1].weight == 0.25f);
    assert_true(list[2].weight == 0.0f);
    nst_layers_print(list, count, text, sizeof text);
    assert_string_equal(text, "relu1_1,relu5_4:0.25,relu2_2:0");
}

static void test_all_layers_fit_one_list(void **state)
{
    (void)state;
    nst_layer_weight list[NST_LAYER_MAX], again[NST_LAYER_MAX];
    char text[NST_LAYERS_TEXT_MAX];
    int count = 0;
    for (int i = 0; i < NST_LAYER_MAX; i++)
        list[i] = (nst_layer_weight){i, 1.17549435e-38f};
    nst_layers_print(list, NST_LAYER_MAX, text, sizeof text);
    assert_int_equal(nst_layers_parse("x", text, again, &count, NULL), NST_OK);
    assert_int_equal(count, NST_LAYER_MAX);
    for (int i = 0; i < NST_LAYER_MAX; i++)
        assert_true(again[i].layer == i && again[i].weight == list[i].weight);
}

static void test_bad_layer_lists_change_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",         ",",          "relu1_1,",    ",relu1_1",    "relu0_1",
        "relu1_1:", "relu1_1:-1", "relu1_1:1:1", "relu1_1:inf", "relu1_1,relu2_1,relu1_1"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        nst_layer_weight list[NST_LAYER_MAX] = {{7, 3.0f}};
        nst_error error = {0};
        int count = 1;
        if (nst_layers_parse("--style-layers", bad[i], list, &count, &error) != NST_ERR_ARGUMENT)
            fail_msg("'%s' was taken for a layer list", bad[i]);
        assert_ptr_equal(strstr(error.message, "--style-layers: "), error.message);
        assert_true(count == 1 && list[0].layer == 7 && list[0].weight == 3.0f);
    }
}

static void test_table_is_sound(void **state)
{
    (void)state;
    for (int i = 0; i < nst_option_count; i++) {
        const nst_option *o = &nst_option_table[i];
        assert_int_equal(nst_option_find(o->name), i);
        if (o->letter)
            assert_int_equal(nst_option_find_letter(o->letter), i);
        assert_true((o->kind == NST_KIND_FLAG) == (nst_option_value(o) == NULL));
        assert_non_null(nst_option_help(o));
        assert_true((o->kind == NST_KIND_LIBRARY) == (nst_option_of_library(o) != NULL));
        assert_true(i == 0 || o->group >= o[-1].group);
        assert_true(o->offset + sizeof(int) <= sizeof(nst_args));
    }
    /* The preset is applied before what it sets. */
    assert_true(nst_option_find("preset") < nst_option_find("iterations"));
    assert_true(nst_option_find("preset") < nst_option_find("optimizer"));
    assert_int_equal(nst_option_find("nothing"), -1);
    assert_int_equal(nst_option_find_letter(0), -1);
}

/* Every option's default, as text, is accepted and gives the default again. */
static void test_defaults_survive_text(void **state)
{
    (void)state;
    nst_args args, again;
    assert_int_equal(nst_args_default(&args, NULL), NST_OK);
    for (int i = 0; i < nst_option_count; i++) {
        const nst_option *o = &nst_option_table[i];
        char text[NST_VALUE_TEXT_MAX], back[NST_VALUE_TEXT_MAX];
        const char *value = nst_value_text(o, &args, text);
        if (!value)
            continue;
        again = (nst_args){0};
        nst_options_default(&again.job.options);
        assert_int_equal(nst_value_set(o, o->name, value, &again, NULL), NST_OK);
        assert_string_equal(nst_value_text(o, &again, back), value);
        nst_args_destroy(&again);
    }
    nst_args_destroy(&args);
}

static void test_nearest_names(void **state)
{
    (void)state;
    assert_string_equal(nst_option_nearest("sise", NST_PLACE_COMMAND), "size");
    assert_string_equal(nst_option_nearest("iteratoins", NST_PLACE_OPTIONS), "iterations");
    assert_string_equal(nst_option_nearest("optimizer", NST_PLACE_COMMAND), "optimizer");
    assert_null(nst_option_nearest("xyzzy", NST_PLACE_COMMAND));
    assert_null(nst_option_nearest("contnt", NST_PLACE_OPTIONS));
    assert_null(nst_option_nearest(
        "a-name-far-longer-than-any-option-has-ever-been-or-will-ever-be", NST_PLACE_COMMAND));
}

static void test_times(void **state)
{
    (void)state;
    char text[NST_TIME_TEXT_MAX];
    assert_string_equal(nst_time_text(0.04, text), "0.0 s");
    assert_string_equal(nst_time_text(30.06, text), "30.1 s");
    assert_string_equal(nst_time_text(59.96, text), "1 min 00 s");
    assert_string_equal(nst_time_text(185, text), "3 min 05 s");
    assert_string_equal(nst_time_text(7800, text), "2 h 10 min");
    nst_time_text(1e300, text);
}

static void test_names_of_intermediate_images(void **state)
{
    (void)state;
    static const struct {
        const char *output, *name;
        int iterations_done;
    } cases[] = {
        {"out.png", "out.0050.png", 50},
        {"a.b/out", "a.b/out.0001", 1},
        {"../x.y.jpg", "../x.y.12345.jpg", 12345},
        {"d/.png", "d/.png.0002", 2},
    };
    char name[64];
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(
            nst_snapshot_name(cases[i].output, cases[i].iterations_done, name, sizeof name, NULL),
            NST_OK);
        assert_string_equal(name, cases[i].name);
    }
    assert_int_equal(nst_snapshot_name("out.png", 1, name, 12, NULL), NST_ERR_IO);
}

static void test_sizes_of_memory(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"0", 0},           {"1000", 1000},       {"1k", 1024},        {"800M", 800u << 20},
                {"1.5G", 3u << 29}, {"2GiB", 1ull << 31}, {"1TB", 1ull << 40}, {"3mB", 3u << 20}};
    static const char *const bad[] = {
        "", "G", "-1", "1X", "1GG", "1e9", "0x10", "1 G", "1.2.3", "nan", "99999999999999T"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t bytes = 7;
        assert_true(nst_number_bytes(good[i].text, &bytes));
        assert_int_equal(bytes, good[i].bytes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t bytes;
        assert_false(nst_number_bytes(bad[i], &bytes));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_of_memory),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_reals),
        cmocka_unit_test(test_seeds_use_all_64_bits),
        cmocka_unit_test(test_floats_print_short_and_exact),
        cmocka_unit_test(test_layer_lists),
        cmocka_unit_test(test_all_layers_fit_one_list),
        cmocka_unit_test(test_bad_layer_lists_change_nothing),
        cmocka_unit_test(test_table_is_sound),
        cmocka_unit_test(test_defaults_survive_text),
        cmocka_unit_test(test_nearest_names),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_names_of_intermediate_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
