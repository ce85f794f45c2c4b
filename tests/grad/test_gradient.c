/* The whole objective, losses and gradient with respect to the pixels: against PyTorch in double,
 * and at the ends of its range. */
#include "grad/golden.h"

/* ---- against PyTorch ----------------------------------------------------------------- */

static void small_model_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("slim-131x97");
}

static void tiny_image_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("slim-33x17");
}

static void layers_before_pooling_and_blended_styles_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("mixed-max-47x33");
}

static void average_pooling_by_option_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("mixed-avg-47x33");
}

static void average_pooling_by_file_and_deepest_layer_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("deep-37x49");
}

static void several_styles_and_content_layers_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("blend-97x131");
}

static void matched_colors_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("match-97x131");
}

static void luminance_alone_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("luma-97x131");
}

static void regions_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("regions-97x131");
}

static void covariance_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("covariance-97x131");
}

static void wide_taps_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("wide-97x61");
    compare_algorithms("wide-regions-47x61");
}

static void wasserstein_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("w2-97x131");
    compare_algorithms("w2-regions-47x61");
}

static void regions_covariance_blend_and_colors_together_match_pytorch(void **state)
{
    (void)state;
    compare_algorithms("regions-all-47x61");
}

/* ---- the same for any number of threads ------------------------------------------------ */

static void same_for_any_threads(const char *name, nst_conv_algorithm algorithm)
{
    fixture f = fixture_named(name);
    nst_model *model = model_of(&f, algorithm);
    size_t count = fixture_pixels(&f);
    float *gradient[2] = {floats(count), floats(count)};
    nst_losses losses[2];
    for (int i = 0; i < 2; i++) {
        nst_objective *objective = objective_of(&f, model, i == 0 ? 1 : 3);
        losses[i] = evaluate(objective, f.x, gradient[i]);
        nst_objective_destroy(objective);
    }
    assert_memory_equal(&losses[0], &losses[1], sizeof losses[0]);
    assert_memory_equal(gradient[0], gradient[1], count * sizeof(float));
    free(gradient[0]);
    free(gradient[1]);
    nst_model_close(model);
    fixture_destroy(&f);
}

static void threads_do_not_change_a_byte(void **state)
{
    (void)state;
    for (int a = NST_CONV_WINOGRAD; a < NST_CONV_COUNT; a++) {
        nst_conv_algorithm algorithm = (nst_conv_algorithm)a;
        if (algorithm == NST_CONV_BF16 && !nst_conv_has_bf16())
            continue;
        same_for_any_threads("mixed-max-47x33", algorithm);
        same_for_any_threads("regions-all-47x61", algorithm);
        same_for_any_threads("w2-regions-47x61", algorithm);
        same_for_any_threads("luma-97x131", algorithm);
        same_for_any_threads("wide-97x61", algorithm);
    }
}

/* ---- the same in bands ------------------------------------------------------------------ */

/* Our own product gives a row the same bytes wherever it stands. OpenBLAS rounds by where it
 * stands, which Winograd's transforms amplify. */
static void assert_same(const float *got, const float *want, size_t count,
                        nst_conv_algorithm algorithm)
{
    double off = 0.0, size = 0.0;
    for (size_t i = 0; i < count; i++) {
        off += pow((double)got[i] - (double)want[i], 2.0);
        size += pow((double)want[i], 2.0);
    }
    assert_true(size > 0.0 && sqrt(off / size) < 1e-5);
    if (nst_conv_is_own(algorithm))
        assert_memory_equal(got, want, count * sizeof *got);
}

static void compare_plans(const char *name, nst_conv_algorithm algorithm)
{
    fixture f = fixture_named(name);
    nst_model *model = model_of(&f, algorithm);
    size_t count = fixture_pixels(&f);
    /* All at once, in the lowest bands there are, in some of several slabs, as by default. */
    const nst_plan plans[] = {{.recompute = false},
                              {.recompute = true, .band_bytes = 1},
                              {.recompute = true, .band_bytes = 200000},
                              {.recompute = true}};
    if (getenv("NST_UNDER_VALGRIND") && count > 3 * 64 * 64) { /* minutes of it */
        nst_model_close(model);
        fixture_destroy(&f);
        return;
    }
    float *want = floats(count), *got = floats(count);
    nst_losses losses[4];
    for (int i = 0; i < 4; i++) {
        nst_objective *objective = NULL;
        nst_error error = {0};
        assert_ok(fixture_objective_by(&f, model, plans[i], 2, &objective, &error), &error);
        for (int again = 0; again < 2; again++) /* a pass leaves nothing behind */
            losses[i] = evaluate(objective, f.x, i == 0 ? want : got);
        nst_objective_destroy(objective);
        if (i == 0)
            continue;
        assert_same(got, want, count, algorithm);
        assert_true(fabs(losses[i].total / losses[0].total - 1.0) < 1e-5);
        if (nst_conv_is_own(algorithm))
            assert_memory_equal(&losses[i], &losses[0], sizeof losses[0]);
    }
    free(want);
    free(got);
    nst_model_close(model);
    fixture_destroy(&f);
}

static void bands_do_not_change_the_gradient(void **state)
{
    (void)state;
    static const char *const names[] = {
        "slim-131x97", "slim-33x17",         "mixed-max-47x33", "mixed-avg-47x33",
        "deep-37x49",  "luma-97x131",        "regions-97x131",  "regions-all-47x61",
        "wide-97x61",  "wide-regions-47x61", "w2-97x131",       "w2-regions-47x61"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        compare_plans(names[n], NST_CONV_IM2COL);
        if (getenv("NST_UNDER_VALGRIND"))
            continue; /* the plans' memory is the same for every algorithm */
        compare_plans(names[n], NST_CONV_WINOGRAD);
        if (nst_conv_best() == NST_CONV_PACKED)
            compare_plans(names[n], NST_CONV_PACKED);
        if (nst_conv_has_bf16())
            compare_plans(names[n], NST_CONV_BF16);
    }
}

/* ---- the ends of the range -------------------------------------------------------------- */

static void assert_finite(const nst_losses *losses, const float *gradient, size_t count)
{
    assert_true(isfinite(losses->content) && isfinite(losses->style) && isfinite(losses->tv) &&
                isfinite(losses->total));
    for (size_t i = 0; i < count; i++)
        assert_true(isfinite(gradient[i]));
}

static nst_scene scene_of(const nst_image *content, const nst_scene_style *style)
{
    return (nst_scene){.content = content, .region_count = 1, .styles = style, .style_count = 1};
}

/* Default losses on the bundled model: content and style images filled with one value, evaluated
 * at x filled with another. */
static nst_losses evaluate_flat(int width, int height, float content, float style, float x,
                                const nst_options *options)
{
    nst_model *model = NULL;
    nst_objective *objective = NULL;
    nst_image images[3] = {{0}};
    const float values[3] = {content, style, x};
    nst_error error = {0};
    size_t count = 3 * (size_t)width * (size_t)height;
    float *gradient = floats(count);

    for (int i = 0; i < 3; i++) {
        assert_ok(nst_image_create(width, height, 0, &images[i], &error), &error);
        for (size_t j = 0; j < count; j++)
            images[i].rgb[j] = values[i];
    }
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    const nst_scene scene =
        scene_of(&images[0], &(nst_scene_style){&images[1], 1.0, 1, NULL, 0, 0, NULL, NULL});
    assert_ok(nst_objective_create(model, options, &scene, 1, &objective, &error), &error);
    nst_losses losses = evaluate(objective, images[2].rgb, gradient);
    assert_finite(&losses, gradient, count);
    nst_objective_destroy(objective);
    nst_model_close(model);
    for (int i = 0; i < 3; i++)
        nst_image_destroy(&images[i]);
    free(gradient);
    return losses;
}

static void black_and_flat_images_give_finite_numbers(void **state)
{
    (void)state;
    nst_options options;
    nst_options_default(&options);
    evaluate_flat(32, 32, 0.0f, 0.0f, 1.0f, &options);
    evaluate_flat(32, 32, 1.0f, 0.0f, 0.0f, &options);
    evaluate_flat(33, 31, 0.5f, 0.5f, 0.25f, &options);
}

static void identical_images_have_no_loss(void **state)
{
    (void)state;
    nst_options options;
    nst_options_default(&options);
    nst_losses losses = evaluate_flat(32, 32, 0.5f, 0.5f, 0.5f, &options);
    assert_true(losses.content == 0.0);
    assert_true(losses.tv == 0.0);
    assert_true(losses.style < 1e-10);
}

/* One layer that every image is large enough for. */
static nst_options first_layer_options(void)
{
    nst_options options;
    nst_options_default(&options);
    options.content_layers[0] = options.style_layers[0] = (nst_layer_weight){1, 1.0f};
    options.content_layer_count = options.style_layer_count = 1;
    return options;
}

static void one_pixel_wide_images_give_finite_numbers(void **state)
{
    (void)state;
    nst_options options = first_layer_options();
    evaluate_flat(1, 37, 0.2f, 0.8f, 0.5f, &options);
    evaluate_flat(37, 1, 0.2f, 0.8f, 0.5f, &options);
    nst_losses losses = evaluate_flat(1, 1, 0.2f, 0.8f, 0.5f, &options);
    assert_true(losses.tv == 0.0);
}

static void image_too_small_for_a_layer_is_an_error_that_names_it(void **state)
{
    (void)state;
    nst_options options;
    nst_model *model = NULL;
    nst_objective *objective = NULL;
    nst_image image = {0};
    nst_error error = {0};
    nst_options_default(&options);
    assert_ok(nst_image_create(1, 37, 0, &image, &error), &error);
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    const nst_scene scene =
        scene_of(&image, &(nst_scene_style){&image, 1.0, 1, NULL, 0, 0, NULL, NULL});
    assert_int_equal(nst_objective_create(model, &options, &scene, 1, &objective, &error),
                     NST_ERR_ARGUMENT);
    assert_non_null(strstr(error.message, "relu"));
    assert_null(objective);
    nst_model_close(model);
    nst_image_destroy(&image);
}

static void numbers_that_are_not_finite_are_an_error(void **state)
{
    (void)state;
    fixture f = fixture_named("slim-33x17");
    nst_model *model = model_of(&f, NST_CONV_WINOGRAD);
    nst_objective *objective = objective_of(&f, model, 1);
    float *gradient = floats(fixture_pixels(&f));
    nst_losses losses;
    nst_error error = {0};
    const float x = f.x[200];
    f.x[200] = NAN;
    assert_int_equal(nst_objective_evaluate(objective, f.x, &losses, gradient, &error),
                     NST_ERR_NUMERIC);
    f.x[200] = x; /* and leaves nothing behind */
    losses = evaluate(objective, f.x, gradient);
    assert_loss("total", losses.total, f.losses.total);
    assert_true(relative_distance(gradient, f.gradient, fixture_pixels(&f)) < 1e-4);
    free(gradient);
    nst_objective_destroy(objective);
    nst_model_close(model);
    fixture_destroy(&f);
}

/* A weight of zero switches a loss off: its value is not asked for, its gradient not there. */
static void losses_can_be_used_alone(void **state)
{
    (void)state;
    fixture f = fixture_named("slim-33x17");
    nst_model *model = model_of(&f, NST_CONV_WINOGRAD);
    size_t count = fixture_pixels(&f);
    float *sum = floats(count), *part = floats(count);
    const nst_options all = f.options;
    double total = 0.0;
    for (int i = 0; i < 3; i++) {
        f.options.content_weight = i == 0 ? all.content_weight : 0.0f;
        f.options.style_weight = i == 1 ? all.style_weight : 0.0f;
        f.options.tv_weight = i == 2 ? all.tv_weight : 0.0f;
        nst_objective *objective = objective_of(&f, model, 1);
        total += evaluate(objective, f.x, part).total;
        for (size_t j = 0; j < count; j++)
            sum[j] += part[j];
        nst_objective_destroy(objective);
    }
    assert_loss("total", total, f.losses.total);
    assert_true(relative_distance(sum, f.gradient, count) < 1e-4);
    free(sum);
    free(part);
    nst_model_close(model);
    fixture_destroy(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_model_matches_pytorch),
        cmocka_unit_test(tiny_image_matches_pytorch),
        cmocka_unit_test(layers_before_pooling_and_blended_styles_match_pytorch),
        cmocka_unit_test(average_pooling_by_option_matches_pytorch),
        cmocka_unit_test(average_pooling_by_file_and_deepest_layer_match_pytorch),
        cmocka_unit_test(several_styles_and_content_layers_match_pytorch),
        cmocka_unit_test(matched_colors_match_pytorch),
        cmocka_unit_test(luminance_alone_matches_pytorch),
        cmocka_unit_test(regions_match_pytorch),
        cmocka_unit_test(covariance_matches_pytorch),
        cmocka_unit_test(wide_taps_match_pytorch),
        cmocka_unit_test(wasserstein_matches_pytorch),
        cmocka_unit_test(regions_covariance_blend_and_colors_together_match_pytorch),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(bands_do_not_change_the_gradient),
        cmocka_unit_test(black_and_flat_images_give_finite_numbers),
        cmocka_unit_test(identical_images_have_no_loss),
        cmocka_unit_test(one_pixel_wide_images_give_finite_numbers),
        cmocka_unit_test(image_too_small_for_a_layer_is_an_error_that_names_it),
        cmocka_unit_test(numbers_that_are_not_finite_are_an_error),
        cmocka_unit_test(losses_can_be_used_alone),
    };
    return cmocka_run_group_tests_name("gradient of the objective", tests, NULL, NULL);
}
