/* Memory: what a run needs is known from sizes, and little of it costs time only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "kernels/conv.h"
#include "nst.h"
#include "seeded.h"
#include "style/plan.h"

static nst_model *bundled;

static int open_model(void **state)
{
    (void)state;
    return nst_model_open(NULL, &bundled, NULL) == NST_OK ? 0 : -1;
}

static int close_model(void **state)
{
    (void)state;
    nst_model_close(bundled);
    return 0;
}

/* Pictures without pixels: only sizes count. */
static const nst_image square = {.width = 4096, .height = 4096};

static nst_inputs inputs(void)
{
    return (nst_inputs){
        .struct_size = sizeof(nst_inputs), .content = &square, .styles = &square, .style_count = 1};
}

static nst_options options_of(int size)
{
    nst_options options;
    nst_options_default(&options);
    options.size = size;
    options.threads = 2;
    return options;
}

static double bytes_per_pixel(const nst_model *model, int size, bool recompute)
{
    nst_inputs in = inputs();
    nst_options options = options_of(size);
    options.optimizer = NST_OPTIMIZER_ADAM;
    size_t small = nst_level_bytes(model, &in, &options, size, size, recompute);
    size_t large = nst_level_bytes(model, &in, &options, 2 * size, 2 * size, recompute);
    return (double)(large - small) / (3.0 * size * size);
}

static void test_bytes_per_pixel_of_the_full_network(void **state)
{
    (void)state;
    char path[] = "/tmp/nst-plan-XXXXXX";
    static const int widths[] = {64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512};
    nst_model *model = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(seeded_weights_write(path, 1, widths, 13, NULL, "none"));
    assert_int_equal(nst_model_open(path, &model, NULL), NST_OK);
    unlink(path);
    double point = 3 * 4.0, adam = 12 * 4.0; /* beside the network's */
    assert_true(bytes_per_pixel(model, 4096, false) < 900.0 + point + adam);
    assert_true(bytes_per_pixel(model, 4096, true) < 200.0 + point + adam);
    nst_model_close(model);
}

static void test_less_memory_leads_to_bands_and_then_to_a_refusal(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    nst_options options = options_of(2048);
    nst_memory memory;
    nst_error error = {0};
    int history;
    uint64_t whole = nst_level_bytes(bundled, &in, &options, 2048, 2048, false);
    uint64_t recompute = nst_level_bytes(bundled, &in, &options, 2048, 2048, true);
    assert_true(recompute < whole);

    options.max_memory = whole;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, NULL), NST_OK);
    assert_true(!memory.recompute && memory.needed == whole);
    options.max_memory = whole - 1;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, NULL), NST_OK);
    assert_true(memory.recompute && memory.needed == recompute);
    options.max_memory = recompute - 1;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, &error), NST_ERR_MEMORY);
    const char *named = strstr(error.message, "a history of ");
    assert_non_null(named);
    assert_int_equal(sscanf(named, "a history of %d", &history), 1);
    assert_in_range(history, 1, options.history - 1);
    options.history = history;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, NULL), NST_OK);
    options.history = history + 1;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, NULL), NST_ERR_MEMORY);
}

/* A mask whose pixels are there is charged for the regions that it has, another for all. */
static void test_a_mask_costs_what_its_regions_do(void **state)
{
    (void)state;
    nst_image mask = {0};
    assert_int_equal(nst_image_create(64, 64, 0, &mask, NULL), NST_OK);
    for (size_t i = 0; i < 3 * 64 * 64; i++)
        mask.rgb[i] = i % 64 < 32 ? 0.0f : 1.0f;
    nst_image unread = {.width = 64, .height = 64};
    nst_inputs in = inputs();
    nst_options options = options_of(1024);
    in.content_mask = &mask;
    size_t two = nst_level_bytes(bundled, &in, &options, 1024, 1024, false);
    in.content_mask = &unread;
    size_t eight = nst_level_bytes(bundled, &in, &options, 1024, 1024, false);
    in.content_mask = NULL;
    size_t none = nst_level_bytes(bundled, &in, &options, 1024, 1024, false);
    assert_true(none < two && two < eight);
    nst_image_destroy(&mask);
}

/* Copies in other colors are part of the plan. */
static void test_moved_colors_are_charged(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    nst_options options = options_of(256);
    size_t own = nst_level_bytes(bundled, &in, &options, 256, 256, false);
    options.color = NST_COLOR_MATCH;
    size_t matched = nst_level_bytes(bundled, &in, &options, 256, 256, false);
    assert_true(matched >= own + (size_t)3 * 4096 * 4096 * sizeof(float));
}

static void test_the_largest_size_that_fits_is_named_and_fits(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    nst_options options = options_of(4096);
    nst_memory memory;
    nst_error error = {0};
    int size;
    options.max_memory = 500u << 20;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, &error), NST_ERR_MEMORY);
    const char *named = strstr(error.message, "size ");
    assert_non_null(named);
    assert_int_equal(sscanf(named, "size %d would fit", &size), 1);
    options.size = size;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, NULL), NST_OK);
    options.size = size + 1;
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, NULL), NST_ERR_MEMORY);
    options.max_memory = 1000;
    memset(&error, 0, sizeof error);
    assert_int_equal(nst_plan_memory(bundled, &in, &options, &memory, &error), NST_ERR_MEMORY);
    assert_non_null(strstr(error.message, "no size fits"));
}

static void test_the_system_says_what_is_free(void **state)
{
    (void)state;
    uint64_t available = nst_memory_available();
    assert_true(available > 1u << 20);
    assert_true(nst_memory_has_room(1));
    assert_false(nst_memory_has_room(SIZE_MAX >> 20));
    assert_false(nst_memory_has_room(SIZE_MAX)); /* more bytes than a size counts */
}

/* ---- runs ------------------------------------------------------------------------------------ */

static nst_image picture(int width, int height, unsigned seed)
{
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (size_t i = 0; i < 3 * (size_t)width * (size_t)height; i++) {
        seed = seed * 1664525u + 1013904223u;
        image.rgb[i] = (float)(seed >> 8) / 16777216.0f;
    }
    return image;
}

static nst_image run(const nst_image *photo, const nst_image *painting, uint64_t max_memory)
{
    nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = photo, .styles = painting, .style_count = 1};
    nst_options options = options_of(400);
    nst_image result = {0};
    nst_error error = {0};
    options.iterations = options.coarse_iterations = 2;
    options.history = 5;
    options.max_memory = max_memory;
    if (nst_stylize(bundled, &in, &options, NULL, NULL, &result, NULL, &error) != NST_OK)
        fail_msg("%s", error.message);
    return result;
}

/* As far as our own product serves; OpenBLAS rounds by where a row stands. */
static void test_less_memory_gives_the_same_result(void **state)
{
    (void)state;
    nst_image photo = picture(400, 300, 1), painting = picture(300, 400, 2);
    nst_inputs in = {.struct_size = sizeof(nst_inputs),
                     .content = &photo,
                     .styles = &painting,
                     .style_count = 1};
    nst_options options = options_of(400);
    options.history = 5; /* as run() has it */
    uint64_t recompute = nst_level_bytes(bundled, &in, &options, 400, 300, true);
    uint64_t whole = nst_level_bytes(bundled, &in, &options, 400, 300, false);
    assert_true(recompute < whole);
    nst_image much = run(&photo, &painting, 0), little = run(&photo, &painting, recompute);
    for (size_t i = 0; i < 3 * 400 * 300; i++) {
        if (nst_conv_best() == NST_CONV_PACKED)
            assert_true(much.rgb[i] == little.rgb[i]);
        else
            assert_true(much.rgb[i] - little.rgb[i] < 1e-2f && little.rgb[i] - much.rgb[i] < 1e-2f);
    }
    nst_image_destroy(&photo);
    nst_image_destroy(&painting);
    nst_image_destroy(&much);
    nst_image_destroy(&little);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_per_pixel_of_the_full_network),
        cmocka_unit_test(test_less_memory_leads_to_bands_and_then_to_a_refusal),
        cmocka_unit_test(test_a_mask_costs_what_its_regions_do),
        cmocka_unit_test(test_moved_colors_are_charged),
        cmocka_unit_test(test_the_largest_size_that_fits_is_named_and_fits),
        cmocka_unit_test(test_the_system_says_what_is_free),
        cmocka_unit_test(test_less_memory_gives_the_same_result),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
