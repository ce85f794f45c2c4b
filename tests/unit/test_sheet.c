/* Contact sheets and heat maps of made-up features. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pictures/drawing.h"
#include "pictures/sheet.h"

static const float WHITE[3] = {1.0f, 1.0f, 1.0f};

static float at(const nst_image *image, int channel, int x, int y)
{
    return image->rgb[(channel * image->height + y) * image->width + x];
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void numbers_are_drawn_dot_by_dot(void **state)
{
    (void)state;
    nst_image image = {0};
    const char *const expected[] = {"  #      # ", " ##     ## ", "  #    # # ", "  #   #  # ",
                                    "  #   #####", "  #      # ", " ###     # "};
    assert_int_equal(nst_image_create(11, 7, 0, &image, NULL), NST_OK);
    nst_draw_number(&image, 0, 0, 1, 14, WHITE);
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 11; x++)
            assert_true((at(&image, 1, x, y) == 1.0f) == (expected[y][x] == '#'));
    assert_int_equal(nst_number_width(1, 14), 11);
    assert_int_equal(nst_number_width(2, 7), 10);
    nst_image_destroy(&image);
}

static void words_are_drawn_letter_by_letter(void **state)
{
    (void)state;
    nst_image image = {0};
    const char *const expected[] = {"#            ", "#            ", "# ##         ",
                                    "##  #        ", "#   #        ", "#   #        ",
                                    "#   #        "};
    assert_int_equal(nst_image_create(13, 7, 0, &image, NULL), NST_OK);
    nst_draw_text(&image, 0, 0, 1, "h?", WHITE);
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 13; x++)
            assert_true((at(&image, 2, x, y) == 1.0f) == (expected[y][x] == '#'));
    assert_int_equal(nst_text_width(3, "oil"), 51);
    nst_image_destroy(&image);
}

static void what_falls_outside_is_left_out(void **state)
{
    (void)state;
    nst_image image = {0};
    assert_int_equal(nst_image_create(4, 3, 0, &image, NULL), NST_OK);
    nst_draw_rectangle(&image, -5, -5, 7, 6, WHITE);
    nst_draw_rectangle(&image, 3, 2, 100, 100, WHITE);
    nst_draw_rectangle(&image, 9, 9, 5, 5, WHITE);
    nst_draw_number(&image, -100, 50, 3, 123456789, WHITE);
    float sum = 0.0f;
    for (int i = 0; i < 12; i++)
        sum += image.rgb[i];
    assert_true(sum == 3.0f); /* (0,0), (1,0), (3,2) */
    assert_true(at(&image, 0, 1, 0) == 1.0f && at(&image, 0, 3, 2) == 1.0f);
    nst_image_destroy(&image);
}

/* ---- sheets ---------------------------------------------------------------------------------- */

/* Three maps of 2x1: weak, silent, strong. */
static float maps[] = {0.0f, 1.0f, 0.0f, 0.0f, 4.0f, 1.0f};
static float gram[] = {0.5f, 0.0f, 0.5f, 0.0f, 0.0f, 0.0f, 0.5f, 0.0f, 8.5f};
static const nst_features three = {3, 2, 1, maps, gram};

static void channels_are_ranked_by_their_mean(void **state)
{
    (void)state;
    nst_strength s[3];
    nst_features_rank(&three, s);
    assert_int_equal(s[0].channel, 2);
    assert_int_equal(s[1].channel, 0);
    assert_int_equal(s[2].channel, 1);
    assert_true(s[0].mean == 2.5 && s[1].mean == 0.5 && s[2].mean == 0.0);
}

static void equal_channels_keep_their_order(void **state)
{
    (void)state;
    float same[40];
    nst_features f = {40, 1, 1, same, NULL};
    nst_strength s[40];
    for (int i = 0; i < 40; i++)
        same[i] = 3.0f;
    nst_features_rank(&f, s);
    for (int i = 0; i < 40; i++)
        assert_int_equal(s[i].channel, i);
}

static void maps_stand_in_the_sheet_strongest_first(void **state)
{
    (void)state;
    nst_strength s[3];
    nst_image sheet = {0};
    nst_features_rank(&three, s);
    assert_int_equal(nst_sheet_draw(&three, s, 3, 41, 1, &sheet, NULL), NST_OK);
    /* Enlarged 20 times, with 6 pixels around: pixels (0,0) and (1,0) of the strongest. */
    assert_true(at(&sheet, 0, 6, 6) == 1.0f && at(&sheet, 2, 25, 25) == 1.0f);
    assert_true(at(&sheet, 1, 26, 6) == 0.5f && at(&sheet, 1, 45, 25) == 0.5f);
    assert_true(at(&sheet, 0, 46, 6) < 0.2f);
    /* Its bar, and then the weaker ones beside it. */
    assert_true(at(&sheet, 0, 45, 27) > 0.9f);
    assert_true(at(&sheet, 0, 52, 6) == 0.0f && at(&sheet, 0, 72, 6) == 1.0f);
    assert_true(at(&sheet, 0, 52 + 7, 27) > 0.9f && at(&sheet, 0, 52 + 8, 27) < 0.2f);
    nst_image_destroy(&sheet);
}

static void large_maps_are_shrunk(void **state)
{
    (void)state;
    float *map = calloc(300 * 100, sizeof *map);
    nst_features f = {1, 300, 100, map, NULL};
    nst_strength s = {0, 1.0};
    nst_image sheet = {0};
    assert_non_null(map);
    for (int i = 0; i < 300 * 100; i++)
        map[i] = 7.0f;
    assert_int_equal(nst_sheet_draw(&f, &s, 1, 30, 1, &sheet, NULL), NST_OK);
    assert_int_equal(sheet.width, 30 + 12);
    assert_true(fabsf(at(&sheet, 0, 20, 10) - 1.0f) < 1e-4f);
    nst_image_destroy(&sheet);
    free(map);
}

static void sheets_too_large_are_refused(void **state)
{
    (void)state;
    float one = 1.0f;
    nst_features f = {1, 1, 1, &one, NULL};
    nst_strength s = {0, 1.0};
    nst_image sheet = {0};
    nst_error error = {0};
    assert_int_equal(nst_sheet_draw(&f, &s, 1, 20000, 1, &sheet, &error), NST_ERR_ARGUMENT);
    assert_true(error.message[0]);
    assert_null(sheet.rgb);
}

static void heat_shows_every_entry(void **state)
{
    (void)state;
    nst_image heat = {0};
    assert_int_equal(nst_heat_draw(&three, &heat, NULL), NST_OK);
    int margin = 5 + 8, side = 640 / 3;
    assert_int_equal(heat.width, heat.height);
    assert_int_equal(heat.width, 3 * side + margin + 6);
    int near = margin + 1, far = margin + 2 * side + side / 2;
    assert_true(at(&heat, 0, far, far) == 1.0f);                      /* the largest is white */
    assert_true(at(&heat, 0, margin + side + 9, near) == 0.0f);       /* nothing is black */
    assert_true(at(&heat, 0, near, far) == at(&heat, 0, far, near));  /* symmetric */
    assert_true(at(&heat, 0, near, near) == at(&heat, 0, near, far)); /* equal entries */
    assert_true(at(&heat, 2, near, near) > at(&heat, 2, margin + side, margin + side));
    nst_image_destroy(&heat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_drawn_dot_by_dot),
        cmocka_unit_test(words_are_drawn_letter_by_letter),
        cmocka_unit_test(what_falls_outside_is_left_out),
        cmocka_unit_test(channels_are_ranked_by_their_mean),
        cmocka_unit_test(equal_channels_keep_their_order),
        cmocka_unit_test(maps_stand_in_the_sheet_strongest_first),
        cmocka_unit_test(large_maps_are_shrunk),
        cmocka_unit_test(sheets_too_large_are_refused),
        cmocka_unit_test(heat_shows_every_entry),
    };
    return cmocka_run_group_tests_name("sheets of features", tests, NULL, NULL);
}
