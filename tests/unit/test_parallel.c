/* The parallel loop, its teams, and cancelling. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cancel.h"
#include "base/parallel.h"

enum { MOST = 5000 };

typedef struct {
    atomic_int times[MOST];
    atomic_int in_use[NST_THREADS_MAX]; /* scratch space of a thread: one user at a time */
    int threads;
    atomic_int wrong;
} census;

static void count_one(void *context, int index, int thread)
{
    census *c = context;
    if (thread < 0 || thread >= c->threads || atomic_fetch_add(&c->in_use[thread], 1) != 0)
        atomic_fetch_add(&c->wrong, 1);
    atomic_fetch_add(&c->times[index], 1);
    for (volatile int i = 0; i < index % 100; i++)
        ;
    atomic_fetch_sub(&c->in_use[thread], 1);
}

static void assert_each_once(int count, int threads)
{
    static census c;
    memset(&c, 0, sizeof c);
    c.threads = threads < 1 ? 1 : threads;
    nst_parallel_for(count, threads, count_one, &c);
    assert_int_equal(atomic_load(&c.wrong), 0);
    for (int i = 0; i < MOST; i++)
        assert_int_equal(atomic_load(&c.times[i]), i < count);
}

static void test_each_index_is_done_once(void **state)
{
    (void)state;
    static const int counts[] = {0, 1, 2, 3, 7, 8, 64, 999, MOST};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        for (int threads = 0; threads < 9; threads++)
            assert_each_once(counts[i], threads);
}

static void test_a_team_serves_many_loops(void **state)
{
    (void)state;
    nst_work work;
    assert_int_equal(nst_work_begin(4, &work, NULL), NST_OK);
    for (int round = 0; round < 300; round++) {
        assert_each_once(round % 37, 1 + round % 6);
        if (round % 50 == 0)
            nanosleep(&(struct timespec){0, 2000000}, NULL); /* the helpers fall asleep */
    }
    nst_work_end(&work);
}

/* ---- several at a time ----------------------------------------------------------------------- */

static void add(void *context, int index, int thread)
{
    (void)thread;
    atomic_fetch_add((atomic_long *)context, index);
}

static void *run_loops(void *user)
{
    atomic_int *wrong = user;
    nst_work work;
    if (nst_work_begin(3, &work, NULL) != NST_OK) {
        atomic_fetch_add(wrong, 1);
        return NULL;
    }
    for (int i = 0; i < 500; i++) {
        atomic_long sum = 0;
        nst_parallel_for(20, 3, add, &sum);
        if (atomic_load(&sum) != 190)
            atomic_fetch_add(wrong, 1);
    }
    nst_work_end(&work);
    return NULL;
}

static void test_threads_have_teams_of_their_own(void **state)
{
    (void)state;
    pthread_t threads[4];
    atomic_int wrong = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_loops, &wrong), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
}

/* ---- trouble --------------------------------------------------------------------------------- */

/* Runs `body` in a process of its own, which must end with 0 within some seconds. */
static void in_a_child(int (*body)(void))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(20);
        _exit(body());
    }
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int sums_up(void)
{
    atomic_long sum = 0;
    nst_parallel_for(100, 8, add, &sum);
    return atomic_load(&sum) != 4950;
}

/* What ulimit -u, or a container's limit of processes, does to a team. */
static int without_threads(void)
{
    const struct rlimit none = {0, 0};
    if (getuid() == 0 && setuid(65534) != 0) /* root has no limit */
        return 2;
    if (setrlimit(RLIMIT_NPROC, &none) != 0)
        return 3;
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_loops, NULL) == 0)
        return 4; /* the test would show nothing */
    nst_work work;
    if (nst_work_begin(8, &work, NULL) != NST_OK || sums_up() != 0)
        return 5;
    nst_work_end(&work);
    return sums_up();
}

static void test_without_threads_one_does_it(void **state)
{
    (void)state;
    in_a_child(without_threads);
}

static nst_team *parents;

static int with_the_parents_team(void)
{
    nst_crew_enter((nst_crew){.team = parents});
    int result = sums_up();
    nst_crew_enter((nst_crew){0});
    nst_team_destroy(parents);
    return result != 0 ? result : sums_up();
}

static void test_a_team_survives_a_fork(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); /* the thread sanitizer knows no threads after a fork */
#endif
    assert_int_equal(nst_team_create(4, &parents, NULL), NST_OK);
    nst_crew before = nst_crew_enter((nst_crew){.team = parents});
    assert_int_equal(sums_up(), 0);
    in_a_child(with_the_parents_team);
    assert_int_equal(sums_up(), 0);
    nst_crew_enter(before);
    nst_team_destroy(parents);
}

/* ---- cancelling ------------------------------------------------------------------------------ */

typedef struct {
    nst_cancel *cancel;
    atomic_int done;
    atomic_bool asked;
} request;

static void ask_at_ten(void *context, int index, int thread)
{
    (void)index;
    (void)thread;
    request *r = context;
    int before = atomic_fetch_add(&r->done, 1);
    if (before == 10) {
        nst_cancel_request(r->cancel);
        atomic_store(&r->asked, true);
    }
    while (before > 10 && !atomic_load(&r->asked)) /* the one that asks may have to wait */
        sched_yield();
}

static void test_a_cancelled_loop_leaves_out_the_rest(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        request r = {NULL, 0, false};
        nst_work work;
        assert_int_equal(nst_cancel_create(&r.cancel, NULL), NST_OK);
        assert_int_equal(nst_work_begin(threads, &work, NULL), NST_OK);
        nst_crew own = nst_crew_enter((nst_crew){work.team, r.cancel});
        assert_false(nst_parallel_cancelled());
        nst_parallel_for(1000, threads, ask_at_ten, &r);
        assert_true(nst_parallel_cancelled());
        assert_in_range(atomic_load(&r.done), 11, 10 + threads);
        nst_crew cancelled = nst_crew_uninterrupted();
        assert_false(nst_parallel_cancelled());
        assert_int_equal(sums_up(), 0);
        nst_crew_enter(cancelled);
        assert_true(nst_parallel_cancelled());
        nst_crew_enter(own);
        nst_work_end(&work);
        nst_cancel_destroy(r.cancel);
    }
}

/* ---- signals --------------------------------------------------------------------------------- */

static void see_mask(void *context, int index, int thread)
{
    (void)index;
    sigset_t mask;
    sigemptyset(&mask);
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    if (thread > 0 && (!sigismember(&mask, SIGINT) || sigismember(&mask, SIGSEGV)))
        atomic_fetch_add((atomic_int *)context, 1);
    nanosleep(&(struct timespec){0, 100000}, NULL);
}

static void test_signals_are_left_to_the_application(void **state)
{
    (void)state;
    atomic_int wrong = 0;
    nst_parallel_for(50, 3, see_mask, &wrong);
    assert_int_equal(atomic_load(&wrong), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_index_is_done_once),
        cmocka_unit_test(test_a_team_serves_many_loops),
        cmocka_unit_test(test_threads_have_teams_of_their_own),
        cmocka_unit_test(test_without_threads_one_does_it),
        cmocka_unit_test(test_a_team_survives_a_fork),
        cmocka_unit_test(test_a_cancelled_loop_leaves_out_the_rest),
        cmocka_unit_test(test_signals_are_left_to_the_application),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
