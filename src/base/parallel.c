/* Blocks of a loop are taken one by one from a single word, so that a thread which another process
 * holds up does not hold up the rest. A loop is over when its blocks are done, whether or not every
 * helper has woken up for it.
 *
 * A thread that waits first spins, because the blocks of a small network take some ten microseconds
 * and waking up takes as long. Then it sleeps, because on a busy machine a thread that spins holds
 * the processor that the thread it waits for would need: with OpenMP's long spin a run of 6 seconds
 * took 60 to 140 there. How long a thread spins follows from how long it had to wait before. */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/aligned.h"
#include "base/cancel.h"
#include "base/cgroup.h"
#include "base/error.h"

enum {
    STACK_BYTES = 1 << 20,
    PATIENCE_MIN = 2000,   /* nanoseconds that a thread spins before it sleeps: at least, */
    PATIENCE_MAX = 100000, /*   and at most */
    LOOKS_PER_TIME = 16    /* looks at what is waited for between two at the clock */
};

/* Where a thread waits for another one. */
typedef struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool asleep;
    long patience; /* nanoseconds; the waiting thread's own */
} waiting;

typedef struct helper {
    _Alignas(NST_CACHE_LINE) waiting waiting;
    nst_team *team;
    int number; /* 1.. */
    pthread_t thread;
} helper;

struct nst_team {
    /* Blocks of the loop that nobody has taken yet, and from bit LIMIT_SHIFT on how many threads
     * may take some. */
    _Alignas(NST_CACHE_LINE) _Atomic uint64_t open;
    _Alignas(NST_CACHE_LINE) atomic_int pending; /* blocks that were not reported as done */
    atomic_bool ended;

    /* The loop. Read by those who have taken a block only: until it is reported the loop cannot be
     * over, and the next one not begin. */
    int count;
    nst_parallel_body body;
    void *context;
    const nst_cancel *cancel;

    waiting caller;
    pid_t process; /* in which the helpers live */
    int helper_count;
    helper *helpers;
};

enum { LIMIT_SHIFT = 32 };

/* Set while a function of the library works, and back to nothing when it returns. */
static _Thread_local nst_crew here;

/* ---- waiting -------------------------------------------------------------------------------- */

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static bool waiting_make(waiting *w)
{
    *w = (waiting){.patience = PATIENCE_MAX};
    if (pthread_mutex_init(&w->lock, NULL) != 0)
        return false;
    if (pthread_cond_init(&w->wake, NULL) == 0)
        return true;
    pthread_mutex_destroy(&w->lock);
    return false;
}

static void waiting_destroy(waiting *w)
{
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
}

typedef bool (*condition)(const void *subject);

static void sleep_until(waiting *w, condition holds, const void *subject)
{
    pthread_mutex_lock(&w->lock);
    atomic_store(&w->asleep, true); /* before the look, as wake looks after the change */
    while (!holds(subject))
        pthread_cond_wait(&w->wake, &w->lock);
    atomic_store(&w->asleep, false);
    pthread_mutex_unlock(&w->lock);
}

/* Wait until the condition holds. Whoever makes it hold calls wake. */
static void wait_until(waiting *w, condition holds, const void *subject)
{
    bool met = holds(subject);
    if (met)
        return;
    long long begin = now(), waited = 0;
    for (int look = 1; !met && waited < w->patience; look++) {
        relax();
        met = holds(subject);
        if (look % LOOKS_PER_TIME == 0)
            waited = now() - begin;
    }
    if (!met)
        sleep_until(w, holds, subject);
    /* Would spinning have been enough? */
    waited = now() - begin;
    w->patience = waited <= PATIENCE_MAX ? 2 * w->patience : w->patience / 2;
    w->patience = w->patience < PATIENCE_MIN   ? PATIENCE_MIN
                  : w->patience > PATIENCE_MAX ? PATIENCE_MAX
                                               : w->patience;
}

static void wake(waiting *w)
{
    if (!atomic_load(&w->asleep))
        return;
    pthread_mutex_lock(&w->lock);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_signal(&w->wake);
}

/* ---- a loop ---------------------------------------------------------------------------------- */

static bool is_open(uint64_t open, int number)
{
    return (uint32_t)open > 0 && (uint64_t)number < open >> LIMIT_SHIFT;
}

/* Take a block: returns how many there were, 0 when there is none for this thread. */
static int take(nst_team *team, int number)
{
    uint64_t open = atomic_load(&team->open);
    do
        if (!is_open(open, number))
            return 0;
    while (!atomic_compare_exchange_weak(&team->open, &open, open - 1));
    return (int)(uint32_t)open;
}

/* Do blocks until none is left; whether the loop is over thereby. */
static bool work(nst_team *team, int number)
{
    int left, done = 0;
    for (; (left = take(team, number)) > 0; done++)
        if (!nst_cancel_requested(team->cancel))
            team->body(team->context, team->count - left, number);
    return done > 0 && atomic_fetch_sub(&team->pending, done) == done;
}

static bool is_called(const void *subject)
{
    const helper *h = subject;
    return is_open(atomic_load(&h->team->open), h->number) || atomic_load(&h->team->ended);
}

static bool is_over(const void *subject)
{
    const nst_team *team = subject;
    return atomic_load(&team->pending) == 0;
}

static void *help(void *user)
{
    helper *h = user;
    nst_team *team = h->team;
    while (!atomic_load(&team->ended)) {
        if (work(team, h->number))
            wake(&team->caller);
        wait_until(&h->waiting, is_called, h);
    }
    return NULL;
}

static void run_on_team(nst_team *team, int count, int limit, nst_parallel_body body, void *context)
{
    team->count = count;
    team->body = body;
    team->context = context;
    team->cancel = here.cancel;
    atomic_store(&team->pending, count);
    atomic_store(&team->open, (uint64_t)limit << LIMIT_SHIFT | (uint64_t)count);
    for (int i = 0; i < limit - 1; i++)
        wake(&team->helpers[i].waiting);
    if (!work(team, 0))
        wait_until(&team->caller, is_over, team);
}

static void run_alone(int count, nst_parallel_body body, void *context)
{
    for (int i = 0; i < count && !nst_cancel_requested(here.cancel); i++)
        body(context, i, 0);
}

void nst_parallel_for(int count, int threads, nst_parallel_body body, void *context)
{
    nst_team *team = here.team, *own = NULL;
    int limit = threads < count ? threads : count;
    if (limit > 1 && !team && nst_team_create(limit, &own, NULL) == NST_OK)
        team = own;
    if (limit > 1 && team && team->helper_count > 0)
        run_on_team(team, count, limit <= team->helper_count ? limit : team->helper_count + 1, body,
                    context);
    else
        run_alone(count, body, context);
    nst_team_destroy(own);
}

bool nst_parallel_cancelled(void)
{
    return nst_cancel_requested(here.cancel);
}

typedef struct {
    size_t count;
    nst_parallel_span_body body;
    void *context;
} spans;

enum { SPAN = 1 << 18 };

static void run_span(void *context, int index, int thread)
{
    (void)thread;
    const spans *s = context;
    size_t first = (size_t)index * SPAN, rest = s->count - first;
    s->body(s->context, first, rest < SPAN ? rest : SPAN);
}

void nst_parallel_spans(size_t count, int threads, nst_parallel_span_body body, void *context)
{
    spans s = {count, body, context};
    nst_parallel_for((int)((count + SPAN - 1) / SPAN), threads, run_span, &s);
}

/* ---- teams ----------------------------------------------------------------------------------- */

/* Threads of the library leave the application's signals to its own threads. */
static bool start(helper *h)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    pthread_attr_t attributes;
    sigset_t none, before;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&none);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(&none, faults[i]);
    pthread_sigmask(SIG_SETMASK, &none, &before);
    bool started = waiting_make(&h->waiting);
    if (started && pthread_create(&h->thread, &attributes, help, h) != 0) {
        waiting_destroy(&h->waiting);
        started = false;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

nst_status nst_team_create(int threads, nst_team **out, nst_error *error)
{
    nst_team *team = nst_aligned_zeros(1, sizeof *team);
    helper *helpers = threads > 1 ? nst_aligned_zeros((size_t)threads - 1, sizeof *helpers) : NULL;
    if (!team || (threads > 1 && !helpers) || !waiting_make(&team->caller)) {
        free(team);
        free(helpers);
        return nst_fail_memory_for(error, "threads");
    }
    team->helpers = helpers;
    team->process = getpid();
    for (int i = 0; i < threads - 1; i++) {
        helpers[i].team = team;
        helpers[i].number = i + 1;
        if (!start(&helpers[i]))
            break; /* then there are fewer */
        team->helper_count++;
    }
    *out = team;
    return NST_OK;
}

/* After a fork the helpers are the parent's alone, and what they held they hold for ever. */
static void settle_process(nst_team *team)
{
    if (team->process == getpid())
        return;
    team->process = getpid();
    team->helper_count = 0;
}

void nst_team_destroy(nst_team *team)
{
    if (!team)
        return;
    settle_process(team);
    atomic_store(&team->ended, true);
    for (int i = 0; i < team->helper_count; i++)
        wake(&team->helpers[i].waiting);
    for (int i = 0; i < team->helper_count; i++) {
        pthread_join(team->helpers[i].thread, NULL);
        waiting_destroy(&team->helpers[i].waiting);
    }
    waiting_destroy(&team->caller);
    free(team->helpers);
    free(team);
}

nst_crew nst_crew_enter(nst_crew crew)
{
    nst_crew before = here;
    if (crew.team)
        settle_process(crew.team);
    here = crew;
    return before;
}

nst_crew nst_crew_uninterrupted(void)
{
    return nst_crew_enter((nst_crew){.team = here.team});
}

nst_status nst_work_begin(int threads, nst_work *out, nst_error *error)
{
    nst_work work = {.threads = threads > 0 ? threads : nst_parallel_cores()};
    nst_status status = nst_team_create(work.threads, &work.team, error);
    if (status != NST_OK)
        return status;
    work.before = nst_crew_enter((nst_crew){.team = work.team, .cancel = here.cancel});
    *out = work;
    return NST_OK;
}

void nst_work_end(nst_work *work)
{
    nst_crew_enter(work->before);
    nst_team_destroy(work->team);
}

/* Cores that the quota of the control groups comes to, settled once. */
static int quota = NST_THREADS_MAX;

static void read_quota(void)
{
    nst_cgroup_limits limits;
    nst_cgroup_read("", &limits);
    if (limits.cores > 0.0 && limits.cores < (double)quota)
        quota = (int)limits.cores + ((double)(int)limits.cores < limits.cores);
}

int nst_parallel_cores(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    cpu_set_t set;
    long cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                             : sysconf(_SC_NPROCESSORS_ONLN);
    pthread_once(&once, read_quota);
    cores = cores > quota ? quota : cores;
    return cores < 1 ? 1 : (int)cores;
}
