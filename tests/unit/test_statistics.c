/* What nst measure says without a network, against numpy (tests/torch/make_measure.py). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "pictures/statistics.h"
#include "seeded.h"

static nst_image flat(int width, int height, float red, float green, float blue)
{
    nst_image image = {0};
    const float color[3] = {red, green, blue};
    int pixels = width * height;
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (int i = 0; i < 3 * pixels; i++)
        image.rgb[i] = color[i / pixels];
    return image;
}

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-6 * fabs(expected)))
        fail_msg("expected %.12g, got %.12g", expected, got);
}

static void figures_are_those_of_numpy(void **state)
{
    (void)state;
    unsigned seed[2];
    int width[2], height[2], count = 0;
    double distance, detail[2];
    FILE *file = fopen(NST_TESTS_DIR "/fixtures/statistics.golden", "r");
    assert_non_null(file);
    while (fscanf(file, "%u %d %d %u %d %d %lf %lf %lf", &seed[0], &width[0], &height[0], &seed[1],
                  &width[1], &height[1], &distance, &detail[0], &detail[1]) == 9) {
        nst_image images[2] = {{0}};
        for (int i = 0; i < 2; i++) {
            assert_int_equal(seeded_image(seed[i], width[i], height[i], &images[i], NULL), NST_OK);
            assert_near(nst_fine_detail(&images[i]), detail[i]);
        }
        assert_near(nst_color_distance(&images[0], &images[1]), distance);
        nst_image_destroy(&images[0]);
        nst_image_destroy(&images[1]);
        count++;
    }
    fclose(file);
    assert_int_equal(count, 3);
}

static void color_distance_goes_from_none_to_all(void **state)
{
    (void)state;
    nst_image black = flat(4, 3, 0.0f, 0.0f, 0.0f), white = flat(2, 5, 1.0f, 1.0f, 1.0f);
    nst_image red = flat(3, 3, 1.0f, 0.0f, 0.0f), nearly = flat(3, 3, 1.0f, 1.0f / 80.0f, 0.0f);
    assert_true(nst_color_distance(&black, &black) == 0.0);
    assert_near(nst_color_distance(&black, &white), 1.0);
    assert_near(nst_color_distance(&red, &white), 1.0);
    assert_near(nst_color_distance(&red, &nearly), 0.1); /* a tenth of a level */
    nst_image_destroy(&black);
    nst_image_destroy(&white);
    nst_image_destroy(&red);
    nst_image_destroy(&nearly);
}

static void flat_and_tiny_pictures_have_no_detail(void **state)
{
    (void)state;
    nst_image grey = flat(5, 4, 0.5f, 0.5f, 0.5f), narrow = {0};
    assert_int_equal(seeded_image(1, 2, 40, &narrow, NULL), NST_OK);
    assert_true(nst_fine_detail(&grey) < 1e-20);
    assert_true(nst_fine_detail(&narrow) == 0.0);
    nst_image_destroy(&grey);
    nst_image_destroy(&narrow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_numpy),
        cmocka_unit_test(color_distance_goes_from_none_to_all),
        cmocka_unit_test(flat_and_tiny_pictures_have_no_detail),
    };
    return cmocka_run_group_tests_name("statistics of pictures", tests, NULL, NULL);
}
