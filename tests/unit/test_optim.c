/* Adam and L-BFGS: against PyTorch's, within bounds, to the end, and the same for any threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "optim/optim.h"

/* ---- functions to minimize ------------------------------------------------------------------- */

enum { N = 37 }; /* of the function of tests/torch/make_optim.py */

typedef struct {
    size_t n;
    int evaluations;
    int stop_after;      /* evaluations, 0: never */
    int break_after;     /* the value is a NaN from this evaluation on, 0: never */
    double lowest, last; /* values seen */
} record;

static double note(record *r, double value)
{
    r->evaluations++;
    if (r->break_after && r->evaluations >= r->break_after)
        value = (double)NAN;
    r->lowest = r->evaluations == 1 ? value : fmin(r->lowest, value);
    r->last = value;
    return value;
}

static nst_status end_of(const record *r)
{
    return r->stop_after && r->evaluations >= r->stop_after ? NST_STOPPED : NST_OK;
}

static nst_status smooth(void *context, const float *x, double *value, float *gradient,
                         nst_error *error)
{
    (void)error;
    record *r = context;
    double sum = 0.0;
    for (size_t i = 0; i < r->n; i++) {
        double a = 1.0 + 0.5 * sin((double)i), b = 0.5 + 0.4 * cos(1.7 * (double)i);
        double u = a * ((double)x[i] - b), g = a * tanh(u);
        sum += log(cosh(u));
        if (i > 0)
            g += 0.4 * ((double)x[i] - (double)x[i - 1]);
        if (i + 1 < r->n) {
            double d = (double)x[i] - (double)x[i + 1];
            g += 0.4 * d;
            sum += 0.2 * d * d;
        }
        gradient[i] = (float)g;
    }
    *value = note(r, sum);
    return end_of(r);
}

static void start_of_smooth(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(0.5 + 0.3 * sin(3.0 * (double)i));
}

/* Rosenbrock's valley, which bends: the minimum is 0 at (1, 1). */
static nst_status valley(void *context, const float *x, double *value, float *gradient,
                         nst_error *error)
{
    (void)error;
    record *r = context;
    double a = 1.0 - (double)x[0], b = (double)x[1] - (double)x[0] * (double)x[0];
    gradient[0] = (float)(-2.0 * a - 400.0 * (double)x[0] * b);
    gradient[1] = (float)(200.0 * b);
    *value = note(r, a * a + 100.0 * b * b);
    return end_of(r);
}

/* Steep: half the sum of (x_i - 2)^2 times 1 to 1000; the minimum lies outside [0,1]. */
static nst_status outside(void *context, const float *x, double *value, float *gradient,
                          nst_error *error)
{
    (void)error;
    record *r = context;
    double sum = 0.0;
    for (size_t i = 0; i < r->n; i++) {
        double steepness = pow(1000.0, (double)i / (double)(r->n - 1));
        double goal = i % 3 == 0 ? 2.0 : i % 3 == 1 ? -1.0 : 0.25;
        double d = (double)x[i] - goal;
        sum += 0.5 * steepness * d * d;
        gradient[i] = (float)(steepness * d);
        assert_true(x[i] >= 0.0f && x[i] <= 1.0f);
    }
    *value = note(r, sum);
    return end_of(r);
}

/* ---- running --------------------------------------------------------------------------------- */

static nst_status run_settings(const nst_lbfgs *lbfgs, nst_function function, record *r,
                               int evaluations, int threads, float *x)
{
    const nst_problem problem = {.n = r->n, .function = function, .context = r, .threads = threads};
    float *workspace = malloc(nst_lbfgs_workspace(r->n, lbfgs->history) * sizeof *workspace);
    assert_non_null(workspace);
    nst_error error = {0};
    nst_status status = nst_lbfgs_minimize(lbfgs, &problem, evaluations, x, workspace, &error);
    free(workspace);
    return status;
}

static nst_status run_lbfgs(nst_function function, record *r, int history, float low, float high,
                            int evaluations, int threads, float *x)
{
    const nst_lbfgs lbfgs = {.history = history, .first_step = 1.0f, .low = low, .high = high};
    return run_settings(&lbfgs, function, r, evaluations, threads, x);
}

typedef struct {
    nst_adam adam;
    float *buffer;
} adam_run;

static adam_run adam_open(size_t n, float learning_rate, float low, float high)
{
    float *b = calloc(4 * n, sizeof *b);
    assert_non_null(b);
    nst_adam adam = {.learning_rate = learning_rate,
                     .beta1 = 0.9f,
                     .beta2 = 0.99f,
                     .epsilon = 1e-8f,
                     .low = low,
                     .high = high,
                     .average_decay = 0.99f,
                     .m = b,
                     .v = b + n,
                     .average = b + 2 * n};
    return (adam_run){adam, b};
}

static nst_status adam_steps(adam_run *a, nst_function function, record *r, int count, int threads,
                             float *x)
{
    const nst_problem problem = {.n = r->n, .function = function, .context = r, .threads = threads};
    nst_error error = {0};
    return nst_adam_minimize(&a->adam, &problem, count, x, a->buffer + 3 * r->n, &error);
}

static void read_golden(const char *wanted, double x[N])
{
    char name[16];
    FILE *file = fopen(NST_TESTS_DIR "/fixtures/optim.golden", "r");
    assert_non_null(file);
    while (fscanf(file, "%15s", name) == 1) {
        for (int i = 0; i < N; i++)
            assert_int_equal(fscanf(file, "%lf", &x[i]), 1);
        if (strcmp(name, wanted) == 0) {
            fclose(file);
            return;
        }
    }
    fclose(file);
    fail_msg("no %s in optim.golden", wanted);
}

/* Relative L2 distance of the way that was made: of steps, not of points. */
static void assert_same_way(const float x[N], const double golden[N])
{
    float start[N];
    double off = 0.0, way = 0.0;
    start_of_smooth(start, N);
    for (int i = 0; i < N; i++) {
        off += pow((double)x[i] - golden[i], 2.0);
        way += pow(golden[i] - (double)start[i], 2.0);
    }
    assert_true(way > 0.01);
    assert_true(sqrt(off / way) < 1e-3);
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void test_adam_goes_where_torch_goes(void **state)
{
    (void)state;
    float x[N];
    double golden[N];
    record r = {.n = N};
    adam_run a = adam_open(N, 0.02f, -INFINITY, INFINITY);
    start_of_smooth(x, N);
    assert_int_equal(adam_steps(&a, smooth, &r, 10, 1, x), NST_OK);
    assert_int_equal(r.evaluations, 10);
    read_golden("adam", golden);
    assert_same_way(x, golden);
    free(a.buffer);
}

static void test_lbfgs_goes_where_torch_goes(void **state)
{
    (void)state;
    float x[N];
    double golden[N];
    record r = {.n = N};
    start_of_smooth(x, N);
    /* Ten steps: an evaluation before each, and one at the end. */
    assert_int_equal(run_lbfgs(smooth, &r, 4, -INFINITY, INFINITY, 11, 1, x), NST_OK);
    assert_int_equal(r.evaluations, 11);
    read_golden("lbfgs", golden);
    assert_same_way(x, golden);
}

static void test_lbfgs_follows_a_bent_valley_to_its_end(void **state)
{
    (void)state;
    float x[2] = {-1.2f, 1.0f};
    record r = {.n = 2};
    assert_int_equal(run_lbfgs(valley, &r, 10, -INFINITY, INFINITY, 200, 1, x), NST_OK);
    assert_true(fabs((double)x[0] - 1.0) < 1e-3 && fabs((double)x[1] - 1.0) < 2e-3);
    assert_true(r.evaluations < 200); /* ends by itself */
}

static void test_lbfgs_ends_at_the_best_point_seen(void **state)
{
    (void)state;
    for (int evaluations = 1; evaluations < 40; evaluations++) {
        float x[2] = {-1.2f, 1.0f}, gradient[2];
        record r = {.n = 2}, again = {.n = 2};
        double value;
        assert_int_equal(run_lbfgs(valley, &r, 3, -INFINITY, INFINITY, evaluations, 1, x), NST_OK);
        assert_true(r.evaluations <= evaluations);
        valley(&again, x, &value, gradient, NULL);
        /* Inlined here, products and sums may be fused that are not when called. */
        assert_true(fabs(value - r.lowest) <= 1e-12 * r.lowest);
    }
}

/* A function whose gradient is known to three digits, as that of a picture is to few more: from a
 * short first step nothing is learned about how it curves. */
static nst_status coarse(void *context, const float *x, double *value, float *gradient,
                         nst_error *error)
{
    record *r = context;
    nst_status status = smooth(context, x, value, gradient, error);
    for (size_t i = 0; i < r->n; i++)
        gradient[i] = (float)(round((double)gradient[i] * 1e3) * 1e-3);
    return status;
}

static void test_lbfgs_moves_first_as_far_as_it_is_told(void **state)
{
    (void)state;
    static const float moves[] = {0.01f, 0.03f};
    for (size_t k = 0; k < 2; k++) {
        const nst_lbfgs lbfgs = {.history = 4,
                                 .first_step = 1.0f,
                                 .first_move = moves[k],
                                 .low = -INFINITY,
                                 .high = INFINITY};
        float start[N], x[N];
        double sum = 0.0;
        record r = {.n = N};
        start_of_smooth(start, N);
        memcpy(x, start, sizeof x);
        assert_int_equal(run_settings(&lbfgs, smooth, &r, 2, 1, x), NST_OK);
        for (int i = 0; i < N; i++)
            sum += fabs((double)x[i] - (double)start[i]);
        assert_true(fabs(sum / N - (double)moves[k]) < 1e-5);
    }
}

static void test_lbfgs_turns_back_from_a_first_move_too_far(void **state)
{
    (void)state;
    const nst_lbfgs lbfgs = {
        .history = 4, .first_step = 1.0f, .first_move = 100.0f, .low = -INFINITY, .high = INFINITY};
    float x[N], before[N], gradient[N];
    double value;
    record r = {.n = N}, start = {.n = N};
    start_of_smooth(x, N);
    start_of_smooth(before, N);
    smooth(&start, before, &value, gradient, NULL);
    assert_int_equal(run_settings(&lbfgs, smooth, &r, 12, 1, x), NST_OK);
    assert_true(r.lowest < value);
}

static void test_lbfgs_learns_from_a_first_move_that_the_gradient_shows(void **state)
{
    (void)state;
    const nst_lbfgs lbfgs = {
        .history = 10, .first_step = 1.0f, .first_move = 0.03f, .low = -INFINITY, .high = INFINITY};
    enum { MANY = 5000 };
    float x[MANY], y[MANY];
    record far = {.n = MANY}, near = {.n = MANY};
    start_of_smooth(x, MANY);
    start_of_smooth(y, MANY);
    assert_int_equal(run_settings(&lbfgs, coarse, &far, 6, 1, x), NST_OK);
    assert_int_equal(run_lbfgs(coarse, &near, 10, -INFINITY, INFINITY, 6, 1, y), NST_OK);
    assert_true(far.lowest < near.lowest);
}

static void assert_at_goals(const float *x, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++)
        assert_true(fabs((double)x[i] - (i % 3 == 0 ? 1.0 : i % 3 == 1 ? 0.0 : 0.25)) <= tolerance);
}

static void test_lbfgs_stays_within_bounds_and_uses_them(void **state)
{
    (void)state;
    float x[50];
    record r = {.n = 50};
    for (int i = 0; i < 50; i++)
        x[i] = 0.5f;
    assert_int_equal(run_lbfgs(outside, &r, 20, 0.0f, 1.0f, 200, 1, x), NST_OK);
    assert_at_goals(x, 50, 1e-4);
}

static void test_adam_stays_within_bounds_and_uses_them(void **state)
{
    (void)state;
    float x[50];
    record r = {.n = 50};
    adam_run a = adam_open(50, 0.02f, 0.0f, 1.0f);
    for (int i = 0; i < 50; i++)
        x[i] = 0.5f;
    assert_int_equal(adam_steps(&a, outside, &r, 400, 1, x), NST_OK);
    assert_at_goals(x, 50, 0.01);
    free(a.buffer);
}

static void test_adam_continues_where_it_stood(void **state)
{
    (void)state;
    float once[N], twice[N];
    record r = {.n = N}, s = {.n = N};
    adam_run a = adam_open(N, 0.02f, 0.0f, 1.0f), b = adam_open(N, 0.02f, 0.0f, 1.0f);
    start_of_smooth(once, N);
    start_of_smooth(twice, N);
    assert_int_equal(adam_steps(&a, smooth, &r, 30, 1, once), NST_OK);
    assert_int_equal(adam_steps(&b, smooth, &s, 13, 1, twice), NST_OK);
    assert_int_equal(adam_steps(&b, smooth, &s, 17, 1, twice), NST_OK);
    assert_memory_equal(once, twice, sizeof once);
    free(a.buffer);
    free(b.buffer);
}

static void test_the_average_of_iterates(void **state)
{
    (void)state;
    enum { STEPS = 25 };
    float x[N], average[N];
    double sum[N] = {0}, weights = 0.0;
    record r = {.n = N};
    adam_run a = adam_open(N, 0.05f, -INFINITY, INFINITY);
    const nst_problem problem = {.n = N, .function = smooth, .context = &r, .threads = 1};
    start_of_smooth(x, N);
    for (int step = 0; step < STEPS; step++) {
        assert_int_equal(adam_steps(&a, smooth, &r, 1, 1, x), NST_OK);
        for (int i = 0; i < N; i++)
            sum[i] = 0.99 * sum[i] + 0.01 * (double)x[i];
        weights = 0.99 * weights + 0.01;
    }
    nst_adam_average(&a.adam, &problem, x, average);
    for (int i = 0; i < N; i++)
        assert_true(fabs((double)average[i] - sum[i] / weights) < 1e-5);
    free(a.buffer);
}

static void test_stopping(void **state)
{
    (void)state;
    float x[N];
    record r = {.n = N, .stop_after = 4}, s = {.n = N, .stop_after = 4};
    adam_run a = adam_open(N, 0.02f, 0.0f, 1.0f);
    start_of_smooth(x, N);
    assert_int_equal(run_lbfgs(smooth, &r, 5, 0.0f, 1.0f, 100, 1, x), NST_STOPPED);
    assert_int_equal(r.evaluations, 4);
    assert_int_equal(adam_steps(&a, smooth, &s, 100, 1, x), NST_STOPPED);
    assert_int_equal(s.evaluations, 4);
    for (int i = 0; i < N; i++)
        assert_true(isfinite(x[i]));
    free(a.buffer);
}

static void test_a_value_that_breaks(void **state)
{
    (void)state;
    float x[N], before[N];
    record first = {.n = N, .break_after = 1}, later = {.n = N, .break_after = 6};
    start_of_smooth(x, N);
    start_of_smooth(before, N);
    assert_int_equal(run_lbfgs(smooth, &first, 5, 0.0f, 1.0f, 100, 1, x), NST_ERR_NUMERIC);
    assert_memory_equal(x, before, sizeof x);
    /* Later on it is a step too long: the last good point is kept. */
    assert_int_equal(run_lbfgs(smooth, &later, 5, 0.0f, 1.0f, 100, 1, x), NST_OK);
    for (int i = 0; i < N; i++)
        assert_true(isfinite(x[i]));
}

static void test_no_evaluations(void **state)
{
    (void)state;
    float x[N], before[N];
    record r = {.n = N};
    start_of_smooth(x, N);
    start_of_smooth(before, N);
    assert_int_equal(run_lbfgs(smooth, &r, 5, 0.0f, 1.0f, 0, 1, x), NST_OK);
    assert_int_equal(r.evaluations, 0);
    assert_memory_equal(x, before, sizeof x);
}

static void test_same_bytes_for_any_threads(void **state)
{
    (void)state;
    enum { LARGE = 100003 };
    float *first = malloc(LARGE * sizeof *first), *x = malloc(LARGE * sizeof *x);
    assert_true(first && x);
    for (int optimizer = 0; optimizer < 2; optimizer++)
        for (int threads = 1; threads <= 3; threads++) {
            record r = {.n = LARGE};
            start_of_smooth(x, LARGE);
            if (optimizer == 0) {
                run_lbfgs(smooth, &r, 5, 0.0f, 1.0f, 9, threads, x);
            } else {
                adam_run a = adam_open(LARGE, 0.02f, 0.0f, 1.0f);
                adam_steps(&a, smooth, &r, 5, threads, x);
                free(a.buffer);
            }
            if (threads == 1)
                memcpy(first, x, LARGE * sizeof *x);
            assert_memory_equal(x, first, LARGE * sizeof *x);
        }
    free(first);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adam_goes_where_torch_goes),
        cmocka_unit_test(test_lbfgs_goes_where_torch_goes),
        cmocka_unit_test(test_lbfgs_moves_first_as_far_as_it_is_told),
        cmocka_unit_test(test_lbfgs_turns_back_from_a_first_move_too_far),
        cmocka_unit_test(test_lbfgs_learns_from_a_first_move_that_the_gradient_shows),
        cmocka_unit_test(test_lbfgs_follows_a_bent_valley_to_its_end),
        cmocka_unit_test(test_lbfgs_ends_at_the_best_point_seen),
        cmocka_unit_test(test_lbfgs_stays_within_bounds_and_uses_them),
        cmocka_unit_test(test_adam_stays_within_bounds_and_uses_them),
        cmocka_unit_test(test_adam_continues_where_it_stood),
        cmocka_unit_test(test_the_average_of_iterates),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_a_value_that_breaks),
        cmocka_unit_test(test_no_evaluations),
        cmocka_unit_test(test_same_bytes_for_any_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
