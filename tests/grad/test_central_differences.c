/* The gradient of the objective against central differences of its values. */
#include "grad/golden.h"

enum { PIXELS = 40, DIRECTIONS = 8 };

/* Sums over directions: squared difference between slope and gradient, squared gradient. */
typedef struct {
    double distance, norm;
} slope_error;

/* Add the directional derivative at f->x, by values alone, to the comparison with each gradient.
 * The fixture's point has no ReLU or maximum that would switch within the step, where the function
 * is a polynomial of low degree; so the step may be large against rounding. */
static void add_direction(const fixture *f, nst_objective *values, float *const gradient[2],
                          const float *direction, slope_error sum[2])
{
    const float step = 2e-3f;
    size_t count = fixture_pixels(f);
    float *up = floats(count), *down = floats(count);
    for (size_t i = 0; i < count; i++) {
        up[i] = f->x[i] + step * direction[i];
        down[i] = f->x[i] - step * direction[i];
    }
    double slope = evaluate(values, up, NULL).total - evaluate(values, down, NULL).total;
    for (int g = 0; g < 2; g++) {
        double expected = 0.0;
        for (size_t i = 0; i < count; i++)
            expected += (double)gradient[g][i] * ((double)up[i] - (double)down[i]);
        sum[g].distance += (slope - expected) * (slope - expected);
        sum[g].norm += expected * expected;
    }
    free(up);
    free(down);
}

static void assert_slopes(const char *what, const slope_error sum[2])
{
    for (int g = 0; g < 2; g++) {
        double error = sqrt(sum[g].distance / sum[g].norm);
        if (!(error < 1e-3))
            fail_msg("%s, algorithm %d: off by %.2e", what, g, error);
        print_message("%s, algorithm %d: off by %.1e\n", what, g, error);
    }
}

/* The values are im2col's, whose rounding is a quarter of Winograd's and so spoils a difference of
 * values less; the gradients are those of both. */
static void compare_slopes(const char *name)
{
    static const nst_conv_algorithm algorithms[2] = {NST_CONV_IM2COL, NST_CONV_WINOGRAD};
    fixture f = fixture_named(name);
    size_t count = fixture_pixels(&f);
    float *gradient[2] = {floats(count), floats(count)}, *direction = floats(count);
    slope_error pixels[2] = {{0}}, directions[2] = {{0}};
    nst_model *model[2];
    nst_objective *objective[2];
    for (int g = 0; g < 2; g++) {
        model[g] = model_of(&f, algorithms[g]);
        objective[g] = objective_of(&f, model[g], 1);
        evaluate(objective[g], f.x, gradient[g]);
    }

    for (uint64_t i = 0; i < PIXELS; i++) {
        size_t pixel = (size_t)(seeded_bits(11, i) % count);
        memset(direction, 0, count * sizeof *direction);
        direction[pixel] = 1.0f;
        add_direction(&f, objective[0], gradient, direction, pixels);
    }
    for (uint64_t i = 0; i < DIRECTIONS; i++) {
        for (size_t j = 0; j < count; j++) /* of about length 2, spread over the image */
            direction[j] = 2.0f * seeded_unit(12 + i, j) * sqrtf(3.0f / (float)count);
        add_direction(&f, objective[0], gradient, direction, directions);
    }
    assert_slopes("pixels", pixels);
    assert_slopes("random directions", directions);
    for (int g = 0; g < 2; g++) {
        free(gradient[g]);
        nst_objective_destroy(objective[g]);
        nst_model_close(model[g]);
    }
    free(direction);
    fixture_destroy(&f);
}

static void gradients_match_central_differences(void **state)
{
    (void)state;
    compare_slopes("central-20x16");
}

static void gradients_through_wide_taps_match_central_differences(void **state)
{
    (void)state;
    compare_slopes("central-wide-20x16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_central_differences),
        cmocka_unit_test(gradients_through_wide_taps_match_central_differences),
    };
    return cmocka_run_group_tests_name("central differences", tests, NULL, NULL);
}
