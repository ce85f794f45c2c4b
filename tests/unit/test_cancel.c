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

#include "base/cancel.h"
#include "base/parallel.h"
#include "imageio/imageio.h"
#include "model/model.h"
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

/* ---- looks ----------------------------------------------------------------------------------- */

/* Looks at whether anything is cancelled, counted, and one of them answered by a request: the
 * linker sends the calls here (tests/CMakeLists.txt). */
static atomic_int looks, stop_at; /* stop_at: the look that is answered so; 0: none */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
bool __real_nst_cancel_requested(const nst_cancel *cancel);
bool __wrap_nst_cancel_requested(const nst_cancel *cancel);

bool __wrap_nst_cancel_requested(const nst_cancel *cancel)
{
    if (cancel && atomic_fetch_add(&looks, 1) + 1 == atomic_load(&stop_at))
        nst_cancel_request((nst_cancel *)cancel);
    return __real_nst_cancel_requested(cancel);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

enum { PHASES = NST_PHASE_RESULT + 1 };

typedef struct {
    int of[PHASES]; /* looks in each phase */
    int phase;      /* the one under way, or -1 */
    int before;     /* looks before it */
} phase_looks;

static int on_phase(void *user, const nst_phase_info *info)
{
    phase_looks *l = user;
    int all = atomic_load(&looks);
    if (l->phase >= 0)
        l->of[l->phase] += all - l->before;
    l->phase = info ? (int)info->phase : -1;
    l->before = all;
    return 0;
}

/* A run of square pictures whose photo has two regions with `masked`. */
static nst_status run_square(const nst_model *with, const nst_options *options, int side,
                             bool masked, phase_looks *out, nst_image *result)
{
    nst_image pictures[2] = {waves(side, side, 0.2), waves(side, side, 1.1)}, mask = {0};
    nst_cancel *cancel = NULL;
    phase_looks l = {.phase = -1};
    assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
    assert_int_equal(nst_image_create(side, side, 0, &mask, NULL), NST_OK);
    for (int i = 0; i < 3 * side * side; i++)
        mask.rgb[i] = i % side < side / 2 ? 0.0f : 1.0f;
    const nst_inputs in = {.struct_size = sizeof in,
                           .content = &pictures[0],
                           .styles = &pictures[1],
                           .style_count = 1,
                           .content_mask = masked ? &mask : NULL,
                           .cancel = cancel,
                           .on_phase = on_phase,
                           .phase_user = &l};
    atomic_store(&looks, 0);
    nst_status status = nst_stylize(with, &in, options, NULL, NULL, result, NULL, NULL);
    on_phase(&l, NULL);
    if (out)
        *out = l;
    nst_cancel_destroy(cancel);
    nst_image_destroy(&mask);
    nst_image_destroy(&pictures[0]);
    nst_image_destroy(&pictures[1]);
    return status;
}

static nst_options square_options(int side, nst_color color)
{
    nst_options options = options_of(side, 0);
    options.iterations = 1;
    options.color = color;
    return options;
}

/* The more there is to do, the more often a run looks: what it does between two looks does not grow
 * with the picture. */
static void test_larger_pictures_are_not_longer_between_looks(void **state)
{
    (void)state;
    static const nst_color colors[] = {NST_COLOR_STYLE, NST_COLOR_LUMA, NST_COLOR_MATCH};
    if (getenv("NST_UNDER_VALGRIND"))
        skip();
    for (int variant = 0; variant < 4; variant++) {
        phase_looks small, large;
        for (int is_large = 0; is_large < 2; is_large++) {
            int side = is_large ? 256 : 64;
            const nst_options options = square_options(side, colors[variant % 3]);
            nst_image result = {0};
            assert_int_equal(run_square(model, &options, side, variant == 3,
                                        is_large ? &large : &small, &result),
                             NST_OK);
            nst_image_destroy(&result);
        }
        for (int phase = 0; phase < PHASES; phase++)
            if (phase != NST_PHASE_WEIGHTS && phase != NST_PHASE_RESULT &&
                large.of[phase] < 2 * small.of[phase] + 2)
                fail_msg("%s, variant %d: %d looks at 64 pixels, %d at 256",
                         nst_phase_name((nst_phase)phase), variant, small.of[phase],
                         large.of[phase]);
    }
}

/* The pass that measures the photo is that of the first iteration where that starts at the photo:
 * to the same bytes as if it were done again, for a picture that is given as the start. */
static void test_the_photo_is_passed_forward_once(void **state)
{
    (void)state;
    int variants = getenv("NST_UNDER_VALGRIND") ? 1 : 2;
    for (int luma = 0; luma < variants; luma++) {
        nst_image results[2] = {{0}};
        phase_looks l[2] = {{.phase = -1}, {.phase = -1}};
        for (int again = 0; again < 2; again++) {
            nst_options options = square_options(64, luma ? NST_COLOR_LUMA : NST_COLOR_STYLE);
            nst_cancel *cancel = NULL;
            options.iterations = 3;
            options.init = again ? NST_INIT_IMAGE : NST_INIT_CONTENT;
            assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
            const nst_inputs in = {.struct_size = sizeof in,
                                   .content = &photo,
                                   .styles = &style,
                                   .style_count = 1,
                                   .init = &photo,
                                   .cancel = cancel,
                                   .on_phase = on_phase,
                                   .phase_user = &l[again]};
            assert_int_equal(
                nst_stylize(model, &in, &options, NULL, NULL, &results[again], NULL, NULL), NST_OK);
            on_phase(&l[again], NULL);
            nst_cancel_destroy(cancel);
        }
        assert_int_equal(results[0].height, 48);
        assert_memory_equal(results[0].rgb, results[1].rgb, 3 * 64 * 48 * sizeof(float));
        if (!luma) /* whose first point is made grey after it is resized */
            assert_true(l[0].of[NST_PHASE_ITERATIONS] < l[1].of[NST_PHASE_ITERATIONS]);
        nst_image_destroy(&results[0]);
        nst_image_destroy(&results[1]);
    }
}

/* Filters are made 16 channels of a layer at a time. */
static void test_weights_are_prepared_in_small_parts(void **state)
{
    (void)state;
    if (getenv("NST_UNDER_VALGRIND"))
        skip();
    const nst_options options = square_options(32, NST_COLOR_STYLE);
    nst_model *fresh = NULL;
    nst_image result = {0}, again = {0};
    phase_looks first, second;
    int parts = 0;
    assert_int_equal(nst_model_open(NULL, &fresh, NULL), NST_OK);
    for (int i = 1; i < fresh->info.layers; i++)
        parts += 2 * ((fresh->info.widths[i] + 15) / 16); /* at least, for there and back */
    assert_int_equal(run_square(fresh, &options, 32, false, &first, &result), NST_OK);
    assert_int_equal(run_square(fresh, &options, 32, false, &second, &again), NST_OK);
    assert_in_range(first.of[NST_PHASE_WEIGHTS], parts / 2, 10 * parts);
    assert_true(second.of[NST_PHASE_WEIGHTS] < parts / 4);
    nst_image_destroy(&again);

    /* Stopped on the way, they are made whole by the next run. */
    int before = first.of[NST_PHASE_PICTURES];
    for (int part = 1; part < first.of[NST_PHASE_WEIGHTS];
         part += first.of[NST_PHASE_WEIGHTS] / 3) {
        nst_model_close(fresh);
        assert_int_equal(nst_model_open(NULL, &fresh, NULL), NST_OK);
        atomic_store(&stop_at, before + part);
        assert_int_equal(run_square(fresh, &options, 32, false, NULL, &again), NST_STOPPED);
        assert_null(again.rgb);
        atomic_store(&stop_at, 0);
        assert_int_equal(run_square(fresh, &options, 32, false, NULL, &again), NST_OK);
        assert_memory_equal(again.rgb, result.rgb, 3 * 32 * 32 * sizeof(float));
        nst_image_destroy(&again);
    }
    nst_image_destroy(&result);
    nst_model_close(fresh);
}

/* At whatever look the answer comes, the run ends, and with nothing or a whole picture. */
static void test_any_look_ends_a_run(void **state)
{
    (void)state;
    const nst_options options = square_options(40, NST_COLOR_LUMA);
    nst_image result = {0};
    phase_looks all;
    int times = getenv("NST_UNDER_VALGRIND") ? 3 : 25, sum = 0;
    assert_int_equal(run_square(model, &options, 40, true, &all, &result), NST_OK);
    nst_image_destroy(&result);
    for (int phase = 0; phase < NST_PHASE_RESULT; phase++)
        sum += all.of[phase];
    for (int i = 0; i < times; i++) {
        atomic_store(&stop_at, 1 + i * (sum - 1) / times);
        assert_int_equal(run_square(model, &options, 40, true, NULL, &result), NST_STOPPED);
        for (int k = 0; result.rgb && k < 3 * 40 * 40; k++)
            assert_true(result.rgb[k] >= 0.0f && result.rgb[k] <= 1.0f);
        nst_image_destroy(&result);
    }
    atomic_store(&stop_at, 0);
}

/* Reading and reducing a photo, as the program does, end as well. */
static void test_a_photo_is_not_read_to_its_end(void **state)
{
    (void)state;
    nst_image image = {0}, smaller = {0};
    nst_cancel *cancel = NULL;
    assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
    nst_crew before = nst_crew_enter((nst_crew){.cancel = cancel});
    atomic_store(&looks, 0);
    assert_int_equal(nst_image_read(NST_PROJECT_DIR "/images/oil.jpg", &image, NULL, NULL), NST_OK);
    assert_true(atomic_load(&looks) >= image.height);
    atomic_store(&stop_at, atomic_load(&looks) / 2);
    nst_image other = {0};
    atomic_store(&looks, 0);
    assert_int_equal(nst_image_read(NST_PROJECT_DIR "/images/oil.jpg", &other, NULL, NULL),
                     NST_STOPPED);
    assert_null(other.rgb);
    assert_int_equal(nst_image_resize(&image, 100, 80, 2, &smaller, NULL), NST_STOPPED);
    assert_null(smaller.rgb);
    atomic_store(&stop_at, 0);
    nst_crew_enter(before);
    assert_int_equal(nst_image_resize(&image, 100, 80, 2, &smaller, NULL), NST_OK);
    nst_image_destroy(&smaller);
    nst_image_destroy(&image);
    nst_cancel_destroy(cancel);
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
        cmocka_unit_test(test_larger_pictures_are_not_longer_between_looks),
        cmocka_unit_test(test_the_photo_is_passed_forward_once),
        cmocka_unit_test(test_weights_are_prepared_in_small_parts),
        cmocka_unit_test(test_any_look_ends_a_run),
        cmocka_unit_test(test_a_photo_is_not_read_to_its_end),
        cmocka_unit_test(test_a_hook_may_resize),
    };
    return cmocka_run_group_tests_name("cancel", tests, open_all, close_all);
}
