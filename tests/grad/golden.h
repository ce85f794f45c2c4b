/* Comparing the objective with the golden fixtures that PyTorch made in double (tests/fixtures, by
 * tests/torch/make_fixtures.py). */
#ifndef NST_TESTS_GOLDEN_H
#define NST_TESTS_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fixture.h"

/* ---- evaluating ---------------------------------------------------------------------- */

/* cmocka's, but with the error's text. */
static inline void assert_ok(nst_status status, const nst_error *error)
{
    if (status != NST_OK)
        fail_msg("status %d: %s", (int)status, error->message);
}

static inline fixture fixture_named(const char *name)
{
    fixture f;
    char path[1024];
    snprintf(path, sizeof path, "%s/fixtures/%s.golden", NST_TESTS_DIR, name);
    assert_true(fixture_read(path, &f));
    return f;
}

static inline nst_model *model_of(const fixture *f, nst_conv_algorithm algorithm)
{
    nst_model *model = NULL;
    nst_error error = {0};
    char folder[] = "/tmp/nst-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    nst_status status = fixture_model(f, folder, algorithm, &model, &error);
    rmdir(folder);
    assert_ok(status, &error);
    return model;
}

static inline nst_objective *objective_of(const fixture *f, const nst_model *model, int threads)
{
    nst_objective *objective = NULL;
    nst_error error = {0};
    assert_ok(fixture_objective(f, model, threads, &objective, &error), &error);
    return objective;
}

static inline nst_losses evaluate(nst_objective *objective, const float *x, float *gradient)
{
    nst_losses losses = {0};
    nst_error error = {0};
    assert_ok(nst_objective_evaluate(objective, x, &losses, gradient, &error), &error);
    return losses;
}

static inline float *floats(size_t count)
{
    float *out = calloc(count, sizeof *out);
    assert_non_null(out);
    return out;
}

/* ---- comparing ----------------------------------------------------------------------- */

/* Bfloat16 has 8 bits: a product is off by 2e-3, and a ReLU or the pick of a pooling that is near a
 * tie falls the other way more often. Largest seen: losses 0.026, of the deepest layer behind four
 * average poolings; gradient 0.27, of losses on wide taps. */
static inline double tolerance_of_loss(nst_conv_algorithm algorithm)
{
    return algorithm == NST_CONV_BF16 ? 5e-2 : 1e-5;
}

static inline double tolerance_of_gradient(nst_conv_algorithm algorithm)
{
    return algorithm == NST_CONV_BF16 ? 0.35 : 1e-4;
}

static inline void assert_near(const char *what, double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fabs(expected)))
        fail_msg("%s loss: expected %.9g, got %.9g", what, expected, got);
}

static inline void assert_loss(const char *what, double got, double expected)
{
    assert_near(what, got, expected, 1e-5);
}

static inline double relative_distance(const float *got, const float *expected, size_t count)
{
    double distance = 0.0, norm = 0.0;
    for (size_t i = 0; i < count; i++) {
        double d = (double)got[i] - (double)expected[i];
        distance += d * d;
        norm += (double)expected[i] * (double)expected[i];
    }
    return sqrt(distance / norm);
}

static inline void compare(const char *name, nst_conv_algorithm algorithm)
{
    fixture f = fixture_named(name);
    assert_non_null(f.gradient);
    nst_model *model = model_of(&f, algorithm);
    nst_objective *objective = objective_of(&f, model, 2);
    float *gradient = floats(fixture_pixels(&f));

    /* Twice: an evaluation may not depend on what another one left behind. */
    for (int i = 0; i < 2; i++) {
        nst_losses losses = evaluate(objective, f.x, gradient);
        double tolerance = tolerance_of_loss(algorithm);
        assert_near("content", losses.content, f.losses.content, tolerance);
        assert_near("style", losses.style, f.losses.style, tolerance);
        assert_loss("total variation", losses.tv, f.losses.tv);
        assert_near("total", losses.total, f.losses.total, tolerance);
        double error = relative_distance(gradient, f.gradient, fixture_pixels(&f));
        if (!(error < tolerance_of_gradient(algorithm)))
            fail_msg("%s: gradient off by %.2e", name, error);
        if (i == 0)
            print_message("%s, algorithm %d: style off by %.1e, gradient by %.1e\n", name,
                          (int)algorithm, fabs(losses.style / f.losses.style - 1.0), error);
    }
    free(gradient);
    nst_objective_destroy(objective);
    nst_model_close(model);
    fixture_destroy(&f);
}

static inline void compare_algorithms(const char *name)
{
    compare(name, NST_CONV_IM2COL);
    compare(name, NST_CONV_WINOGRAD);
    compare(name, NST_CONV_PACKED);
    if (nst_conv_has_bf16())
        compare(name, NST_CONV_BF16);
    else
        print_message("SKIP: %s by products of bfloat16, which this processor lacks\n", name);
}

#endif
