/* Pixels of 8 bits and floats in every order, against the planar floats of nst_image. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nst.h"
#include "runs.h"
#include "seeded.h"

static const int sizes[][2] = {{1, 1}, {1, 7}, {13, 1}, {17, 11}, {64, 33}};
enum { SIZES = sizeof sizes / sizeof sizes[0], MARGIN = 64 };

/* Bytes with a margin before and behind that nothing may write to. */
typedef struct {
    unsigned char *block, *data;
    size_t size;
} buffer;

static buffer new_buffer(size_t size)
{
    buffer b = {.block = malloc(size + 2 * MARGIN), .size = size};
    assert_non_null(b.block);
    memset(b.block, 0xa5, size + 2 * MARGIN);
    b.data = b.block + MARGIN;
    return b;
}

static void check_and_free(buffer *b)
{
    for (size_t i = 0; i < MARGIN; i++) {
        assert_int_equal(b->block[i], 0xa5);
        assert_int_equal(b->data[b->size + i], 0xa5);
    }
    free(b->block);
}

/* The order of a test: where the value of a channel lies, by nothing but arithmetic. */
enum { INTERLEAVED, PLANAR, PADDED, UPSIDE_DOWN, REVERSED, UNALIGNED, ORDERS };

static nst_pixels describe(buffer *b, int order, int width, int height, int channels,
                           nst_pixel_kind kind)
{
    ptrdiff_t size = kind == NST_PIXEL_F32 ? 4 : 1;
    if (order == PLANAR) {
        *b = new_buffer((size_t)(width * height * channels * size));
        return nst_pixels_planar(b->data, width, height, channels, kind);
    }
    ptrdiff_t pixel = size * channels, row = pixel * width;
    if (order == PADDED) { /* RGBX in rows that are longer */
        pixel = size * (channels + 1);
        row = pixel * width + 3 * size;
    }
    *b = new_buffer((size_t)(row * height) + 1);
    if (order == INTERLEAVED)
        return nst_pixels_interleaved(b->data, width, height, channels, kind);
    nst_pixels pixels = {.data = b->data,
                         .width = width,
                         .height = height,
                         .channels = channels,
                         .kind = kind,
                         .row_stride = row,
                         .pixel_stride = pixel,
                         .channel_stride = size};
    if (order == UPSIDE_DOWN) {
        pixels.data = b->data + row * (height - 1);
        pixels.row_stride = -row;
    } else if (order == REVERSED) { /* BGR, or ABGR */
        pixels.data = b->data + size * (channels - 1);
        pixels.channel_stride = -size;
    } else if (order == UNALIGNED) {
        pixels.data = b->data + 1;
    }
    return pixels;
}

static unsigned char *value_at(const nst_pixels *p, int x, int y, int channel)
{
    return (unsigned char *)p->data + y * p->row_stride + x * p->pixel_stride +
           channel * p->channel_stride;
}

/* What channel 0..3 of a pixel is in the test picture, in 0..255. */
static unsigned char level(int x, int y, int channel)
{
    return (unsigned char)(seeded_bits(7, (uint64_t)((y * 1000 + x) * 4 + channel)) >> 56);
}

static void test_in(void **state)
{
    (void)state;
    static const int channel_counts[] = {1, 3, 4};
    for (int s = 0; s < SIZES; s++)
        for (int order = 0; order < ORDERS; order++)
            for (int k = 0; k < 6; k++) {
                int width = sizes[s][0], height = sizes[s][1], channels = channel_counts[k % 3];
                nst_pixel_kind kind = k < 3 ? NST_PIXEL_U8 : NST_PIXEL_F32;
                buffer b;
                nst_pixels pixels = describe(&b, order, width, height, channels, kind);
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        for (int c = 0; c < channels; c++) {
                            float f = (float)(level(x, y, c) / 255.0);
                            unsigned char *to = value_at(&pixels, x, y, c);
                            if (kind == NST_PIXEL_U8)
                                *to = level(x, y, c);
                            else
                                memcpy(to, &f, sizeof f);
                        }
                nst_image image = {0};
                nst_error error = {0};
                if (nst_image_from_pixels(&pixels, &image, &error) != NST_OK)
                    fail_msg("%s", error.message);
                assert_int_equal(image.width, width);
                assert_int_equal(image.height, height);
                assert_int_equal(image.alpha != NULL, channels == 4);
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        for (int c = 0; c < (channels == 4 ? 4 : 3); c++) {
                            const float *plane =
                                c == 3 ? image.alpha : image.rgb + c * width * height;
                            unsigned char expected = level(x, y, channels == 1 ? 0 : c);
                            assert_true(plane[y * width + x] == (float)(expected / 255.0));
                        }
                nst_image_destroy(&image);
                check_and_free(&b);
            }
}

/* The nearest of 256 levels, by doubles. */
static int nearest(float value)
{
    return (int)floor(fmin(fmax((double)value, 0.0), 1.0) * 255.0 + 0.5);
}

static void test_out(void **state)
{
    (void)state;
    for (int s = 0; s < SIZES; s++)
        for (int order = 0; order < ORDERS; order++)
            for (int k = 0; k < 8; k++) {
                int width = sizes[s][0], height = sizes[s][1], channels = k & 1 ? 4 : 3;
                nst_pixel_kind kind = k & 2 ? NST_PIXEL_U8 : NST_PIXEL_F32;
                nst_image image = {0};
                assert_int_equal(nst_image_create(width, height, k & 4, &image, NULL), NST_OK);
                for (int i = 0; i < 3 * width * height; i++)
                    image.rgb[i] = 0.5f + 0.50004f * seeded_unit(3, (uint64_t)i);
                for (int i = 0; image.alpha && i < width * height; i++)
                    image.alpha[i] = 0.5f + 0.5f * seeded_unit(4, (uint64_t)i);
                buffer b;
                nst_pixels pixels = describe(&b, order, width, height, channels, kind);
                assert_int_equal(nst_image_to_pixels(&image, &pixels, NULL), NST_OK);
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        for (int c = 0; c < channels; c++) {
                            int i = y * width + x;
                            float expected = c < 3         ? image.rgb[c * width * height + i]
                                             : image.alpha ? image.alpha[i]
                                                           : 1.0f;
                            const unsigned char *got = value_at(&pixels, x, y, c);
                            if (kind == NST_PIXEL_U8)
                                assert_int_equal(*got, nearest(expected));
                            else
                                assert_memory_equal(got, &expected, sizeof expected);
                        }
                nst_image_destroy(&image);
                check_and_free(&b);
            }
}

/* One row for all, as NumPy's broadcast has it. */
static void test_a_stride_may_be_zero(void **state)
{
    (void)state;
    unsigned char row[5 * 3];
    nst_image image = {0};
    for (int i = 0; i < 15; i++)
        row[i] = (unsigned char)(16 * i);
    nst_pixels pixels = nst_pixels_interleaved(row, 5, 4, 3, NST_PIXEL_U8);
    pixels.row_stride = 0;
    assert_int_equal(nst_image_from_pixels(&pixels, &image, NULL), NST_OK);
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 5; x++)
                assert_true(image.rgb[(c * 4 + y) * 5 + x] == (float)row[3 * x + c] / 255.0f);
    nst_image_destroy(&image);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void refused(const nst_pixels *pixels, const char *words)
{
    nst_image image = {0};
    nst_error error = {0};
    assert_int_equal(nst_image_from_pixels(pixels, &image, &error), NST_ERR_ARGUMENT);
    assert_null(image.rgb);
    if (!strstr(error.message, words))
        fail_msg("\"%s\" has no \"%s\"", error.message, words);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    float data[6 * 4 * 4] = {0};
    const nst_pixels good = nst_pixels_interleaved(data, 6, 4, 4, NST_PIXEL_F32);
    nst_pixels p = good;
    nst_image image = {0}, other = {0};
    nst_error error = {0};
    refused(NULL, "description of pixels is NULL");
    p.data = NULL;
    refused(&p, "data of pixels is NULL");
    p = good;
    p.width = 0;
    refused(&p, "0x4 pixels: expected at least 1x1");
    p = good;
    p.height = -4;
    refused(&p, "6x-4 pixels");
    for (int channels = -1; channels < 7; channels++)
        if (channels != 1 && channels != 3 && channels != 4) {
            p = good;
            p.channels = channels;
            refused(&p, "channels: expected 1 (grey), 3 (RGB) or 4 (RGB and alpha)");
        }
    p = good;
    p.kind = (nst_pixel_kind)7;
    refused(&p, "pixels of kind 7");
    p = good;
    p.row_stride = PTRDIFF_MAX;
    refused(&p, "no memory is so large");
    p.row_stride = PTRDIFF_MIN;
    refused(&p, "no memory is so large");
    p = good;
    p.row_stride = PTRDIFF_MAX / 3;
    p.pixel_stride = PTRDIFF_MAX / 5;
    refused(&p, "no memory is so large");

    static const float wrong[] = {NAN, INFINITY, -1.0f, 1.01f, 255.0f};
    for (int i = 0; i < 5; i++) {
        data[(2 * 6 + 5) * 4 + 1] = wrong[i];
        refused(&good, "at 5,2: expected 0 to 1");
        data[(2 * 6 + 5) * 4 + 1] = 0.0f;
        data[(1 * 6 + 3) * 4 + 3] = wrong[i];
        refused(&good, "at 3,1: expected 0 to 1");
        data[(1 * 6 + 3) * 4 + 3] = 0.0f;
    }
    assert_int_equal(nst_image_from_pixels(&good, NULL, NULL), NST_ERR_ARGUMENT);

    assert_int_equal(nst_image_create(6, 4, 0, &image, NULL), NST_OK);
    assert_int_equal(nst_image_to_pixels(NULL, &good, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_image_to_pixels(&other, &good, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_image_to_pixels(&image, NULL, NULL), NST_ERR_ARGUMENT);
    p = good;
    p.width = 5;
    assert_int_equal(nst_image_to_pixels(&image, &p, &error), NST_ERR_ARGUMENT);
    assert_string_equal(error.message, "pixels of 5x4: the image has 6x4");
    error = (nst_error){0};
    p = nst_pixels_planar(data, 6, 4, 1, NST_PIXEL_F32);
    assert_int_equal(nst_image_to_pixels(&image, &p, &error), NST_ERR_ARGUMENT);
    assert_string_equal(error.message,
                        "pixels of 1 channel: expected 3 (RGB) or 4 (RGB and alpha)");
    nst_image_destroy(&image);
}

/* More pixels than any machine holds. */
static void test_sizes_that_cannot_be(void **state)
{
    (void)state;
    unsigned char byte = 0;
    nst_image image = {0};
    nst_pixels pixels = nst_pixels_planar(&byte, INT32_MAX, INT32_MAX, 3, NST_PIXEL_F32);
    assert_int_not_equal(nst_image_from_pixels(&pixels, &image, NULL), NST_OK);
    pixels = nst_pixels_interleaved(&byte, INT32_MAX, INT32_MAX, 4, NST_PIXEL_F32);
    assert_int_not_equal(nst_image_from_pixels(&pixels, &image, NULL), NST_OK);
    assert_null(image.rgb);
}

/* A whole run from bytes to bytes. */
static void test_a_run(void **state)
{
    (void)state;
    unsigned char bytes[3 * 31 * 23], back[3 * 33 * 24];
    nst_model *model = NULL;
    nst_image photo = {0};
    assert_int_equal(nst_model_open(NULL, &model, NULL), NST_OK);
    const nst_options options = short_options(model, 33, 2, 1);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(seeded_bits(5, i) >> 56);
    const nst_pixels in = nst_pixels_interleaved(bytes, 31, 23, 3, NST_PIXEL_U8);
    assert_int_equal(nst_image_from_pixels(&in, &photo, NULL), NST_OK);
    const nst_inputs inputs = {
        .struct_size = sizeof inputs, .content = &photo, .styles = &photo, .style_count = 1};
    nst_image result = stylized(model, &options, &inputs);
    const nst_pixels out = nst_pixels_planar(back, result.width, result.height, 3, NST_PIXEL_U8);
    assert_true(3 * result.width * result.height <= (int)sizeof back);
    assert_int_equal(nst_image_to_pixels(&result, &out, NULL), NST_OK);
    /* Half-way between two levels, single precision may choose the other. */
    for (int i = 0; i < 3 * result.width * result.height; i++) {
        double level = fmin(fmax((double)result.rgb[i], 0.0), 1.0) * 255.0;
        assert_true(fabs((double)back[i] - level) <= 0.5 + 1e-4);
    }
    nst_image_destroy(&result);
    nst_image_destroy(&photo);
    nst_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in),
        cmocka_unit_test(test_out),
        cmocka_unit_test(test_a_stride_may_be_zero),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_sizes_that_cannot_be),
        cmocka_unit_test(test_a_run),
    };
    return cmocka_run_group_tests_name("pixels", tests, NULL, NULL);
}
