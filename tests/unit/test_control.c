/* Several styles, colors and regions as a caller of nst_stylize sees them, alone and together. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nst.h"
#include "runs.h"
#include "seeded.h"
#include "style/objective.h"

enum { W = 49, H = 35, COUNT = W * H };

static nst_model *model;
static nst_image photo, styles[2], mask, style_mask;

/* Left of `edge` black, right of it white. */
static nst_image two_halves(int width, int height, int edge)
{
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (size_t i = 0; i < 3 * (size_t)width * (size_t)height; i++)
        image.rgb[i] = (int)(i % (size_t)width) < edge ? 0.0f : 1.0f;
    return image;
}

static int open_all(void **state)
{
    (void)state;
    assert_int_equal(seeded_image(1, W, H, &photo, NULL), NST_OK);
    assert_int_equal(seeded_image(2, 44, 40, &styles[0], NULL), NST_OK);
    assert_int_equal(seeded_image(3, 36, 47, &styles[1], NULL), NST_OK);
    mask = two_halves(2 * W, 2 * H, 30);
    style_mask = two_halves(44, 40, 22);
    return nst_model_open(NULL, &model, NULL) == NST_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    nst_model_close(model);
    nst_image_destroy(&photo);
    nst_image_destroy(&styles[0]);
    nst_image_destroy(&styles[1]);
    nst_image_destroy(&mask);
    nst_image_destroy(&style_mask);
    return 0;
}

/* Of tests with many iterations; under valgrind the others do the same in fewer. */
static bool takes_minutes(void)
{
    if (!getenv("NST_UNDER_VALGRIND"))
        return false;
    printf("SKIP: minutes under valgrind\n");
    return true;
}

static nst_options few(void)
{
    return short_options(NULL, 0, 4, 4);
}

static nst_image run(const nst_options *options, const nst_inputs *in)
{
    return stylized(model, options, in);
}

static bool same(const nst_image *a, const nst_image *b)
{
    return memcmp(a->rgb, b->rgb, 3 * COUNT * sizeof(float)) == 0;
}

/* ---- blends ---------------------------------------------------------------------------------- */

static void test_a_weight_of_zero_is_as_if_the_style_were_not_there(void **state)
{
    (void)state;
    static const float weights[2][2] = {{1.0f, 0.0f}, {0.0f, 0.3f}};
    const nst_image pair[2] = {styles[0], styles[1]};
    for (int init = 0; init < 2; init++)
        for (int i = 0; i < 2; i++) {
            nst_options options = few();
            options.init = init ? NST_INIT_STYLE : NST_INIT_CONTENT;
            nst_inputs alone = {.struct_size = sizeof(nst_inputs),
                                .content = &photo,
                                .styles = &styles[i],
                                .style_count = 1};
            nst_inputs both = {.struct_size = sizeof(nst_inputs),
                               .content = &photo,
                               .styles = pair,
                               .style_weights = weights[i],
                               .style_count = 2};
            nst_image a = run(&options, &alone), b = run(&options, &both);
            assert_true(same(&a, &b));
            nst_image_destroy(&a);
            nst_image_destroy(&b);
        }
}

static void test_a_blend_lies_between(void **state)
{
    (void)state;
    nst_options options = few();
    options.optimizer = NST_OPTIMIZER_ADAM; /* by small steps, that do not overshoot */
    double distance[5];
    nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = styles, .style_count = 2};
    nst_image first = {0};
    for (int i = 0; i < 5; i++) {
        const float weights[2] = {(float)(4 - i), (float)i};
        in.style_weights = weights;
        nst_image result = run(&options, &in);
        if (i == 0)
            assert_int_equal(nst_image_resize(&result, W, H, 1, &first, NULL), NST_OK);
        distance[i] = 0.0;
        for (size_t j = 0; j < 3 * COUNT; j++)
            distance[i] += pow((double)(result.rgb[j] - first.rgb[j]), 2.0);
        nst_image_destroy(&result);
    }
    /* Strokes fall where rounding lets them: only the middle and the ends are certain. */
    assert_true(distance[2] > distance[0] && distance[4] > distance[1]);
    nst_image_destroy(&first);
}

/* ---- colors --------------------------------------------------------------------------------- */

static double chroma(const nst_image *image, size_t i, int axis)
{
    static const double yiq[2][3] = {{0.596, -0.274, -0.322}, {0.211, -0.523, 0.312}};
    return yiq[axis][0] * (double)image->rgb[i] + yiq[axis][1] * (double)image->rgb[COUNT + i] +
           yiq[axis][2] * (double)image->rgb[2 * COUNT + i];
}

typedef struct {
    nst_image seen;
} watch;

static int see(void *user, const nst_progress *progress)
{
    watch *w = user;
    if (progress->width == W)
        memcpy(w->seen.rgb, progress->rgb, 3 * COUNT * sizeof(float));
    return 0;
}

static void test_luma_keeps_the_chroma(void **state)
{
    (void)state;
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        nst_options options = few();
        nst_inputs in = {.struct_size = sizeof(nst_inputs),
                         .content = &photo,
                         .styles = styles,
                         .style_count = 1};
        watch w = {0};
        nst_image result = {0};
        double changed = 0.0;
        options.color = NST_COLOR_LUMA;
        options.optimizer = (nst_optimizer)optimizer;
        assert_int_equal(nst_image_create(W, H, 0, &w.seen, NULL), NST_OK);
        assert_int_equal(nst_stylize(model, &in, &options, see, &w, &result, NULL, NULL), NST_OK);
        const nst_image *pictures[2] = {&result, &w.seen};
        for (int k = 0; k < 2; k++)
            for (size_t i = 0; i < COUNT; i++) {
                double low = 1.0, high = 0.0;
                for (size_t c = 0; c < 3; c++) {
                    low = fmin(low, (double)pictures[k]->rgb[c * COUNT + i]);
                    high = fmax(high, (double)pictures[k]->rgb[c * COUNT + i]);
                    changed += fabs((double)(pictures[k]->rgb[i] - photo.rgb[i]));
                }
                for (int axis = 0; axis < 2 && low > 1e-4 && high < 1.0 - 1e-4; axis++)
                    assert_true(fabs(chroma(pictures[k], i, axis) - chroma(&photo, i, axis)) <
                                1e-3);
            }
        assert_true(changed > 0.01 * COUNT);
        nst_image_destroy(&result);
        nst_image_destroy(&w.seen);
    }
}

static void test_luma_of_no_iterations_is_the_photo(void **state)
{
    (void)state;
    nst_options options = few();
    nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = styles, .style_count = 1};
    options.color = NST_COLOR_LUMA;
    options.scales = 1;
    options.iterations = 0;
    nst_image result = run(&options, &in);
    for (size_t i = 0; i < 3 * COUNT; i++)
        assert_true(fabsf(result.rgb[i] - photo.rgb[i]) < 1e-6f);
    nst_image_destroy(&result);
}

static double mean_of(const nst_image *image, size_t channel)
{
    size_t count = (size_t)image->width * (size_t)image->height;
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += (double)image->rgb[channel * count + i];
    return sum / (double)count;
}

/* A red painting makes a photo red, unless its colors are matched. */
static void test_match_keeps_the_photo_s_colors(void **state)
{
    (void)state;
    if (takes_minutes())
        return;
    nst_image red = {0};
    assert_int_equal(seeded_image(2, 44, 40, &red, NULL), NST_OK);
    for (size_t i = 0; i < 3 * 44 * 40; i++)
        red.rgb[i] = i < 44 * 40 ? 0.6f + 0.4f * red.rgb[i] : 0.3f * red.rgb[i];
    nst_options options = few();
    nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = &red, .style_count = 1};
    options.iterations = options.coarse_iterations = 30;
    nst_image plain = run(&options, &in);
    options.color = NST_COLOR_MATCH;
    nst_image matched = run(&options, &in);
    double was = mean_of(&photo, 0) - mean_of(&photo, 2);
    assert_true(mean_of(&plain, 0) - mean_of(&plain, 2) > was + 0.15);
    assert_true(fabs(mean_of(&matched, 0) - mean_of(&matched, 2) - was) < 0.05);
    nst_image_destroy(&red);
    nst_image_destroy(&plain);
    nst_image_destroy(&matched);
}

static void test_flat_and_grey_pictures_are_safe_in_every_mode(void **state)
{
    (void)state;
    nst_image flat = {0}, grey = {0};
    assert_int_equal(nst_image_create(W, H, 0, &flat, NULL), NST_OK);
    assert_int_equal(seeded_image(1, W, H, &grey, NULL), NST_OK);
    memcpy(grey.rgb + COUNT, grey.rgb, COUNT * sizeof(float));
    memcpy(grey.rgb + (size_t)2 * COUNT, grey.rgb, COUNT * sizeof(float));
    const nst_image *pictures[2] = {&flat, &grey};
    int stats = getenv("NST_UNDER_VALGRIND") ? 2 : 3; /* the third takes minutes there */
    for (int i = 0; i < 4; i++)
        for (int color = 0; color < 3; color++)
            for (int stat = 0; stat < stats; stat++) {
                nst_options options = few();
                nst_inputs in = {.struct_size = sizeof(nst_inputs),
                                 .content = pictures[i / 2],
                                 .styles = pictures[i % 2],
                                 .style_count = 1};
                options.color = (nst_color)color;
                options.style_stat = (nst_style_stat)stat;
                nst_image result = run(&options, &in);
                for (size_t j = 0; j < 3 * COUNT; j++)
                    assert_true(result.rgb[j] >= 0.0f && result.rgb[j] <= 1.0f);
                nst_image_destroy(&result);
            }
    nst_image_destroy(&flat);
    nst_image_destroy(&grey);
}

/* ---- regions --------------------------------------------------------------------------------- */

/* Gradient at `photo` of a scene of two halves, the right one of which takes `right`. */
static void half_gradient(const nst_image *wide, const nst_image *left, const nst_image *right,
                          const nst_options *options, float *gradient)
{
    size_t count = (size_t)wide->width * (size_t)wide->height;
    float *shares = calloc(2 * count, sizeof *shares);
    nst_objective *objective = NULL;
    nst_losses losses;
    nst_error error = {0};
    assert_non_null(shares);
    for (size_t i = 0; i < count; i++)
        shares[(int)(i % (size_t)wide->width) < wide->width / 2 ? i : count + i] = 1.0f;
    const nst_scene_style both[2] = {{left, 1.0, 1u << 0, NULL, 0, 0, NULL, NULL},
                                     {right, 1.0, 1u << 1, NULL, 0, 0, NULL, NULL}};
    const nst_scene scene = {
        .content = wide, .region_count = 2, .shares = shares, .styles = both, .style_count = 2};
    assert_int_equal(nst_objective_create(model, options, &scene, 2, &objective, &error), NST_OK);
    assert_int_equal(nst_objective_evaluate(objective, wide->rgb, &losses, gradient, &error),
                     NST_OK);
    nst_objective_destroy(objective);
    free(shares);
}

/* Pixels from which no path through the network leads into the other half. relu2_1 looks at
 * 10 pixels (5 from relu1_2, pooled, 3 times 2 more), a few more on the way back. */
static void test_a_style_does_nothing_outside_its_region(void **state)
{
    (void)state;
    enum { WIDE = 96, HIGH = 24, REACH = 20 };
    nst_options options;
    nst_image wide = {0};
    static float a[3 * WIDE * HIGH], b[3 * WIDE * HIGH];
    double moved = 0.0;
    nst_options_default(&options);
    options.content_weight = 0.0f;
    options.style_layers[0] = (nst_layer_weight){nst_layer_find("relu1_2"), 1.0f};
    options.style_layers[1] = (nst_layer_weight){nst_layer_find("relu2_1"), 1.0f};
    options.style_layer_count = 2;
    assert_int_equal(seeded_image(7, WIDE, HIGH, &wide, NULL), NST_OK);
    for (int stat = 0; stat < 2; stat++) {
        options.style_stat = (nst_style_stat)stat;
        half_gradient(&wide, &styles[0], &styles[1], &options, a);
        half_gradient(&wide, &styles[0], &photo, &options, b);
        for (int i = 0; i < 3 * WIDE * HIGH; i++) {
            if (i % WIDE < WIDE / 2 - REACH)
                assert_true(a[i] == b[i]);
            else
                moved += fabs((double)(a[i] - b[i]));
        }
        assert_true(moved > 0.0);
    }
    nst_image_destroy(&wide);
}

/* The same painting for every region is nearly the same as no regions: what differs is only that
 * each region is to have all of the painting's textures. */
static void test_regions_cover_the_picture(void **state)
{
    (void)state;
    if (takes_minutes())
        return;
    nst_options options = few();
    options.iterations = options.coarse_iterations = 10; /* before rounding takes over */
    nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = styles, .style_count = 1};
    nst_image plain = run(&options, &in);
    in.content_mask = &mask;
    nst_image regions = run(&options, &in);
    double difference = 0.0, change = 0.0;
    for (size_t i = 0; i < 3 * COUNT; i++) {
        difference += pow((double)(plain.rgb[i] - regions.rgb[i]), 2.0);
        change += pow((double)(plain.rgb[i] - photo.rgb[i]), 2.0);
    }
    if (!(difference > 0.0 && difference < 0.4 * change))
        fail_msg("differs by %.3f of the change", difference / change);
    nst_image_destroy(&plain);
    nst_image_destroy(&regions);
}

static void test_each_region_takes_its_own_style(void **state)
{
    (void)state;
    if (takes_minutes())
        return;
    nst_options options = few();
    /* A dark and a bright painting, or one that is dark to the left and bright to the right. */
    nst_image halves[2], whole = {0};
    const int numbers[2] = {1, 2};
    assert_int_equal(seeded_image(2, 44, 40, &whole, NULL), NST_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(seeded_image(2, 44, 40, &halves[i], NULL), NST_OK);
        for (size_t j = 0; j < 3 * 44 * 40; j++)
            halves[i].rgb[j] = 0.65f * (float)i + 0.35f * halves[i].rgb[j];
    }
    for (size_t j = 0; j < 3 * 44 * 40; j++)
        whole.rgb[j] = halves[j % 44 < 22 ? 0 : 1].rgb[j];
    nst_inputs in = {.struct_size = sizeof(nst_inputs),
                     .content = &photo,
                     .styles = halves,
                     .style_count = 2,
                     .content_mask = &mask};
    in.style_regions = numbers;
    options.iterations = options.coarse_iterations = 60;
    options.content_weight = 0.02f;
    options.style_layers[0] = (nst_layer_weight){nst_layer_find("relu1_1"), 1.0f};
    options.style_layers[1] = (nst_layer_weight){nst_layer_find("relu2_1"), 1.0f};
    options.style_layer_count = 2;
    nst_image a = run(&options, &in);
    in = (nst_inputs){.struct_size = sizeof(nst_inputs),
                      .content = &photo,
                      .styles = &whole,
                      .style_count = 1,
                      .content_mask = &mask,
                      .style_masks = &style_mask};
    nst_image b = run(&options, &in);
    double left[2] = {0}, right[2] = {0};
    for (size_t i = 0; i < COUNT; i++) {
        left[0] += i % W < 12 ? (double)a.rgb[i] / (12 * H) : 0.0;
        left[1] += i % W < 12 ? (double)b.rgb[i] / (12 * H) : 0.0;
        right[0] += i % W >= 20 ? (double)a.rgb[i] / (29 * H) : 0.0;
        right[1] += i % W >= 20 ? (double)b.rgb[i] / (29 * H) : 0.0;
    }
    for (int k = 0; k < 2; k++)
        assert_true(right[k] > left[k] + 0.1);
    nst_image_destroy(&a);
    nst_image_destroy(&b);
    nst_image_destroy(&halves[0]);
    nst_image_destroy(&halves[1]);
    nst_image_destroy(&whole);
}

static void assert_refused(const nst_inputs *in, const char *words)
{
    nst_options options = few();
    nst_image result = {0};
    nst_error error = {0};
    assert_int_equal(nst_stylize(model, in, &options, NULL, NULL, &result, NULL, &error),
                     NST_ERR_ARGUMENT);
    if (!strstr(error.message, words))
        fail_msg("expected '%s' in '%s'", words, error.message);
    assert_null(result.rgb);
}

static void test_what_cannot_be_is_refused(void **state)
{
    (void)state;
    const nst_inputs good = {.struct_size = sizeof(nst_inputs),
                             .content = &photo,
                             .styles = styles,
                             .style_count = 2,
                             .content_mask = &mask};
    static const int third[2] = {1, 3}, first[2] = {1, 1}, below[2] = {-1, 2}, both[2] = {1, 2};
    static const float only_first[2] = {1.0f, 0.0f};
    nst_image turned = two_halves(2 * H, 2 * W, 30), black = two_halves(44, 40, 44);
    const nst_image one_mask[2] = {style_mask, {0}}, wrong_mask[2] = {turned, {0}},
                    flat_mask[2] = {black, {0}};
    nst_inputs in;
    in = good, in.style_regions = third;
    assert_refused(&in, "style @3: the content mask has regions 1 to 2");
    in = good, in.style_regions = below;
    assert_refused(&in, "style @-1");
    in = good, in.style_regions = first;
    assert_refused(&in, "no style for region 2 (color 255,255,255)");
    in = good, in.style_regions = both, in.style_weights = only_first;
    assert_refused(&in, "no style for region 2");
    in = good, in.content_mask = &turned;
    assert_refused(&in, "content mask: is 70x98, not of the shape of 49x35");
    in = good, in.content_mask = &black;
    assert_refused(&in, "content mask: is 44x40");
    in = good, in.style_masks = wrong_mask;
    assert_refused(&in, "mask of style 1: is 70x98");
    in = good, in.style_masks = flat_mask;
    assert_refused(&in, "mask of style 1: expected areas of 2 to 8 flat colors, found only one");
    in = good, in.content_mask = NULL, in.style_masks = one_mask;
    assert_refused(&in, "needs a content mask");
    in = good, in.content_mask = NULL, in.style_regions = both;
    assert_refused(&in, "needs a content mask");
    nst_image_destroy(&turned);
    nst_image_destroy(&black);
}

/* ---- together -------------------------------------------------------------------------------- */

static void test_everything_goes_together_with_any_threads(void **state)
{
    (void)state;
    static const float weights[2] = {2.0f, 1.0f};
    static const int numbers[2] = {0, 2};
    const nst_image masks[2] = {style_mask, {0}};
    int colors = getenv("NST_UNDER_VALGRIND") ? 1 : 3;
    for (int color = 0; color < colors; color++)
        for (int k = 0; k < 8; k++) {
            nst_options options = few();
            nst_inputs in = {.struct_size = sizeof(nst_inputs),
                             .content = &photo,
                             .styles = styles,
                             .style_weights = weights,
                             .style_count = 2,
                             .content_mask = k & 1 ? &mask : NULL};
            options.color = (nst_color)color;
            options.style_stat = (nst_style_stat)(k >> 1 & 1);
            options.optimizer = (nst_optimizer)(k >> 2);
            options.init = (nst_init)(k % 3);
            if (k & 1) {
                in.style_regions = numbers;
                in.style_masks = masks;
            }
            nst_image one = run(&options, &in);
            options.threads = 3;
            nst_image three = run(&options, &in);
            assert_true(same(&one, &three));
            for (size_t i = 0; i < 3 * COUNT; i++)
                assert_true(one.rgb[i] >= 0.0f && one.rgb[i] <= 1.0f);
            nst_image_destroy(&one);
            nst_image_destroy(&three);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_weight_of_zero_is_as_if_the_style_were_not_there),
        cmocka_unit_test(test_a_blend_lies_between),
        cmocka_unit_test(test_luma_keeps_the_chroma),
        cmocka_unit_test(test_luma_of_no_iterations_is_the_photo),
        cmocka_unit_test(test_match_keeps_the_photo_s_colors),
        cmocka_unit_test(test_flat_and_grey_pictures_are_safe_in_every_mode),
        cmocka_unit_test(test_a_style_does_nothing_outside_its_region),
        cmocka_unit_test(test_regions_cover_the_picture),
        cmocka_unit_test(test_each_region_takes_its_own_style),
        cmocka_unit_test(test_what_cannot_be_is_refused),
        cmocka_unit_test(test_everything_goes_together_with_any_threads),
    };
    return cmocka_run_group_tests_name("control", tests, open_all, close_all);
}
