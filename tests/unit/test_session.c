/* Sessions: the results of single runs, in memory that is kept and given back. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "nst.h"
#include "runs.h"
#include "seeded.h"

static nst_model *model;
static nst_image photos[2], painting;
static nst_style *style;

static nst_session *new_session(void)
{
    nst_session *session = NULL;
    assert_int_equal(nst_session_create(model, &session, NULL), NST_OK);
    return session;
}

static nst_inputs inputs_of(const nst_image *photo)
{
    return (nst_inputs){.struct_size = sizeof(nst_inputs),
                        .content = photo,
                        .style_handles = &style,
                        .style_count = 1};
}

static bool same(const nst_image *a, const nst_image *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->rgb, b->rgb, 3 * (size_t)a->width * (size_t)a->height * sizeof(float)) == 0;
}

/* Whether a run in the session and one alone have the same result. */
static bool agrees(nst_session *session, const nst_image *photo, const nst_options *options)
{
    const nst_inputs in = inputs_of(photo);
    const nst_inputs plain = {
        .struct_size = sizeof plain, .content = photo, .styles = &painting, .style_count = 1};
    nst_image alone = stylized(model, options, &plain), result = {0};
    nst_error error = {0};
    if (nst_session_stylize(session, &in, options, NULL, NULL, &result, NULL, &error) != NST_OK)
        fail_msg("%s", error.message);
    bool agree = same(&alone, &result);
    nst_image_destroy(&alone);
    nst_image_destroy(&result);
    return agree;
}

/* Larger and smaller, with the other optimizer, in bands, in one color: what one run leaves must
 * not be seen by the next. */
static void test_results_are_those_of_single_runs(void **state)
{
    (void)state;
    enum { VARIANTS = 7 };
    nst_session *session = new_session();
    int times = getenv("NST_UNDER_VALGRIND") ? 1 : 2;
    for (int again = 0; again < times; again++)
        for (int variant = 0; variant < VARIANTS; variant++) {
            nst_options options = short_options(model, 48, 2, 1);
            options.size = variant == 1 ? 33 : variant == 4 ? 67 : 48;
            options.optimizer = variant == 2 ? NST_OPTIMIZER_ADAM : NST_OPTIMIZER_LBFGS;
            options.color = variant == 3 ? NST_COLOR_LUMA : NST_COLOR_STYLE;
            options.threads = variant == 5 ? 3 : 1;
            options.style_stat = variant == 6 ? NST_STYLE_STAT_COVARIANCE : NST_STYLE_STAT_GRAM;
            assert_true(agrees(session, &photos[variant % 2], &options));
        }
    nst_session_destroy(session);
}

/* With just enough memory, activations are computed again; what is kept must not stand in the way.
 */
static void test_kept_memory_is_no_hindrance(void **state)
{
    (void)state;
    if (getenv("NST_UNDER_VALGRIND"))
        skip();
    nst_options large = short_options(model, 160, 2, 2), tight = short_options(model, 128, 2, 2);
    const nst_inputs in = inputs_of(&photos[0]);
    nst_memory memory = {0};
    nst_session *session = new_session();
    tight.max_memory = 1;
    assert_int_equal(nst_plan_memory(model, &in, &tight, &memory, NULL), NST_ERR_MEMORY);
    tight.max_memory = memory.needed; /* the last attempt: the least that does */
    assert_true(agrees(session, &photos[0], &large));
    uint64_t before = nst_session_bytes(session);
    assert_true(before > memory.needed);
    assert_true(agrees(session, &photos[0], &tight));
    assert_true(nst_session_bytes(session) <= memory.needed);
    nst_session_destroy(session);
}

static void test_memory_is_kept_and_given_back(void **state)
{
    (void)state;
    const nst_options options = short_options(model, 64, 2, 2);
    nst_session *session = new_session();
    assert_true(nst_session_bytes(session) == 0);
    nst_session_trim(session);
    assert_true(agrees(session, &photos[0], &options));
    uint64_t bytes = nst_session_bytes(session);
    assert_true(bytes > 3 * 64 * 48 * sizeof(float));
    for (int i = 0; i < 3; i++) {
        assert_true(agrees(session, &photos[0], &options));
        assert_true(nst_session_bytes(session) == bytes);
    }
    nst_session_trim(session);
    assert_true(nst_session_bytes(session) == 0);
    assert_true(agrees(session, &photos[0], &options));
    nst_session_destroy(session);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    nst_options options = short_options(model, 48, 2, 2), wrong = options;
    const nst_inputs in = inputs_of(&photos[0]);
    nst_session *session = NULL;
    nst_image result = {0};
    nst_error error = {0};
    assert_int_equal(nst_session_create(NULL, &session, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_session_create(model, NULL, NULL), NST_ERR_ARGUMENT);
    assert_null(session);
    session = new_session();
    assert_int_equal(nst_session_stylize(NULL, &in, &options, NULL, NULL, &result, NULL, &error),
                     NST_ERR_ARGUMENT);
    assert_non_null(strstr(error.message, "session"));
    assert_int_equal(nst_session_stylize(session, NULL, &options, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_session_stylize(session, &in, NULL, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_session_stylize(session, &in, &options, NULL, NULL, NULL, NULL, NULL),
                     NST_ERR_ARGUMENT);
    wrong.iterations = -1;
    assert_int_equal(nst_session_stylize(session, &in, &wrong, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_ARGUMENT);
    wrong = options;
    wrong.max_memory = 1;
    assert_int_equal(nst_session_stylize(session, &in, &wrong, NULL, NULL, &result, NULL, NULL),
                     NST_ERR_MEMORY);
    assert_null(result.rgb);
    assert_true(agrees(session, &photos[0], &options)); /* as before */
    nst_session_destroy(session);
    nst_session_destroy(NULL);
    nst_session_trim(NULL);
    assert_true(nst_session_bytes(NULL) == 0);
}

static int stop(void *user, const nst_progress *progress)
{
    int *after = user;
    return progress->iterations_done >= *after;
}

static void test_usable_after_a_stop(void **state)
{
    (void)state;
    const nst_options options = short_options(model, 48, 2, 1);
    nst_inputs in = inputs_of(&photos[0]);
    nst_session *session = new_session();
    nst_cancel *cancel = NULL;
    nst_image result = {0};
    assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
    for (int after = 1; after < 4; after++) {
        assert_int_equal(
            nst_session_stylize(session, &in, &options, stop, &after, &result, NULL, NULL),
            NST_STOPPED);
        nst_image_destroy(&result);
        assert_true(agrees(session, &photos[1], &options));
    }
    in.cancel = cancel;
    nst_cancel_request(cancel);
    assert_int_equal(nst_session_stylize(session, &in, &options, NULL, NULL, &result, NULL, NULL),
                     NST_STOPPED);
    assert_null(result.rgb);
    assert_true(agrees(session, &photos[0], &options));
    nst_cancel_destroy(cancel);
    nst_session_destroy(session);
}

/* ---- threads -------------------------------------------------------------------------------- */

static void *cancel_it(void *user)
{
    nst_cancel_request(user);
    return NULL;
}

static int start_thread(void *user, const nst_progress *progress)
{
    pthread_t thread;
    if (progress->iterations_done == 2) {
        assert_int_equal(pthread_create(&thread, NULL, cancel_it, user), 0);
        pthread_join(thread, NULL);
    }
    return 0;
}

static void test_another_thread_cancels(void **state)
{
    (void)state;
    nst_options options = short_options(model, 48, 20000, 20000);
    nst_inputs in = inputs_of(&photos[0]);
    nst_session *session = new_session();
    nst_cancel *cancel = NULL;
    nst_image result = {0};
    assert_int_equal(nst_cancel_create(&cancel, NULL), NST_OK);
    in.cancel = cancel;
    assert_int_equal(
        nst_session_stylize(session, &in, &options, start_thread, cancel, &result, NULL, NULL),
        NST_STOPPED);
    assert_int_equal(result.width, 48);
    nst_image_destroy(&result);
    options.iterations = options.coarse_iterations = 2;
    assert_true(agrees(session, &photos[0], &options));
    nst_cancel_destroy(cancel);
    nst_session_destroy(session);
}

typedef struct {
    nst_session *session;
    const nst_image *photo;
    nst_options options;
    nst_image results[2];
} worker;

static void *work(void *user)
{
    worker *w = user;
    const nst_inputs in = inputs_of(w->photo);
    for (int i = 0; i < 2; i++)
        if (nst_session_stylize(w->session, &in, &w->options, NULL, NULL, &w->results[i], NULL,
                                NULL) != NST_OK)
            return NULL;
    nst_session_trim(w->session); /* while others run */
    return w;
}

static void test_threads_share_one(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    nst_session *session = new_session();
    pthread_t threads[THREADS];
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.session = session,
                              .photo = &photos[i % 2],
                              .options = short_options(model, 40 + 8 * i, 2, 2)};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *done = NULL;
        pthread_join(threads[i], &done);
        assert_ptr_equal(done, &workers[i]);
        const nst_inputs in = inputs_of(workers[i].photo);
        nst_image alone = stylized(model, &workers[i].options, &in);
        for (int k = 0; k < 2; k++) {
            assert_true(same(&alone, &workers[i].results[k]));
            nst_image_destroy(&workers[i].results[k]);
        }
        nst_image_destroy(&alone);
    }
    nst_session_trim(session);
    assert_true(nst_session_bytes(session) == 0);
    nst_session_destroy(session);
}

static int nested(void *user, const nst_progress *progress)
{
    const nst_options options = short_options(model, 33, 1, 1);
    if (progress->iterations_done == 1)
        assert_true(agrees(user, &photos[1], &options));
    return 0;
}

/* A run in the hook of another has memory of its own. */
static void test_a_hook_may_run(void **state)
{
    (void)state;
    const nst_options options = short_options(model, 48, 2, 2);
    const nst_inputs in = inputs_of(&photos[0]);
    nst_session *session = new_session();
    nst_image outer = {0}, alone = stylized(model, &options, &in);
    assert_int_equal(
        nst_session_stylize(session, &in, &options, nested, session, &outer, NULL, NULL), NST_OK);
    assert_true(same(&outer, &alone));
    nst_image_destroy(&outer);
    nst_image_destroy(&alone);
    nst_session_destroy(session);
}

static void test_a_forked_process_may_use_it(void **state)
{
    (void)state;
    nst_options options = short_options(model, 48, 2, 2);
    options.threads = 2;
    nst_session *session = new_session();
    assert_true(agrees(session, &photos[0], &options));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(agrees(session, &photos[0], &options) ? 0 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    nst_session_destroy(session);
}

/* ---------------------------------------------------------------------------------------------- */

static int open_all(void **state)
{
    (void)state;
    return nst_model_open(NULL, &model, NULL) == NST_OK &&
                   seeded_image(1, 60, 45, &photos[0], NULL) == NST_OK &&
                   seeded_image(2, 37, 58, &photos[1], NULL) == NST_OK &&
                   seeded_image(3, 50, 41, &painting, NULL) == NST_OK &&
                   nst_style_create(&painting, NULL, &style, NULL) == NST_OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    (void)state;
    nst_style_destroy(style);
    nst_image_destroy(&photos[0]);
    nst_image_destroy(&photos[1]);
    nst_image_destroy(&painting);
    nst_model_close(model);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_are_those_of_single_runs),
        cmocka_unit_test(test_kept_memory_is_no_hindrance),
        cmocka_unit_test(test_memory_is_kept_and_given_back),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_usable_after_a_stop),
        cmocka_unit_test(test_another_thread_cancels),
        cmocka_unit_test(test_threads_share_one),
        cmocka_unit_test(test_a_hook_may_run),
        cmocka_unit_test(test_a_forked_process_may_use_it),
    };
    return cmocka_run_group_tests_name("session", tests, open_all, close_all);
}
