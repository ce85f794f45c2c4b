/* Moving colors from one picture to another: what comes out has the statistics asked for, and
 * pictures without colors are safe. The whole against PyTorch: tests/grad. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "image/color.h"
#include "seeded.h"

enum { W = 60, H = 44, COUNT = W * H };

static const double luma[3] = {0.299, 0.587, 0.114};

static nst_image picture(uint64_t seed)
{
    nst_image image = {0};
    assert_int_equal(seeded_image(seed, W, H, &image, NULL), NST_OK);
    return image;
}

static nst_image flat(float r, float g, float b)
{
    const float value[3] = {r, g, b};
    nst_image image = {0};
    assert_int_equal(nst_image_create(W, H, 0, &image, NULL), NST_OK);
    for (size_t i = 0; i < 3 * COUNT; i++)
        image.rgb[i] = value[i / COUNT];
    return image;
}

static nst_color_stats stats_of(const nst_image *image)
{
    nst_color_stats stats;
    nst_color_measure(image, NULL, &stats);
    return stats;
}

static void match(nst_image *style, const nst_image *content)
{
    nst_color_stats from = stats_of(style), to = stats_of(content);
    nst_color_match(style, &from, &to);
}

static void assert_near(const nst_color_stats *a, const nst_color_stats *b, double tolerance)
{
    for (int i = 0; i < 3; i++) {
        assert_true(fabs(a->mean[i] - b->mean[i]) < tolerance);
        for (int j = 0; j < 3; j++)
            assert_true(fabs(a->covariance[i][j] - b->covariance[i][j]) < tolerance);
    }
}

/* Within a range that nothing is cut off from. */
static void test_matched_colors_have_the_statistics_asked_for(void **state)
{
    (void)state;
    nst_image style = picture(1), content = picture(2);
    for (size_t i = 0; i < 3 * COUNT; i++)
        content.rgb[i] = 0.4f + 0.2f * content.rgb[(i + COUNT) % (3 * COUNT)];
    match(&style, &content);
    nst_color_stats a = stats_of(&style), b = stats_of(&content);
    assert_near(&a, &b, 1e-7);
    nst_image_destroy(&style);
    nst_image_destroy(&content);
}

static void test_matching_a_picture_with_itself_changes_nothing(void **state)
{
    (void)state;
    nst_image a = picture(1), b = picture(1);
    match(&a, &b);
    for (size_t i = 0; i < 3 * COUNT; i++)
        assert_true(fabsf(a.rgb[i] - b.rgb[i]) < 1e-5f);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
}

/* Every pair of pictures that lack something: numbers stay finite, and what hardly varies is not
 * blown up. */
static void test_flat_and_grey_pictures_are_safe(void **state)
{
    (void)state;
    for (int from = 0; from < 4; from++)
        for (int to = 0; to < 4; to++) {
            nst_image images[2];
            const int kinds[2] = {from, to};
            for (int i = 0; i < 2; i++) {
                images[i] = kinds[i] == 0   ? flat(0.2f, 0.7f, 0.4f)
                            : kinds[i] == 1 ? flat(0.0f, 0.0f, 0.0f)
                                            : picture(3 + (uint64_t)i);
                if (kinds[i] == 2)
                    nst_color_to_grey(&images[i]);
            }
            match(&images[0], &images[1]);
            nst_color_stats got = stats_of(&images[0]), want = stats_of(&images[1]);
            for (size_t i = 0; i < 3 * COUNT; i++)
                assert_true(images[0].rgb[i] >= 0.0f && images[0].rgb[i] <= 1.0f);
            for (int c = 0; c < 3; c++)
                assert_true(fabs(got.mean[c] - want.mean[c]) < 0.02); /* less what is cut off */
            if (from < 2)
                assert_true(got.covariance[0][0] < 1e-12);
            nst_image_destroy(&images[0]);
            nst_image_destroy(&images[1]);
        }
}

static void test_noise_in_a_grey_picture_does_not_become_color(void **state)
{
    (void)state;
    nst_image grey = picture(1), content = picture(2);
    nst_color_to_grey(&grey);
    for (size_t i = 0; i < 3 * COUNT; i++) /* half a step of 255 */
        grey.rgb[i] += 0.002f * seeded_unit(5, i);
    match(&grey, &content);
    nst_color_stats got = stats_of(&grey), want = stats_of(&content);
    double chroma = got.covariance[0][0] + got.covariance[2][2] - 2.0 * got.covariance[0][2];
    double whole = want.covariance[0][0] + want.covariance[2][2] - 2.0 * want.covariance[0][2];
    assert_true(chroma < 0.5 * whole);
    nst_image_destroy(&grey);
    nst_image_destroy(&content);
}

static void test_shares_weigh_pixels(void **state)
{
    (void)state;
    nst_image both = picture(1), left = flat(0.3f, 0.1f, 0.9f);
    float share[COUNT];
    nst_color_stats stats;
    for (size_t i = 0; i < COUNT; i++) {
        share[i] = i % W < 20 ? 0.5f : 0.0f;
        for (size_t c = 0; c < 3 && share[i] > 0.0f; c++)
            both.rgb[c * COUNT + i] = left.rgb[c * COUNT + i];
    }
    nst_color_measure(&both, share, &stats);
    nst_color_stats want = stats_of(&left);
    assert_near(&stats, &want, 1e-9);
    nst_image_destroy(&both);
    nst_image_destroy(&left);
}

static double luminance_at(const float *rgb, size_t i)
{
    return luma[0] * (double)rgb[i] + luma[1] * (double)rgb[COUNT + i] +
           luma[2] * (double)rgb[2 * COUNT + i];
}

/* The luminance asked for, exactly; of the photo's chroma all that fits into [0,1]. */
static void test_chroma_is_kept_as_far_as_it_fits(void **state)
{
    (void)state;
    nst_image photo = picture(1), other = picture(2);
    float out[3 * COUNT];
    int reduced = 0;
    nst_color_to_grey(&other);
    for (size_t i = 0; i < 40; i++)
        other.rgb[i] = i < 20 ? 0.0f : 1.0f;
    nst_color_add_chroma(other.rgb, &photo, out);
    for (size_t i = 0; i < COUNT; i++) {
        double was = luminance_at(photo.rgb, i), is = luminance_at(out, i), keep = 1.0;
        assert_true(fabs(is - (double)other.rgb[i]) < 1e-6);
        for (size_t c = 0; c < 3; c++)
            assert_true(out[c * COUNT + i] >= 0.0f && out[c * COUNT + i] <= 1.0f);
        for (size_t c = 0; c < 3; c++) {
            double chroma = (double)photo.rgb[c * COUNT + i] - was;
            if (fabs(chroma) > 0.05)
                keep = fmin(keep, ((double)out[c * COUNT + i] - is) / chroma);
        }
        if (keep < 0.999) { /* then some channel is at its end */
            bool at_end = false;
            for (size_t c = 0; c < 3; c++)
                at_end |= out[c * COUNT + i] < 1e-5f || out[c * COUNT + i] > 1.0f - 1e-5f;
            assert_true(at_end);
            reduced++;
        }
        assert_true(keep > -1e-3 && keep < 1.001);
    }
    assert_true(reduced >= 20 && reduced < COUNT / 2);

    /* In place, and back to where it came from. */
    nst_image grey = picture(1);
    nst_color_to_grey(&grey);
    nst_color_add_chroma(grey.rgb, &photo, grey.rgb);
    for (size_t i = 0; i < 3 * COUNT; i++)
        assert_true(fabsf(grey.rgb[i] - photo.rgb[i]) < 1e-6f);
    nst_image_destroy(&grey);
    nst_image_destroy(&photo);
    nst_image_destroy(&other);
}

/* Two pictures side by side are one picture; and a picture counts as often as its weight says. */
static void test_pooled_statistics_are_those_of_all_pixels(void **state)
{
    (void)state;
    nst_image a = picture(1), b = picture(2), both = {0};
    assert_int_equal(nst_image_create(W, 3 * H, 0, &both, NULL), NST_OK);
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < COUNT; i++) {
            both.rgb[3 * c * COUNT + i] = a.rgb[c * COUNT + i];
            both.rgb[(3 * c + 1) * COUNT + i] = b.rgb[c * COUNT + i];
            both.rgb[(3 * c + 2) * COUNT + i] = b.rgb[c * COUNT + i];
        }
    const nst_color_stats stats[] = {stats_of(&a), stats_of(&b), stats_of(&b)};
    const double weights[] = {0.5, 0.0, 1.0};
    nst_color_stats pooled, want = stats_of(&both);
    nst_color_pool(stats, weights, 3, &pooled);
    assert_near(&pooled, &want, 1e-9);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
    nst_image_destroy(&both);
}

/* By two maps, half a pixel each or one of them whole. */
static void test_maps_are_mixed_by_shares(void **state)
{
    (void)state;
    nst_image image = picture(1), first = picture(1), second = picture(1);
    nst_image red = picture(2), blue = picture(3);
    float shares[2 * COUNT];
    nst_color_stats from = stats_of(&image), to[2] = {stats_of(&red), stats_of(&blue)};
    nst_color_map maps[2];
    for (int r = 0; r < 2; r++)
        nst_color_map_between(&from, &to[r], &maps[r]);
    for (size_t i = 0; i < COUNT; i++) {
        shares[i] = i % 3 == 0 ? 1.0f : i % 3 == 1 ? 0.0f : 0.5f;
        shares[COUNT + i] = 1.0f - shares[i];
    }
    nst_color_match(&first, &from, &to[0]);
    nst_color_match(&second, &from, &to[1]);
    nst_color_apply(&image, maps, shares, 2);
    for (size_t i = 0; i < 3 * COUNT; i++) {
        const float *a = &first.rgb[i], *b = &second.rgb[i];
        if (i % COUNT % 3 == 0)
            assert_true(image.rgb[i] == *a);
        if (i % COUNT % 3 == 1)
            assert_true(image.rgb[i] == *b);
        if (i % COUNT % 3 == 2 && *a > 0.0f && *a < 1.0f && *b > 0.0f && *b < 1.0f)
            assert_true(fabsf(image.rgb[i] - 0.5f * (*a + *b)) < 1e-6f);
    }
    nst_image_destroy(&image);
    nst_image_destroy(&first);
    nst_image_destroy(&second);
    nst_image_destroy(&red);
    nst_image_destroy(&blue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matched_colors_have_the_statistics_asked_for),
        cmocka_unit_test(test_matching_a_picture_with_itself_changes_nothing),
        cmocka_unit_test(test_flat_and_grey_pictures_are_safe),
        cmocka_unit_test(test_noise_in_a_grey_picture_does_not_become_color),
        cmocka_unit_test(test_shares_weigh_pixels),
        cmocka_unit_test(test_pooled_statistics_are_those_of_all_pixels),
        cmocka_unit_test(test_maps_are_mixed_by_shares),
        cmocka_unit_test(test_chroma_is_kept_as_far_as_it_fits),
    };
    return cmocka_run_group_tests_name("colors", tests, NULL, NULL);
}
