/* Masks: the regions that are found, what each pixel belongs to, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "image/regions.h"
#include "imageio/imageio.h"
#include "seeded.h"

enum { W = 240, H = 160 };

typedef const unsigned char color[3];

static const color greys[9] = {{0, 0, 0},       {36, 36, 36},    {73, 73, 73},
                               {109, 109, 109}, {146, 146, 146}, {182, 182, 182},
                               {219, 219, 219}, {255, 255, 255}, {128, 0, 0}};
static const color bright[8] = {{0, 0, 0},   {0, 0, 255},   {255, 0, 0},   {255, 0, 255},
                                {0, 255, 0}, {0, 255, 255}, {255, 255, 0}, {255, 255, 255}};

/* Which label a pixel has in a mask of `count`: discs on a ground of label 0. */
static int label_at(int y, int x, int count)
{
    for (int i = 1; i < count; i++) {
        int dy = y - (30 + (i % 2) * 90), dx = x - 28 * i;
        if (dy * dy + dx * dx < 22 * 22)
            return i;
    }
    return 0;
}

static nst_image mask_of(const color *colors, int count)
{
    nst_image mask = {0};
    assert_int_equal(nst_image_create(W, H, 0, &mask, NULL), NST_OK);
    for (size_t c = 0; c < 3; c++)
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                mask.rgb[(c * H + (size_t)y) * W + (size_t)x] =
                    (float)colors[label_at(y, x, count)][c] / 255.0f;
    return mask;
}

/* Every region has its color and share, in order; nearly every pixel its label. */
static void assert_labels(const nst_image *mask, const color *colors, int count)
{
    nst_labels labels = {0};
    nst_error error = {0};
    double share[NST_REGIONS_MAX] = {0};
    int wrong = 0;
    if (nst_labels_read(mask, &labels, &error) != NST_OK)
        fail_msg("%s", error.message);
    assert_int_equal(labels.count, count);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            share[label_at(y, x, count)] += 1.0 / (W * H);
            wrong += labels.label[y * W + x] != label_at(y, x, count);
        }
    for (int i = 0; i < count; i++) {
        for (int c = 0; c < 3; c++)
            assert_true(fabs(255.0 * (double)labels.regions[i].rgb[c] - colors[i][c]) < 8.0);
        assert_true(fabs(labels.regions[i].share - share[i]) < 0.1 * share[i]);
    }
    assert_true(wrong < W * H / 50);
    nst_labels_destroy(&labels);
}

static void test_two_to_eight_flat_colors_are_found(void **state)
{
    (void)state;
    for (int count = 2; count <= 8; count++) {
        nst_image grey = mask_of(greys, count), colored = mask_of(bright, count);
        assert_labels(&grey, greys, count);
        assert_labels(&colored, bright, count);
        nst_image_destroy(&grey);
        nst_image_destroy(&colored);
    }
}

static nst_image through_jpeg(const nst_image *mask, int quality)
{
    char path[] = "/tmp/nst-mask-XXXXXX";
    nst_image out = {0};
    nst_file_info info;
    const nst_write_options options = {.format = NST_FORMAT_JPEG, .quality = quality};
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(nst_image_write(path, &options, mask, NULL), NST_OK);
    assert_int_equal(nst_image_read(path, &out, &info, NULL), NST_OK);
    remove(path);
    return out;
}

static void test_noise_of_a_jpeg_makes_no_regions(void **state)
{
    (void)state;
    for (int quality = 30; quality <= 90; quality += 30) {
        nst_image grey = mask_of(greys, 8), colored = mask_of(bright, 8);
        nst_image a = through_jpeg(&grey, quality), b = through_jpeg(&colored, quality);
        assert_labels(&a, greys, 8);
        assert_labels(&b, bright, 8);
        nst_image_destroy(&grey);
        nst_image_destroy(&colored);
        nst_image_destroy(&a);
        nst_image_destroy(&b);
    }
}

/* Enlarged by `factor`, so that edges are as wide. */
static nst_image soften(const nst_image *mask, int factor)
{
    nst_image small = {0}, soft = {0};
    assert_int_equal(nst_image_resize(mask, W / factor, H / factor, 1, &small, NULL), NST_OK);
    assert_int_equal(nst_image_resize(&small, W, H, 1, &soft, NULL), NST_OK);
    for (size_t i = 0; i < 3 * W * H; i++) /* a file's levels; a cubic overshoots */
        soft.rgb[i] = roundf(255.0f * fminf(fmaxf(soft.rgb[i], 0.0f), 1.0f)) / 255.0f;
    nst_image_destroy(&small);
    return soft;
}

static void test_blurred_edges_belong_to_one_side_or_the_other(void **state)
{
    (void)state;
    static const int factors[] = {2, 6, 16};
    for (size_t f = 0; f < sizeof factors / sizeof *factors; f++)
        for (int count = 2; count <= 3; count++) {
            /* Black, white, and a grey that the edge between them passes through as well. */
            nst_image mask = mask_of(greys, 1);
            for (size_t i = 0; i < 3 * W * H; i++)
                mask.rgb[i] = i % W < W / 3 ? 1.0f : count == 3 && i % W > W / 2 ? 0.5f : 0.0f;
            nst_image soft = soften(&mask, factors[f]);
            nst_labels labels = {0};
            int wrong = 0;
            assert_int_equal(nst_labels_read(&soft, &labels, NULL), NST_OK);
            assert_int_equal(labels.count, count);
            for (int i = 0; i < W * H; i++) {
                float known = mask.rgb[i];
                int label = known > 0.9f ? count - 1 : known > 0.4f ? 1 : 0;
                wrong += labels.label[i] != label;
            }
            assert_true(wrong < W * H / 40);
            nst_labels_destroy(&labels);
            nst_image_destroy(&mask);
            nst_image_destroy(&soft);
        }
}

static void assert_refused(nst_image mask, const char *words)
{
    nst_region regions[NST_REGIONS_MAX];
    nst_error error = {0};
    int count = 0;
    assert_int_equal(nst_regions_find(&mask, regions, &count, &error), NST_ERR_ARGUMENT);
    if (!strstr(error.message, words))
        fail_msg("expected '%s' in '%s'", words, error.message);
    nst_image_destroy(&mask);
}

static void test_what_is_no_mask_is_refused(void **state)
{
    (void)state;
    nst_image noise = {0}, dots = mask_of(greys, 1);
    assert_int_equal(nst_image_create(W, H, 0, &noise, NULL), NST_OK);
    for (size_t i = 0; i < 3 * W * H; i++) {
        noise.rgb[i] = 0.5f + 0.5f * seeded_unit(1, i);
        dots.rgb[i] = (float)((i + i / W) % 2);
    }
    assert_refused(mask_of(greys, 1), "only one");
    assert_refused(mask_of(greys, 9), "more");
    assert_refused(noise, "none");
    assert_refused(dots, "none");
}

static void test_one_pixel_is_refused(void **state)
{
    (void)state;
    nst_image one = {0};
    assert_int_equal(nst_image_create(1, 1, 0, &one, NULL), NST_OK);
    assert_refused(one, "only one");
}

static void test_masks_are_paired_by_color(void **state)
{
    (void)state;
    static const color known[3] = {{0, 0, 0}, {255, 0, 0}, {255, 255, 255}};
    static const color other[3] = {{0, 0, 255}, {240, 12, 8}, {250, 250, 255}};
    nst_image a = mask_of(known, 3), b = mask_of(other, 3);
    nst_labels first = {0}, second = {0};
    assert_int_equal(nst_labels_read(&a, &first, NULL), NST_OK);
    assert_int_equal(nst_labels_read(&b, &second, NULL), NST_OK);
    assert_int_equal(nst_labels_match(&second, &first), 1u << 1 | 1u << 2);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            int label = label_at(y, x, 3);
            assert_int_equal(second.label[y * W + x], label ? label : NST_REGION_NONE);
        }
    nst_labels_destroy(&first);
    nst_labels_destroy(&second);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
}

/* At any size, what a pixel belongs to adds up to 1, and far from edges is one region's. */
static void test_shares_add_up(void **state)
{
    (void)state;
    static const int sizes[][2] = {{W, H}, {67, 41}, {500, 333}, {1, 1}};
    nst_image mask = mask_of(greys, 4);
    nst_labels labels = {0};
    assert_int_equal(nst_labels_read(&mask, &labels, NULL), NST_OK);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int w = sizes[s][0], h = sizes[s][1];
        size_t count = (size_t)w * (size_t)h;
        float *plane = malloc(count * sizeof *plane);
        double *sum = calloc(count, sizeof *sum);
        assert_non_null(plane);
        assert_non_null(sum);
        for (int r = 0; r < labels.count; r++) {
            assert_int_equal(nst_labels_share(&labels, r, w, h, 2, plane, NULL), NST_OK);
            for (size_t i = 0; i < count; i++) {
                assert_true(plane[i] >= 0.0f && plane[i] <= 1.0f);
                sum[i] += (double)plane[i];
                if (w == W)
                    assert_true(plane[i] == (labels.label[i] == r ? 1.0f : 0.0f));
            }
        }
        for (size_t i = 0; i < count; i++)
            assert_true(fabs(sum[i] - 1.0) < 0.2); /* a cubic's overshoot is cut off */
        free(plane);
        free(sum);
    }
    nst_labels_destroy(&labels);
    nst_image_destroy(&mask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_to_eight_flat_colors_are_found),
        cmocka_unit_test(test_noise_of_a_jpeg_makes_no_regions),
        cmocka_unit_test(test_blurred_edges_belong_to_one_side_or_the_other),
        cmocka_unit_test(test_what_is_no_mask_is_refused),
        cmocka_unit_test(test_one_pixel_is_refused),
        cmocka_unit_test(test_masks_are_paired_by_color),
        cmocka_unit_test(test_shares_add_up),
    };
    return cmocka_run_group_tests_name("regions", tests, NULL, NULL);
}
