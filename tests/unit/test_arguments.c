/* The library checks what callers hand in; options by name; numbers in any locale. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nst.h"

static nst_model *model;
static nst_image photo;

static int open_all(void **state)
{
    (void)state;
    if (nst_image_create(40, 30, 0, &photo, NULL) != NST_OK)
        return -1;
    for (int i = 0; i < 3 * 40 * 30; i++)
        photo.rgb[i] = (float)(i % 11) / 10.0f;
    return nst_model_open(NULL, &model, NULL) == NST_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    nst_model_close(model);
    nst_image_destroy(&photo);
    return 0;
}

static void says(const nst_error *error, const char *words)
{
    assert_int_equal(error->status, NST_ERR_ARGUMENT);
    if (!strstr(error->message, words))
        fail_msg("expected '%s' in '%s'", words, error->message);
}

/* ---- options by name ------------------------------------------------------------------------- */

static void test_every_option_has_its_default(void **state)
{
    (void)state;
    nst_options defaults;
    int count = 0;
    nst_options_default(&defaults);
    for (const nst_option_info *o; (o = nst_option_info_at(count)) != NULL; count++) {
        char text[512];
        nst_options options = defaults;
        assert_ptr_equal(nst_option_info_find(o->name), o);
        assert_true(o->help[0] && o->value[0]);
        assert_int_equal(nst_options_set(&options, o->name, o->standard, NULL), NST_OK);
        assert_memory_equal(&options, &defaults, sizeof options);
        assert_int_equal(nst_options_get(&options, o->name, text, sizeof text, NULL), NST_OK);
        assert_string_equal(text, o->kind == NST_OPTION_PRESET ? "" : o->standard);
    }
    assert_true(count > 15);
    assert_null(nst_option_info_at(-1));
    assert_null(nst_option_info_find("nothing"));
    assert_null(nst_option_info_find(NULL));
}

static void refused(const char *name, const char *text, const char *words)
{
    nst_options options, before;
    nst_error error = {0};
    nst_options_default(&options);
    before = options;
    assert_int_equal(nst_options_set(&options, name, text, &error), NST_ERR_ARGUMENT);
    says(&error, words);
    assert_memory_equal(&options, &before, sizeof options);
}

static void test_values_that_are_none(void **state)
{
    (void)state;
    refused("size", "15", "size 15: expected 16 to 32768, or full");
    refused("size", "", "size : expected a whole number");
    refused("style-weight", "nan", "style-weight nan: expected a number, 0 to 1000000000");
    refused("style-scale", "0,5", "style-scale 0,5: expected a number");
    refused("color", "blue", "color blue: expected style, luma or match");
    refused("style-layers", "relu9_1", "style-layers: there is no layer relu9_1");
    refused("seed", "-1", "seed -1: expected a whole number");
    refused("max-memory", "much", "max-memory much: expected a size");
    refused("preset", "fast", "preset fast: expected draft, normal or high");
    refused("nothing", "1", "there is no option nothing");
    refused(NULL, "1", "there is no option NULL");
    refused("size", NULL, "the value is NULL");
}

static void test_options_on_the_heap(void **state)
{
    (void)state;
    nst_options *options = nst_options_create();
    char text[512];
    assert_non_null(options);
    assert_int_equal(nst_options_set(options, "size", "full", NULL), NST_OK);
    assert_int_equal(nst_options_get(options, "size", text, sizeof text, NULL), NST_OK);
    assert_string_equal(text, "full");
    assert_int_equal(nst_options_set(options, "preset", "draft", NULL), NST_OK);
    assert_int_equal(options->iterations, 9);
    assert_int_equal(nst_options_get(options, "style-layers", text, 5, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_options_preset(options, (nst_preset)3), NST_ERR_ARGUMENT);
    assert_int_equal(nst_options_preset(options, (nst_preset)-1), NST_ERR_ARGUMENT);
    assert_int_equal(options->iterations, 9);
    nst_options_destroy(options);
    nst_options_destroy(NULL);
}

/* A program that was built when the struct was shorter, and one that never set it up. */
static void test_other_sizes_of_the_struct(void **state)
{
    (void)state;
    struct {
        nst_options options;
        char after[64];
    } longer;
    nst_error error = {0};
    memset(&longer, 7, sizeof longer);
    nst_options_init(&longer.options, sizeof longer);
    assert_int_equal(longer.options.struct_size, sizeof(nst_options));
    assert_int_equal(longer.after[0], 0);
    assert_int_equal(nst_options_check(&longer.options, NULL, NULL), NST_OK);
    memset(&longer, 0, sizeof longer);
    assert_int_equal(nst_options_check(&longer.options, NULL, &error), NST_ERR_ARGUMENT);
    says(&error, "options of 0 bytes: expected what nst_options_default makes");
    error = (nst_error){0};
    assert_int_equal(nst_options_set(&longer.options, "size", "99", &error), NST_ERR_ARGUMENT);
    says(&error, "not what nst_options_default makes");
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void stylize_refuses(const nst_image *content, const nst_image *style, const char *words)
{
    nst_options options;
    nst_image result = {0};
    nst_error error = {0};
    const nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = content, .styles = style, .style_count = 1};
    nst_options_default(&options);
    options.size = 32;
    options.iterations = 1;
    assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &result, NULL, &error),
                     NST_ERR_ARGUMENT);
    says(&error, words);
    assert_null(result.rgb);
}

static void test_pictures_that_are_none(void **state)
{
    (void)state;
    const nst_image empty = {.width = 40, .height = 30};
    const nst_image flat = {.width = 0, .height = 30, .rgb = photo.rgb};
    float kept = photo.rgb[41];
    stylize_refuses(NULL, &photo, "expected a content image");
    stylize_refuses(&photo, NULL, "at least one style");
    stylize_refuses(&empty, &photo, "the content has no pixels");
    stylize_refuses(&photo, &empty, "style 1 has no pixels");
    stylize_refuses(&flat, &photo, "the content of 0x30 pixels");
    static const float bad[] = {NAN, INFINITY, -0.01f, 1.01f, 255.0f};
    for (int i = 0; i < 5; i++) {
        nst_region regions[NST_REGIONS_MAX];
        nst_error error = {0};
        int count;
        photo.rgb[41] = bad[i];
        stylize_refuses(&photo, &photo, "at 1,1: expected 0 to 1");
        assert_int_equal(nst_regions_find(&photo, regions, &count, &error), NST_ERR_ARGUMENT);
        says(&error, "a mask: the value");
        photo.rgb[41] = kept;
    }
}

static void test_null_is_refused(void **state)
{
    (void)state;
    nst_options options;
    nst_image result = {0};
    nst_memory memory;
    nst_features features;
    nst_measurement measurement;
    nst_model *opened = NULL;
    int count;
    nst_region regions[NST_REGIONS_MAX];
    const nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = &photo, .style_count = 1};
    nst_options_default(&options);
    assert_int_equal(nst_stylize(NULL, &in, &options, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_stylize(model, NULL, &options, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_stylize(model, &in, NULL, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, NULL, NULL, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_plan_memory(model, NULL, &options, &memory, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_plan_memory(model, &in, NULL, &memory, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_regions_find(NULL, regions, &count, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_image_resize(NULL, 3, 3, 1, &result, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_image_resize(&result, 3, 3, 1, &result, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_image_resize(&photo, 3, 3, -1, &result, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_image_resize(&photo, 0, 3, 1, &result, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_features_create(model, NULL, 0, 1, &features, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_measure(model, &photo, NULL, &photo, 1, 1, &measurement, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_model_open_memory(NULL, 0, &opened, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_options_check(NULL, model, NULL), NST_ERR_ARGUMENT);
}

/* ---- models ---------------------------------------------------------------------------------- */

static void test_a_model_in_memory(void **state)
{
    (void)state;
    size_t size;
    const void *data = nst_bundled_data(&size);
    nst_model *opened = NULL;
    nst_error error = {0};
    assert_int_equal(nst_model_open_memory(data, size, &opened, &error), NST_OK);
    nst_model_close(opened);
    assert_int_equal(nst_model_open_memory(data, size - 1, &opened, &error), NST_ERR_FORMAT);
    assert_non_null(strstr(error.message, "a model in memory: "));
    assert_string_equal(nst_version(), NST_VERSION);
}

/* Two layers: the first makes everything small, the second everything large. Forward they cancel;
 * on the way back the large factor comes first. */
static void test_a_gradient_that_is_not_finite(void **state)
{
    (void)state;
    static const char header[] =
        "{\"__metadata__\":{\"mean\":\"0,0,0\",\"std\":\"1,1,1\",\"color_order\":\"RGB\","
        "\"scale\":\"1\"},"
        "\"features.0.weight\":{\"dtype\":\"F32\",\"shape\":[1,3,3,3],\"data_offsets\":[0,108]},"
        "\"features.0.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[108,112]},"
        "\"features.2.weight\":{\"dtype\":\"F32\",\"shape\":[1,1,3,3],\"data_offsets\":[112,148]},"
        "\"features.2.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[148,152]}}";
    enum { HEADER = sizeof header - 1 };
    static unsigned char file[8 + HEADER + 152];
    float weights[38] = {0};
    nst_model *odd = NULL;
    nst_image black = {0}, result = {0};
    nst_options options;
    nst_error error = {0};
    for (int i = 0; i < 27; i++)
        weights[i] = 1e-20f;
    for (int i = 28; i < 37; i++)
        weights[i] = 1e35f;
    for (int i = 0; i < 8; i++)
        file[i] = (unsigned char)((uint64_t)HEADER >> (8 * i));
    memcpy(file + 8, header, HEADER);
    memcpy(file + 8 + HEADER, weights, sizeof weights);
    if (nst_model_open_memory(file, sizeof file, &odd, &error) != NST_OK)
        fail_msg("%s", error.message);
    assert_int_equal(nst_image_create(40, 30, 0, &black, NULL), NST_OK);
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        nst_inputs in = {.struct_size = sizeof(nst_inputs),
                         .content = &black,
                         .styles = &photo,
                         .style_count = 1,
                         .init = &photo};
        nst_options_default(&options);
        options.size = 40;
        options.scales = 1;
        options.iterations = 3;
        options.init = NST_INIT_IMAGE;
        options.style_weight = 0.0f;
        options.content_weight = 1e9f;
        options.content_layers[0] = (nst_layer_weight){1, 1.0f};
        options.content_layer_count = 1;
        options.optimizer = (nst_optimizer)optimizer;
        error = (nst_error){0};
        assert_int_equal(nst_stylize(odd, &in, &options, NULL, NULL, &result, NULL, &error),
                         NST_ERR_NUMERIC);
        if (!strstr(error.message, "the gradient is not finite"))
            fail_msg("%s", error.message);
    }
    nst_image_destroy(&black);
    nst_model_close(odd);
}

/* ---- locales --------------------------------------------------------------------------------- */

/* A locale with a decimal comma, made here; false when its source is not installed. */
static bool set_comma_locale(void)
{
    char folder[] = "/tmp/nst-locale-XXXXXX", command[256];
    if (!mkdtemp(folder))
        return false;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/comma.UTF-8 >%s/log 2>&1",
             folder, folder);
    if (system(command) == 0)
        setenv("LOCPATH", folder, 1);
    bool set = setlocale(LC_ALL, "comma.UTF-8") != NULL;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 && set;
}

static void test_a_comma_locale(void **state)
{
    (void)state;
    unsigned char *bytes = NULL, *again = NULL;
    size_t size, size_again;
    const nst_encode_options all = {.deepest = NST_LAYER_MAX};
    nst_options options;
    nst_model *opened = NULL;
    nst_error error = {0};
    char text[512];
    assert_int_equal(nst_model_encode(model, &all, &bytes, &size, NULL), NST_OK);
    if (!set_comma_locale()) {
        free(bytes);
        print_message("SKIP: no locale with a decimal comma: the package locales is not there\n");
        skip();
    }
    assert_string_equal(localeconv()->decimal_point, ",");
    assert_int_equal(nst_model_encode(model, &all, &again, &size_again, NULL), NST_OK);
    assert_int_equal(nst_model_open_memory(again, size_again, &opened, &error), NST_OK);
    nst_options_default(&options);
    assert_int_equal(nst_options_set(&options, "style-scale", "0.5", NULL), NST_OK);
    assert_int_equal(nst_options_get(&options, "style-scale", text, sizeof text, NULL), NST_OK);
    options.style_scale = 0.01f;
    assert_int_equal(nst_options_check(&options, NULL, &error), NST_ERR_ARGUMENT);
    assert_string_equal(localeconv()->decimal_point, ","); /* and stays the application's */
    setlocale(LC_ALL, "C");
    assert_string_equal(text, "0.5");
    says(&error, "style-scale 0.01: expected 0.05 to 20");
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, again, size);
    nst_model_close(opened);
    free(bytes);
    free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_option_has_its_default),
        cmocka_unit_test(test_values_that_are_none),
        cmocka_unit_test(test_options_on_the_heap),
        cmocka_unit_test(test_other_sizes_of_the_struct),
        cmocka_unit_test(test_pictures_that_are_none),
        cmocka_unit_test(test_null_is_refused),
        cmocka_unit_test(test_a_model_in_memory),
        cmocka_unit_test(test_a_gradient_that_is_not_finite),
        cmocka_unit_test(test_a_comma_locale),
    };
    return cmocka_run_group_tests_name("arguments", tests, open_all, close_all);
}
