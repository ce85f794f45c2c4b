/* Runs that are cancelled from another thread. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "nst.h"
#include "runs.h"

static nst_model *model;
static nst_image photo, style;

static int open_all(void **state)
{
    (void)state;
    photo = waves(60, 45, 0.2);
    style = waves(50, 40, 1.1);
    return nst_model_open(NULL, &model, NULL) == NST_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    nst_model_close(model);
    nst_image_destroy(&photo);
    nst_image_destroy(&style);
    return 0;
}

static nst_options options_of(int size, int optimizer)
{
    nst_options options;
    nst_options_default(&options);
    options.size = size;
    options.scales = 1;
    options.iterations = 20000; /* hours */
    options.threads = 2;
    options.optimizer = (nst_optimizer)optimizer;
    return options;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
    nst_cancel *cancel;
    int after; /* iterations */
    atomic_int seen;
    double asked; /* when */
} caller;

static int on_progress(void *user, const nst_progress *progress)
{
    caller *c = user;
    atomic_store(&c->seen, progress->iteration);
    return 0;
}

static void *ask(void *user)
{
    caller *c = user;
    do
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    while (atomic_load(&c->seen) < c->after);
    c->asked = now();
    nst_cancel_request(c->cancel);
    return NULL;
}

/* Cancelled after so many iterations, but not at once; returns how long the answer took. */
static double cancelled(const nst_options *options, int after, nst_image *result)
{
    caller c = {.after = after};
    pthread_t thread;
    nst_error error = {0};
    assert_int_equal(nst_cancel_create(&c.cancel, NULL), NST_OK);
    const nst_inputs in = {.struct_size = sizeof(nst_inputs),
                           .content = &photo,
                           .styles = &style,
                           .style_count = 1,
                           .cancel = c.cancel};
    assert_int_equal(pthread_create(&thread, NULL, ask, &c), 0);
    nst_status status = nst_stylize(model, &in, options, on_progress, &c, result, NULL, &error);
    double took = now();
    pthread_join(thread, NULL);
    nst_cancel_destroy(c.cancel);
    assert_int_equal(status, NST_STOPPED);
    assert_string_equal(error.message, "");
    return took - c.asked;
}

static void test_another_thread_stops_a_run(void **state)
{
    (void)state;
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        nst_options options = options_of(60, optimizer);
        options.color = optimizer ? NST_COLOR_LUMA : NST_COLOR_STYLE;
        nst_image result = {0};
        cancelled(&options, 3, &result);
        assert_int_equal(result.width, 60);
        assert_int_equal(result.height, 45);
        for (int i = 0; i < 3 * 60 * 45; i++)
            assert_true(result.rgb[i] >= 0.0f && result.rgb[i] <= 1.0f);
        nst_image_destroy(&result);
    }
}

/* Under the thread sanitizer a block takes longer than the answer may. */
#ifdef __SANITIZE_THREAD__
enum { IS_SLOW = 1 };
#else
enum { IS_SLOW = 0 };
#endif

/* An iteration at this size takes seconds, and before the first comes the style. */
static void test_the_answer_does_not_wait_for_an_iteration(void **state)
{
    (void)state;
    if (IS_SLOW || getenv("NST_UNDER_VALGRIND"))
        skip();
    nst_options options = options_of(2000, 0);
    nst_image result = {0};
    double took = cancelled(&options, 0, &result);
    assert_null(result.rgb);
    if (took > 2.0) /* other tests run beside this one */
        fail_msg("took %.2f s", took);
}

static void test_cancelled_before_it_begins(void **state)
{
    (void)state;
    nst_options options = options_of(60, 0);
    nst_image result = {0};
    nst_cancel *cancel = NULL;
    nst_error error = {0};
    assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
    const nst_inputs in = {.struct_size = sizeof(nst_inputs),
                           .content = &photo,
                           .styles = &style,
                           .style_count = 1,
                           .cancel = cancel};
    nst_cancel_request(cancel);
    assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &result, NULL, &error),
                     NST_STOPPED);
    assert_null(result.rgb);
    nst_cancel_reset(cancel);
    options.iterations = 2;
    assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &result, NULL, &error), NST_OK);
    nst_image_destroy(&result);
    nst_cancel_destroy(cancel);
}

/* What was half measured is not kept for the next run. */
static void test_a_cancelled_run_leaves_nothing_wrong_behind(void **state)
{
    (void)state;
    nst_options options = options_of(60, 0);
    nst_image results[2] = {{0}};
    nst_style *handle = NULL;
    options.iterations = 3;
    for (int with = 0; with < 2; with++) {
        nst_cancel *cancel = NULL;
        assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
        nst_inputs in = {.struct_size = sizeof(nst_inputs),
                         .content = &photo,
                         .styles = &style,
                         .style_count = 1,
                         .cancel = cancel};
        if (with) {
            assert_int_equal(nst_style_create(&style, NULL, &handle, NULL), NST_OK);
            in.styles = NULL;
            in.style_handles = &handle;
            nst_cancel_request(cancel);
            assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &results[1], NULL, NULL),
                             NST_STOPPED);
            nst_cancel_reset(cancel);
        }
        assert_int_equal(nst_stylize(model, &in, &options, NULL, NULL, &results[with], NULL, NULL),
                         NST_OK);
        nst_cancel_destroy(cancel);
    }
    assert_memory_equal(results[0].rgb, results[1].rgb, 3 * 60 * 45 * sizeof(float));
    nst_image_destroy(&results[0]);
    nst_image_destroy(&results[1]);
    nst_style_destroy(handle);
}

static int resize_and_stop(void *user, const nst_progress *progress)
{
    nst_image *out = user;
    (void)progress;
    assert_int_equal(nst_image_resize(&photo, 30, 20, 2, out, NULL), NST_OK);
    return 1;
}

/* The hook works with the library itself. */
static void test_a_hook_may_resize(void **state)
{
    (void)state;
    nst_options options = options_of(60, 0);
    nst_image result = {0}, inside = {0}, outside = {0};
    const nst_inputs in = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = &style, .style_count = 1};
    assert_int_equal(
        nst_stylize(model, &in, &options, resize_and_stop, &inside, &result, NULL, NULL),
        NST_STOPPED);
    assert_int_equal(nst_image_resize(&photo, 30, 20, 2, &outside, NULL), NST_OK);
    assert_memory_equal(inside.rgb, outside.rgb, 3 * 30 * 20 * sizeof(float));
    nst_image_destroy(&result);
    nst_image_destroy(&inside);
    nst_image_destroy(&outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_thread_stops_a_run),
        cmocka_unit_test(test_the_answer_does_not_wait_for_an_iteration),
        cmocka_unit_test(test_cancelled_before_it_begins),
        cmocka_unit_test(test_a_cancelled_run_leaves_nothing_wrong_behind),
        cmocka_unit_test(test_a_hook_may_resize),
    };
    return cmocka_run_group_tests_name("cancel", tests, open_all, close_all);
}
