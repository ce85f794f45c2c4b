/* nst_image_resize of pictures with alpha: a color counts as much as it is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "nst.h"
#include "seeded.h"

static nst_image blank(int width, int height)
{
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 1, &image, NULL), NST_OK);
    return image;
}

static nst_image resized(const nst_image *image, int width, int height)
{
    nst_image out = {0};
    assert_int_equal(nst_image_resize(image, width, height, 1, &out, NULL), NST_OK);
    return out;
}

/* Left half opaque and of one color, right half transparent and black. */
static nst_image half(int width, int height, const float color[3])
{
    nst_image image = blank(width, height);
    size_t plane = (size_t)width * (size_t)height;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width / 2; x++) {
            size_t at = (size_t)y * (size_t)width + (size_t)x;
            image.alpha[at] = 1.0f;
            for (size_t c = 0; c < 3; c++)
                image.rgb[c * plane + at] = color[c];
        }
    return image;
}

/* What is seen keeps its color up to the edge: over any background no dark fringe appears. */
static void color_reaches_the_edge(void **state)
{
    (void)state;
    static const float white[3] = {1, 1, 1}, teal[3] = {0.1f, 0.6f, 0.5f};
    static const int sizes[][2] = {{17, 11}, {23, 64}, {101, 77}, {64, 48}};
    for (int k = 0; k < 2; k++) {
        const float *color = k ? teal : white;
        nst_image image = half(64, 48, color);
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            nst_image out = resized(&image, sizes[s][0], sizes[s][1]);
            size_t plane = (size_t)out.width * (size_t)out.height, edge = 0;
            for (size_t i = 0; i < plane; i++) {
                edge += out.alpha[i] > 0.02f && out.alpha[i] < 0.98f;
                for (size_t c = 0; c < 3 && out.alpha[i] > 0.01f; c++)
                    assert_float_equal(out.rgb[c * plane + i], color[c], 2e-3);
            }
            assert_true(edge > 0 || out.width == 64);
            nst_image_destroy(&out);
        }
        nst_image_destroy(&image);
    }
}

/* The color under what is fully transparent stays what it was, since it is painted too. */
static void hidden_color_stays(void **state)
{
    (void)state;
    nst_image image = blank(40, 30);
    for (size_t i = 0; i < 40 * 30; i++)
        image.rgb[i] = 0.75f;
    nst_image out = resized(&image, 13, 9);
    for (size_t i = 0; i < 13 * 9; i++) {
        assert_float_equal(out.rgb[i], 0.75f, 1e-5);
        assert_float_equal(out.alpha[i], 0.0f, 0.0);
    }
    nst_image_destroy(&out);
    nst_image_destroy(&image);
}

/* Opaque alpha changes nothing but rounding; so does alpha that is the same everywhere. */
static void even_alpha_is_as_none(void **state)
{
    (void)state;
    static const float alphas[] = {1.0f, 0.3f};
    for (size_t k = 0; k < 2; k++) {
        nst_image image = blank(37, 29);
        for (size_t i = 0; i < 3 * 37 * 29; i++)
            image.rgb[i] = 0.5f + 0.5f * seeded_unit(5, i);
        for (size_t i = 0; i < 37 * 29; i++)
            image.alpha[i] = alphas[k];
        nst_image without = image;
        without.alpha = NULL;
        nst_image a = resized(&image, 20, 50), b = resized(&without, 20, 50);
        for (size_t i = 0; i < 3 * 20 * 50; i++)
            assert_float_equal(a.rgb[i], b.rgb[i], 2e-6);
        nst_image_destroy(&a);
        nst_image_destroy(&b);
        nst_image_destroy(&image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(color_reaches_the_edge),
        cmocka_unit_test(hidden_color_stays),
        cmocka_unit_test(even_alpha_is_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
