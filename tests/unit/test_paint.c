/* nst_paint: the same run as nst_stylize, from bytes and without structs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nst.h"
#include "runs.h"

enum { WIDTH = 37, HEIGHT = 29, STYLE_WIDTH = 31, STYLE_HEIGHT = 40, SIDE = 33 };

static nst_model *model;
static nst_options *options;
static unsigned char content[3 * WIDTH * HEIGHT], style[3 * STYLE_WIDTH * STYLE_HEIGHT];
static unsigned char result[3 * SIDE * SIDE];

static void set(const char *name, const char *value)
{
    assert_int_equal(nst_options_set(options, name, value, NULL), NST_OK);
}

static int open_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (unsigned char)(i * 37 % 251);
    for (size_t i = 0; i < sizeof style; i++)
        style[i] = (unsigned char)(i * i % 241);
    options = nst_options_create();
    if (!options || nst_model_open(NULL, &model, NULL) != NST_OK)
        return -1;
    set("size", "33");
    set("scales", "1");
    set("iterations", "3");
    set("threads", "2");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    nst_options_destroy(options);
    nst_model_close(model);
    return 0;
}

static nst_status paint(nst_paint_fn hook, void *user, const nst_cancel *cancel, nst_error *error)
{
    return nst_paint(model, options, content, WIDTH, HEIGHT, style, STYLE_WIDTH, STYLE_HEIGHT,
                     result, hook, user, cancel, error);
}

typedef struct {
    int calls, stop_at;
    double fraction;
} heard;

static int listen(void *user, double fraction, double seconds_left)
{
    heard *h = user;
    (void)seconds_left;
    assert_true(fraction > h->fraction && fraction <= 1.0);
    h->fraction = fraction;
    return ++h->calls == h->stop_at;
}

/* What nst_stylize makes of the same pictures after so many iterations, as bytes. */
static void expect(const char *iterations, unsigned char *bytes)
{
    nst_image photo = {0}, painting = {0};
    nst_pixels pixels = nst_pixels_interleaved(content, WIDTH, HEIGHT, 3, NST_PIXEL_U8);
    assert_int_equal(nst_image_from_pixels(&pixels, &photo, NULL), NST_OK);
    pixels = nst_pixels_interleaved(style, STYLE_WIDTH, STYLE_HEIGHT, 3, NST_PIXEL_U8);
    assert_int_equal(nst_image_from_pixels(&pixels, &painting, NULL), NST_OK);
    const nst_inputs inputs = {
        .struct_size = sizeof inputs, .content = &photo, .styles = &painting, .style_count = 1};
    set("iterations", iterations);
    nst_image image = stylized(model, options, &inputs);
    set("iterations", "3");
    pixels = nst_pixels_interleaved(bytes, image.width, image.height, 3, NST_PIXEL_U8);
    assert_int_equal(nst_image_to_pixels(&image, &pixels, NULL), NST_OK);
    nst_image_destroy(&photo);
    nst_image_destroy(&painting);
    nst_image_destroy(&image);
}

static void test_result_is_that_of_nst_stylize(void **state)
{
    (void)state;
    unsigned char expected[sizeof result];
    int width, height;
    heard h = {0};
    nst_result_size(options, WIDTH, HEIGHT, &width, &height);
    size_t size = 3 * (size_t)width * (size_t)height;
    assert_true(size < sizeof result);
    memset(result, 'x', sizeof result);
    assert_int_equal(paint(listen, &h, NULL, NULL), NST_OK);
    assert_int_equal(h.calls, 3);
    expect("3", expected);
    assert_memory_equal(result, expected, size);
    for (size_t i = size; i < sizeof result; i++)
        assert_int_equal(result[i], 'x');
}

static void test_stopping(void **state)
{
    (void)state;
    unsigned char untouched[sizeof result];
    nst_cancel *cancel = NULL;
    heard h = {.stop_at = 2};
    memset(result, 'x', sizeof result);
    memset(untouched, 'x', sizeof untouched);
    assert_int_equal(paint(listen, &h, NULL, NULL), NST_STOPPED);
    assert_int_equal(h.calls, 2);
    assert_memory_not_equal(result, untouched, sizeof result);
    memset(result, 'x', sizeof result);
    assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
    nst_cancel_request(cancel);
    assert_int_equal(paint(NULL, NULL, cancel, NULL), NST_STOPPED);
    assert_memory_equal(result, untouched, sizeof result);
    nst_cancel_destroy(cancel);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    static const struct {
        int without, width;
        const char *message;
    } cases[] = {{1, WIDTH, "the model is NULL"},
                 {2, WIDTH, "options is NULL"},
                 {3, WIDTH, "the content is NULL"},
                 {4, WIDTH, "the style is NULL"},
                 {5, WIDTH, "a place for the result is NULL"},
                 {0, 0, "the content: 0x29 pixels: "}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nst_error error = {0};
        int none = cases[i].without;
        nst_status status = nst_paint(none == 1 ? NULL : model, none == 2 ? NULL : options,
                                      none == 3 ? NULL : content, cases[i].width, HEIGHT,
                                      none == 4 ? NULL : style, STYLE_WIDTH, STYLE_HEIGHT,
                                      none == 5 ? NULL : result, NULL, NULL, NULL, &error);
        assert_int_equal(status, NST_ERR_ARGUMENT);
        if (strncmp(error.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s", error.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_is_that_of_nst_stylize),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_wrong_arguments),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
