/* Pictures reduced while they are read: averages of squares, against sums in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/reduce.h"
#include "imageio/orientation.h"
#include "imageio/rows.h"

enum { WIDTH = 11, HEIGHT = 7, CHANNELS = 4 };

static void fill(uint8_t samples[HEIGHT][WIDTH][CHANNELS])
{
    uint32_t noise = 1;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            for (int c = 0; c < CHANNELS; c++) {
                noise = noise * 1664525u + 1013904223u; /* Numerical Recipes' generator */
                samples[y][x][c] = (uint8_t)(noise >> 24);
            }
    for (int x = 0; x < 5; x++) /* squares that cannot be seen, and one that is opaque */
        for (int y = 0; y < 3; y++)
            samples[y][x][3] = 0;
    samples[6][10][3] = 255;
}

/* The same picture, upright, in double; then the average of the square at (x, y) of the result. */
static void average(uint8_t samples[HEIGHT][WIDTH][CHANNELS], int orientation, int shrink, int x,
                    int y, double out[CHANNELS])
{
    double sums[CHANNELS] = {0.0}, plain[3] = {0.0}, count = 0.0;
    for (int from_y = 0; from_y < HEIGHT; from_y++)
        for (int from_x = 0; from_x < WIDTH; from_x++) {
            int to_x, to_y;
            const uint8_t *sample = samples[from_y][from_x];
            nst_orientation_map(orientation, WIDTH, HEIGHT, from_x, from_y, &to_x, &to_y);
            if (to_x / shrink != x || to_y / shrink != y)
                continue;
            count += 1.0;
            sums[3] += sample[3] / 255.0;
            for (int c = 0; c < 3; c++) {
                plain[c] += sample[c] / 255.0;
                sums[c] += sample[c] / 255.0 * sample[3] / 255.0;
            }
        }
    for (int c = 0; c < 3; c++)
        out[c] = sums[3] > 0.0 ? sums[c] / sums[3] : plain[c] / count;
    out[3] = sums[3] / count;
}

static void check(int orientation, int shrink)
{
    uint8_t samples[HEIGHT][WIDTH][CHANNELS];
    const nst_layout layout = {
        .width = WIDTH, .height = HEIGHT, .kind = NST_COLOR_RGB, .bits = 8, .has_alpha = true};
    nst_image image = {0};
    nst_rows rows = {
        .orientation = orientation, .name = "picture", .shrink = shrink, .image = &image};
    bool sideways = nst_orientation_is_sideways(orientation);
    fill(samples);
    assert_int_equal(nst_rows_begin(&rows, &layout, NULL, NULL), NST_OK);
    for (int y = HEIGHT - 1; y >= 0; y--)
        nst_rows_put(&rows, y, samples[y]);
    nst_rows_complete(&rows);
    nst_rows_end(&rows);
    assert_int_equal(image.width, ((sideways ? HEIGHT : WIDTH) + shrink - 1) / shrink);
    assert_int_equal(image.height, ((sideways ? WIDTH : HEIGHT) + shrink - 1) / shrink);
    size_t plane = (size_t)image.width * (size_t)image.height;
    for (size_t i = 0; i < plane; i++) {
        double want[CHANNELS];
        average(samples, orientation, shrink, (int)(i % (size_t)image.width),
                (int)(i / (size_t)image.width), want);
        for (size_t c = 0; c < CHANNELS; c++) {
            double got = (double)(c == 3 ? image.alpha[i] : image.rgb[c * plane + i]);
            /* Colors count a little where they cannot be seen: 1e-4 of alpha. */
            double tolerance = c == 3 ? 1e-6 : want[3] > 0.0 ? 1e-4 / want[3] + 1e-6 : 1e-5;
            if (!(fabs(got - want[c]) <= tolerance))
                fail_msg("orientation %d, squares of %d, pixel %zu, channel %zu: %g, not %g",
                         orientation, shrink, i, c, got, want[c]);
        }
    }
    nst_image_destroy(&image);
}

static void test_averages_of_squares(void **state)
{
    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++)
        for (int shrink = 1; shrink <= 12; shrink++)
            check(orientation, shrink);
}

/* Whether a picture is reduced is decided by its size alone, and never to less than it is looked at
 * in. */
static void test_sizes(void **state)
{
    (void)state;
    nst_options options;
    nst_options_init(&options, sizeof options);
    for (int size = 16; size <= 512; size *= 2)
        for (int longest = 10; longest <= 12000; longest = longest * 5 / 3)
            for (int use = NST_USE_CONTENT; use <= NST_USE_MASK; use++) {
                const nst_file_info file = {.width = longest, .height = longest * 2 / 3};
                int width, height;
                uint64_t peak, left;
                options.size = size;
                nst_reduce_size(&options, (nst_picture_use)use, &file, &width, &height);
                nst_reduce_bytes(&options, (nst_picture_use)use, &file, &peak, &left);
                assert_true(left == 3 * sizeof(float) * (uint64_t)width * (uint64_t)height);
                if (use == NST_USE_MASK || longest < 4 * size) {
                    assert_int_equal(width, file.width);
                    assert_int_equal(height, file.height);
                } else {
                    assert_true(width >= size && width <= file.width);
                }
                options.size = 0;
                nst_reduce_size(&options, (nst_picture_use)use, &file, &width, &height);
                assert_int_equal(width, file.width);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_averages_of_squares),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
