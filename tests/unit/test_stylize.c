/* nst_stylize as a caller sees it, with the small model of the tests. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/image.h"
#include "image/color.h"
#include "nst.h"
#include "runs.h"

static nst_model *model;
static nst_image photo, painting;

static nst_image picture(int width, int height, int kind)
{
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                double u = (double)x / width, v = (double)y / height;
                double value = kind == 0 ? 0.5 + 0.4 * sin(9.0 * u * v + c) * cos(5.0 * v - c)
                                         : 0.5 + 0.5 * sin(40.0 * (u + v) + 2.0 * c);
                image.rgb[((size_t)c * (size_t)height + (size_t)y) * (size_t)width + (size_t)x] =
                    (float)value;
            }
    return image;
}

static int open_all(void **state)
{
    (void)state;
    photo = picture(51, 37, 0);
    painting = picture(40, 45, 1);
    return nst_model_open(NST_TESTS_DIR "/models/vgg19-slim.safetensors", &model, NULL) == NST_OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    (void)state;
    nst_model_close(model);
    nst_image_destroy(&photo);
    nst_image_destroy(&painting);
    return 0;
}

static nst_options small_options(void)
{
    return short_options(model, 51, 6, 5);
}

static nst_inputs inputs(void)
{
    return (nst_inputs){.struct_size = sizeof(nst_inputs),
                        .content = &photo,
                        .styles = &painting,
                        .style_count = 1};
}

static nst_image run(const nst_options *options, const nst_inputs *in)
{
    nst_image result = {0};
    nst_error error = {0};
    if (nst_stylize(model, in, options, NULL, NULL, &result, NULL, &error) != NST_OK)
        fail_msg("%s", error.message);
    return result;
}

static size_t bytes_of(const nst_image *image)
{
    return 3 * (size_t)image->width * (size_t)image->height * sizeof(float);
}

static void assert_same(const nst_image *a, const nst_image *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_memory_equal(a->rgb, b->rgb, bytes_of(a));
}

static void assert_a_picture(const nst_image *image)
{
    for (size_t i = 0; i < bytes_of(image) / sizeof(float); i++)
        assert_true(image->rgb[i] >= 0.0f && image->rgb[i] <= 1.0f);
}

static void test_same_bytes_for_any_threads_and_again(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        nst_options options = small_options();
        options.optimizer = (nst_optimizer)optimizer;
        options.init = NST_INIT_NOISE;
        options.seed = 5;
        nst_image first = run(&options, &in);
        for (int threads = 1; threads <= 5; threads += 2) {
            options.threads = threads;
            nst_image again = run(&options, &in);
            assert_same(&first, &again);
            nst_image_destroy(&again);
        }
        assert_a_picture(&first);
        nst_image_destroy(&first);
    }
}

static void test_it_becomes_more_like_the_painting(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        nst_losses few, many;
        nst_image result = {0};
        nst_options options = small_options();
        options.optimizer = (nst_optimizer)optimizer;
        options.init = NST_INIT_CONTENT;
        options.coarse_iterations = 20;
        options.iterations = 1;
        assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &result, &few, NULL),
                         NST_OK);
        nst_image_destroy(&result);
        options.iterations = 40;
        assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &result, &many, NULL),
                         NST_OK);
        nst_image_destroy(&result);
        assert_true(many.style < 0.7 * few.style);
        assert_true(many.total < 0.7 * few.total);
        double total = (double)options.content_weight * many.content +
                       (double)options.style_weight * many.style +
                       (double)options.tv_weight * many.tv;
        assert_true(fabs(many.total - total) < 1e-6 * total);
    }
}

static void test_no_iterations_give_the_start_image(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    nst_options options = small_options();
    options.iterations = options.coarse_iterations = 0;
    options.scales = 1;
    options.init = NST_INIT_COLORS; /* nothing is painted: the photo keeps its colors */
    nst_image result = run(&options, &in);
    assert_same(&result, &photo);
    nst_image_destroy(&result);
    options.scales = 0; /* so small that there is no coarser scale */
    options.coarse_iterations = 5;
    result = run(&options, &in);
    assert_same(&result, &photo);
    nst_image_destroy(&result);
    options.init = NST_INIT_IMAGE;
    in.init = &painting;
    result = run(&options, &in);
    nst_image expected = {0};
    assert_int_equal(nst_image_resize(&painting, 51, 37, 1, &expected, NULL), NST_OK);
    assert_same(&result, &expected);
    nst_image_destroy(&result);
    nst_image_destroy(&expected);
}

/* ---- a start in the colors of the styles ------------------------------------------------------
 */

/* Of the pixels of a column range. */
static nst_color_stats colors_of(const nst_image *image, int left, int right)
{
    size_t count = nst_pixel_count(image);
    float *share = malloc(count * sizeof *share);
    nst_color_stats stats;
    assert_non_null(share);
    for (size_t i = 0; i < count; i++) {
        int x = (int)(i % (size_t)image->width);
        share[i] = x >= left && x < right ? 1.0f : 0.0f;
    }
    nst_color_measure(image, share, &stats);
    free(share);
    return stats;
}

static void assert_colors_near(const nst_color_stats *a, const nst_color_stats *b)
{
    for (int c = 0; c < 3; c++) {
        assert_true(fabs(a->mean[c] - b->mean[c]) < 0.03); /* less what is cut off */
        assert_true(fabs(sqrt(a->covariance[c][c]) - sqrt(b->covariance[c][c])) < 0.03);
    }
}

static nst_options start_only(void)
{
    nst_options options = small_options();
    options.init = NST_INIT_COLORS;
    options.iterations = 1; /* which evaluates the start */
    options.scales = 1;
    return options;
}

/* Gentle colors, so that none is cut off in the photo that takes them. */
static nst_image gentle(float red, float green, float blue)
{
    const float middle[] = {red, green, blue};
    nst_image image = picture(40, 45, 1);
    for (size_t i = 0; i < bytes_of(&image) / sizeof(float); i++)
        image.rgb[i] = middle[i / nst_pixel_count(&image)] + 0.2f * (image.rgb[i] - 0.5f);
    return image;
}

static void test_a_start_in_the_colors_of_the_style(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    nst_options options = start_only();
    nst_image style = gentle(0.4f, 0.7f, 0.3f);
    in.styles = &style;
    nst_image result = run(&options, &in);
    nst_color_stats got = colors_of(&result, 0, result.width),
                    want = colors_of(&style, 0, style.width);
    assert_colors_near(&got, &want);
    nst_image_destroy(&result);
    nst_image_destroy(&style);
    in = inputs();
    /* Styles in the photo's colors, and the photo in theirs, are the photo's. */
    for (int color = NST_COLOR_LUMA; color <= NST_COLOR_MATCH; color++) {
        nst_options content = options;
        options.color = content.color = (nst_color)color;
        content.init = NST_INIT_CONTENT;
        options.iterations = content.iterations = 2;
        result = run(&options, &in);
        nst_image expected = run(&content, &in);
        assert_same(&result, &expected);
        nst_image_destroy(&result);
        nst_image_destroy(&expected);
    }
}

static void test_a_start_in_the_colors_of_a_blend(void **state)
{
    (void)state;
    nst_image styles[2] = {painting, photo};
    const float first[] = {2.0f, 0.0f}, second[] = {0.0f, 1.0f};
    nst_inputs single = inputs(), blend = inputs();
    nst_options options = start_only();
    blend.styles = styles;
    blend.style_count = 2;
    blend.style_weights = first;
    nst_image alone = run(&options, &single), result = run(&options, &blend);
    assert_same(&alone, &result);
    nst_image_destroy(&alone);
    nst_image_destroy(&result);
    blend.style_weights = second;
    result = run(&options, &blend);
    for (size_t i = 0; i < bytes_of(&photo) / sizeof(float); i++)
        assert_true(fabsf(result.rgb[i] - photo.rgb[i]) < 1e-5f);
    nst_image_destroy(&result);
}

/* The left half takes one style, the right half the other. */
static void test_a_start_in_the_colors_of_regions(void **state)
{
    (void)state;
    enum { MIDDLE = 25, EDGE = 4 };
    nst_image mask = {0}, styles[2] = {gentle(0.3f, 0.4f, 0.7f), gentle(0.7f, 0.6f, 0.4f)};
    const int regions[] = {1, 2};
    nst_inputs in = inputs();
    nst_options options = start_only();
    assert_int_equal(nst_image_create(photo.width, photo.height, 0, &mask, NULL), NST_OK);
    for (size_t i = 0; i < bytes_of(&mask) / sizeof(float); i++)
        mask.rgb[i] = (int)(i % (size_t)mask.width) < MIDDLE ? 0.0f : 1.0f;
    in.styles = styles;
    in.style_count = 2;
    in.style_regions = regions;
    in.content_mask = &mask;
    nst_image result = run(&options, &in);
    const nst_color_stats got[] = {colors_of(&result, 0, MIDDLE - EDGE),
                                   colors_of(&result, MIDDLE + EDGE, result.width)};
    for (int r = 0; r < 2; r++) {
        nst_color_stats want = colors_of(&styles[r], 0, styles[r].width);
        assert_colors_near(&got[r], &want);
    }
    for (int i = 0; i < 2; i++)
        nst_image_destroy(&styles[i]);
    nst_image_destroy(&mask);
    nst_image_destroy(&result);
}

/* ---- the losses that are returned
 * -------------------------------------------------------------- */

static int stop_at(void *user, const nst_progress *p)
{
    return p->iterations_done == *(const int *)user;
}

/* Those of the picture that came out, measured by nst_measure. */
static void assert_losses_of(const nst_image *result, const nst_options *options,
                             const nst_losses *losses)
{
    nst_measurement m;
    nst_image style = {0};
    unsigned layers = 0;
    double content = 0.0, content_sum = 0.0, stylistic = 0.0, style_sum = 0.0;
    assert_int_equal(nst_image_resize(&painting, 45, 51, 1, &style, NULL), NST_OK);
    for (int i = 0; i < options->style_layer_count; i++)
        layers |= 1u << options->style_layers[i].layer;
    for (int i = 0; i < options->content_layer_count; i++)
        layers |= 1u << options->content_layers[i].layer;
    assert_int_equal(nst_measure(model, result, &photo, &style, layers, 1, &m, NULL), NST_OK);
    for (int i = 0; i < options->style_layer_count; i++) {
        double weight = (double)options->style_layers[i].weight;
        stylistic += weight * m.style[options->style_layers[i].layer];
        style_sum += weight;
    }
    for (int i = 0; i < options->content_layer_count; i++) {
        double weight = (double)options->content_layers[i].weight;
        content += weight * m.content[options->content_layers[i].layer];
        content_sum += weight;
    }
    content /= content_sum;
    stylistic /= style_sum;
    assert_true(fabs(losses->content - content) < 1e-5 * content);
    assert_true(fabs(losses->style - stylistic) < 1e-5 * stylistic);
    assert_true(fabs(losses->tv - m.tv) < 1e-5 * m.tv);
    nst_image_destroy(&style);
}

static void test_losses_belong_to_the_result(void **state)
{
    (void)state;
    nst_inputs in = inputs();
    for (int optimizer = 0; optimizer < 2; optimizer++)
        for (int iterations = 1; iterations <= 13; iterations++)
            for (int stopped = 0; stopped < 2; stopped++) {
                nst_losses losses;
                nst_image result = {0};
                nst_options options = small_options();
                options.optimizer = (nst_optimizer)optimizer;
                options.scales = 1;
                options.init = NST_INIT_NOISE;
                options.iterations = stopped ? 20 : iterations;
                assert_int_equal(nst_stylize(model, &in, &options, stopped ? stop_at : NULL,
                                             &iterations, &result, &losses, NULL),
                                 stopped ? NST_STOPPED : NST_OK);
                assert_losses_of(&result, &options, &losses);
                nst_image_destroy(&result);
            }
}

static void test_weights_of_styles_count_relative_to_each_other(void **state)
{
    (void)state;
    nst_image styles[2] = {painting, photo};
    const float one_sided[] = {3.0f, 0.0f}, twice[] = {2.0f, 4.0f}, once[] = {1.0f, 2.0f};
    nst_inputs single = inputs(), blend = inputs();
    nst_options options = small_options();
    blend.styles = styles;
    blend.style_count = 2;
    nst_image alone = run(&options, &single);
    blend.style_weights = one_sided;
    nst_image first = run(&options, &blend);
    blend.style_weights = twice;
    nst_image second = run(&options, &blend);
    blend.style_weights = once;
    nst_image third = run(&options, &blend);
    assert_same(&alone, &first);
    assert_same(&second, &third);
    assert_memory_not_equal(first.rgb, second.rgb, bytes_of(&first));
    nst_image_destroy(&alone);
    nst_image_destroy(&first);
    nst_image_destroy(&second);
    nst_image_destroy(&third);
}

/* ---- progress -------------------------------------------------------------------------------- */

typedef struct {
    int calls, stop_at, scale;
    double fraction;
} watch;

static int on_progress(void *user, const nst_progress *p)
{
    watch *w = user;
    w->calls++;
    assert_int_equal(p->iterations_done, w->calls);
    assert_int_equal(p->scales, 2);
    assert_true(p->scale >= w->scale && p->iteration >= 1 && p->iteration <= p->iterations);
    assert_true(p->fraction > w->fraction && p->fraction <= 1.0);
    assert_int_equal(p->width, p->scale == 0 ? 26 : 51);
    assert_true(p->losses.total > 0.0 && isfinite(p->losses.total));
    assert_true(p->rgb[0] >= 0.0f && p->rgb[0] <= 1.0f);
    w->scale = p->scale;
    w->fraction = p->fraction;
    return w->calls == w->stop_at;
}

static void test_progress_is_told_after_each_evaluation(void **state)
{
    (void)state;
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        nst_inputs in = inputs();
        nst_options options = small_options();
        nst_image result = {0};
        watch w = {0};
        options.optimizer = (nst_optimizer)optimizer;
        options.content_layers[0].layer = nst_layer_find("relu2_2");
        for (int i = 0; i < options.style_layer_count; i++)
            options.style_layers[i].layer = i;
        assert_int_equal(nst_stylize(model, &in, &options, on_progress, &w, &result, NULL, NULL),
                         NST_OK);
        assert_int_equal(w.calls, 11);
        assert_true(fabs(w.fraction - 1.0) < 1e-12);
        nst_image_destroy(&result);
    }
}

static void test_a_stopped_run_has_a_result_of_full_size(void **state)
{
    (void)state;
    for (int stop_at = 1; stop_at <= 8; stop_at += 7)
        for (int optimizer = 0; optimizer < 2; optimizer++) {
            nst_inputs in = inputs();
            nst_options options = small_options();
            nst_image result = {0};
            watch w = {.stop_at = stop_at};
            options.optimizer = (nst_optimizer)optimizer;
            options.content_layers[0].layer = nst_layer_find("relu2_2");
            for (int i = 0; i < options.style_layer_count; i++)
                options.style_layers[i].layer = i;
            assert_int_equal(
                nst_stylize(model, &in, &options, on_progress, &w, &result, NULL, NULL),
                NST_STOPPED);
            assert_int_equal(w.calls, stop_at);
            assert_int_equal(result.width, 51);
            assert_int_equal(result.height, 37);
            assert_a_picture(&result);
            nst_image_destroy(&result);
        }
}

/* ---- phases ---------------------------------------------------------------------------------- */

typedef struct {
    char told[200]; /* a letter for each phase, with the scale before and the step behind */
    int calls, stop_at;
    double seconds;
} phases;

static int on_phase(void *user, const nst_phase_info *info)
{
    phases *p = user;
    size_t used = strlen(p->told);
    snprintf(p->told + used, sizeof p->told - used, "%d%c%d/%d ", info->scale,
             "PWSCIR"[info->phase], info -> step, info -> steps);
    assert_int_equal(info->scales, info->phase == NST_PHASE_PICTURES ? 0 : 2);
    assert_true(info->seconds >= p->seconds);
    assert_non_null(nst_phase_name(info->phase));
    p->seconds = info->seconds;
    p->calls++;
    return p->calls == p->stop_at;
}

static int no_progress(void *user, const nst_progress *progress)
{
    phases *p = user;
    size_t used = strlen(p->told);
    if (progress->iteration == 1)
        snprintf(p->told + used, sizeof p->told - used, "first ");
    return 0;
}

static const char all_phases[] = "0P1/1 0W1/1 0S1/3 0S3/3 0C1/1 0I1/1 first "
                                 "1W1/1 1S1/3 1S3/3 1C1/1 1I1/1 first 1R1/1 ";

/* Weights, styles with a weight, content, iterations, at both scales; and a stop at each of them.
 */
static void test_phases(void **state)
{
    (void)state;
    enum { CALLS = 12 };
    const nst_image styles[3] = {painting, photo, photo};
    const float weights[3] = {1.0f, 0.0f, 2.0f};
    nst_options options = small_options();
    options.iterations = options.coarse_iterations = 2;
    for (int stop_at = 0; stop_at <= CALLS; stop_at++) {
        phases p = {.stop_at = stop_at};
        nst_inputs in = inputs();
        nst_image result = {0};
        in.styles = styles;
        in.style_weights = weights;
        in.style_count = 3;
        in.on_phase = on_phase;
        in.phase_user = &p;
        nst_status status = nst_stylize(model, &in, &options, no_progress, &p, &result, NULL, NULL);
        bool whole = stop_at == 0 || stop_at == CALLS; /* the last one does not ask */
        assert_int_equal(status, whole ? NST_OK : NST_STOPPED);
        assert_int_equal(result.rgb != NULL, whole || stop_at > 6);
        if (whole)
            assert_string_equal(p.told, all_phases);
        else
            assert_memory_equal(p.told, all_phases, stop_at > 6 ? 42 : strlen(p.told));
        nst_image_destroy(&result);
    }
    assert_string_equal(nst_phase_name(NST_PHASE_STYLES), "measuring the styles");
    assert_null(nst_phase_name((nst_phase)6));
    assert_null(nst_phase_name((nst_phase)-1));
}

/* Those of the run: a thin picture has fewer than its longest side alone would give. */
static void test_levels(void **state)
{
    (void)state;
    nst_options options = small_options();
    nst_level levels[NST_SCALES_MAX];
    options.content_layers[0].layer = nst_layer_find("relu4_2"); /* sides of 8 at least */
    options.iterations = 7;
    options.coarse_iterations = 9;
    options.scales = 0;
    options.min_size = 16;
    options.size = 256;
    assert_int_equal(nst_result_levels(&options, model, 1000, 1000, levels), 5);
    assert_int_equal(nst_result_levels(&options, model, 1000, 80, levels), 2);
    assert_int_equal(levels[0].width, 128);
    assert_int_equal(levels[0].height, 10);
    assert_int_equal(levels[0].iterations, 9);
    assert_int_equal(levels[1].width, 256);
    assert_int_equal(levels[1].height, 20);
    assert_int_equal(levels[1].iterations, 7);
}

/* ---- what is odd, and what is wrong ---------------------------------------------------------- */

static void test_flat_pictures(void **state)
{
    (void)state;
    nst_image flat = {0};
    nst_options options = small_options();
    assert_int_equal(nst_image_create(51, 37, 0, &flat, NULL), NST_OK);
    for (int role = 0; role < 3; role++) {
        nst_inputs in = inputs();
        if (role != 1)
            in.content = &flat;
        if (role != 0)
            in.styles = &flat;
        nst_image result = run(&options, &in);
        assert_a_picture(&result);
        nst_image_destroy(&result);
    }
    nst_image_destroy(&flat);
}

static void refuse(const nst_inputs *in, const nst_options *options, const char *message)
{
    nst_image result = {0};
    nst_error error = {0};
    assert_int_equal(nst_stylize(model, in, options, NULL, NULL, &result, NULL, &error),
                     NST_ERR_ARGUMENT);
    assert_string_equal(error.message, message);
    assert_null(result.rgb);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    nst_options options = small_options();
    nst_inputs in = inputs();
    const float none[] = {0.0f}, negative[] = {-1.0f};
    in.style_count = 0;
    refuse(&in, &options, "expected a content image and at least one style");
    in = inputs();
    in.style_weights = none;
    refuse(&in, &options, "expected at least one style with a weight");
    in.style_weights = negative;
    refuse(&in, &options, "style weight -1: expected 0 or more");
    in = inputs();
    options.init = NST_INIT_IMAGE;
    refuse(&in, &options, "expected an image to start from");
    options = small_options();
    options.size = 20;
    options.style_layers[0].layer = nst_layer_find("relu5_1");
    refuse(&in, &options, "20x15 pixels: too small for relu5_1, which needs 16 each way");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_for_any_threads_and_again),
        cmocka_unit_test(test_it_becomes_more_like_the_painting),
        cmocka_unit_test(test_no_iterations_give_the_start_image),
        cmocka_unit_test(test_a_start_in_the_colors_of_the_style),
        cmocka_unit_test(test_a_start_in_the_colors_of_a_blend),
        cmocka_unit_test(test_a_start_in_the_colors_of_regions),
        cmocka_unit_test(test_losses_belong_to_the_result),
        cmocka_unit_test(test_weights_of_styles_count_relative_to_each_other),
        cmocka_unit_test(test_progress_is_told_after_each_evaluation),
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_a_stopped_run_has_a_result_of_full_size),
        cmocka_unit_test(test_flat_pictures),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
