/* What nst compare computes, against figures of scikit-image (tests/torch/make_similarity.py). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pictures/similarity.h"
#include "seeded.h"

/* ---- pairs, as in make_similarity.py --------------------------------------------------------- */

typedef struct {
    unsigned long long seed;
    int width, height, amount;
    char kind[16];
} pair;

static int level_of(float value)
{
    return (int)lrintf(value * 255.0f);
}

static int changed(const pair *p, const nst_image *a, const nst_image *other, int i)
{
    int level = level_of(a->rgb[i]), x = i % p->width;
    if (strcmp(p->kind, "noise") == 0)
        return level +
               (int)((seeded_bits(p->seed, (uint64_t)i) >> 40) % (uint64_t)(2 * p->amount + 1)) -
               p->amount;
    if (strcmp(p->kind, "offset") == 0)
        return level + p->amount;
    if (strcmp(p->kind, "shift") == 0)
        return level_of(a->rgb[i - x + (x + p->amount) % p->width]);
    if (strcmp(p->kind, "other") == 0)
        return level_of(other->rgb[i]);
    if (strcmp(p->kind, "contrast") == 0)
        return 128 + (int)floor((level - 128) * p->amount / 100.0);
    return p->amount; /* flat */
}

static void make_pair(const pair *p, nst_image *a, nst_image *b)
{
    nst_image other = {0};
    assert_int_equal(seeded_image(p->seed, p->width, p->height, a, NULL), NST_OK);
    assert_int_equal(seeded_image(p->seed + 100, p->width, p->height, &other, NULL), NST_OK);
    assert_int_equal(nst_image_create(p->width, p->height, 0, b, NULL), NST_OK);
    for (int i = 0; i < 3 * p->width * p->height; i++) {
        int level = changed(p, a, &other, i);
        b->rgb[i] = (float)(level < 0 ? 0 : level > 255 ? 255 : level) / 255.0f;
    }
    nst_image_destroy(&other);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void assert_near(const pair *p, const char *what, double got, double expected, double within)
{
    if (!(fabs(got - expected) <= within))
        fail_msg("%dx%d %s %d: %s %.9g, expected %.9g", p->width, p->height, p->kind, p->amount,
                 what, got, expected);
}

static void figures_are_those_of_scikit_image(void **state)
{
    (void)state;
    pair p;
    double psnr, ssim, largest, mean;
    int count = 0;
    FILE *file = fopen(NST_TESTS_DIR "/fixtures/similarity.golden", "r");
    assert_non_null(file);
    while (fscanf(file, "%llu %d %d %15s %d %lf %lf %lf %lf", &p.seed, &p.width, &p.height, p.kind,
                  &p.amount, &psnr, &ssim, &largest, &mean) == 9) {
        nst_image a = {0}, b = {0};
        nst_similarity s;
        make_pair(&p, &a, &b);
        assert_int_equal(nst_similarity_measure(&a, &b, &s, NULL), NST_OK);
        assert_near(&p, "PSNR", s.psnr, psnr, 1e-6);
        assert_near(&p, "SSIM", s.ssim, ssim, 1e-6);
        assert_near(&p, "largest difference", s.largest, largest, 0.0);
        assert_near(&p, "mean difference", s.mean, mean, 1e-9);
        nst_image_destroy(&a);
        nst_image_destroy(&b);
        count++;
    }
    fclose(file);
    assert_int_equal(count, 12);
}

static void the_same_picture_differs_in_nothing(void **state)
{
    (void)state;
    nst_image a = {0};
    nst_similarity s;
    assert_int_equal(seeded_image(1, 20, 13, &a, NULL), NST_OK);
    assert_int_equal(nst_similarity_measure(&a, &a, &s, NULL), NST_OK);
    assert_true(isinf(s.psnr) && s.psnr > 0.0);
    assert_true(s.ssim == 1.0 && s.largest == 0.0 && s.mean == 0.0);
    nst_image_destroy(&a);
}

static void the_largest_difference_is_found_where_it_is(void **state)
{
    (void)state;
    nst_image a = {0}, b = {0};
    nst_similarity s;
    assert_int_equal(seeded_image(1, 20, 13, &a, NULL), NST_OK);
    assert_int_equal(seeded_image(1, 20, 13, &b, NULL), NST_OK);
    a.rgb[2 * 20 * 13 + 7 * 20 + 4] = 0.0f;
    b.rgb[2 * 20 * 13 + 7 * 20 + 4] = 200.0f / 255.0f;
    assert_int_equal(nst_similarity_measure(&a, &b, &s, NULL), NST_OK);
    assert_true(s.largest == 200.0);
    assert_int_equal(s.channel, 2);
    assert_int_equal(s.x, 4);
    assert_int_equal(s.y, 7);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
}

static void transparency_counts_as_a_channel(void **state)
{
    (void)state;
    nst_image a = {0}, b = {0};
    nst_similarity s;
    assert_int_equal(nst_image_create(12, 12, 1, &a, NULL), NST_OK);
    assert_int_equal(nst_image_create(12, 12, 0, &b, NULL), NST_OK);
    for (int i = 0; i < 144; i++)
        a.alpha[i] = 1.0f;
    assert_int_equal(nst_similarity_measure(&a, &b, &s, NULL), NST_OK);
    assert_true(s.largest == 0.0);
    a.alpha[30] = 0.0f;
    assert_int_equal(nst_similarity_measure(&a, &b, &s, NULL), NST_OK);
    assert_true(s.largest == 255.0);
    assert_int_equal(s.channel, 3);
    assert_true(fabs(s.mean - 255.0 / 576.0) < 1e-9);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
}

static void other_sizes_are_refused(void **state)
{
    (void)state;
    nst_image a = {0}, b = {0};
    nst_similarity s;
    nst_error error = {0};
    assert_int_equal(nst_image_create(12, 13, 0, &a, NULL), NST_OK);
    assert_int_equal(nst_image_create(13, 12, 0, &b, NULL), NST_OK);
    assert_int_equal(nst_similarity_measure(&a, &b, &s, &error), NST_ERR_ARGUMENT);
    assert_string_equal(error.message, "13x12 pixels, expected 12x13");
    nst_image_destroy(&a);
    nst_image_destroy(&b);
}

static void difference_pictures_are_absolute_and_amplified(void **state)
{
    (void)state;
    nst_image a = {0}, b = {0}, d = {0};
    assert_int_equal(nst_image_create(2, 1, 0, &a, NULL), NST_OK);
    assert_int_equal(nst_image_create(2, 1, 0, &b, NULL), NST_OK);
    a.rgb[0] = 0.5f;
    b.rgb[0] = 0.75f;
    a.rgb[3] = 0.5f;
    assert_int_equal(nst_similarity_picture(&a, &b, 2.0, &d, NULL), NST_OK);
    assert_true(d.rgb[0] == 0.5f);
    assert_true(d.rgb[1] == 0.0f);
    assert_true(d.rgb[3] == 1.0f);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
    nst_image_destroy(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_scikit_image),
        cmocka_unit_test(the_same_picture_differs_in_nothing),
        cmocka_unit_test(the_largest_difference_is_found_where_it_is),
        cmocka_unit_test(transparency_counts_as_a_channel),
        cmocka_unit_test(other_sizes_are_refused),
        cmocka_unit_test(difference_pictures_are_absolute_and_amplified),
    };
    return cmocka_run_group_tests_name("similarity of pictures", tests, NULL, NULL);
}
