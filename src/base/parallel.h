/* Threads: teams, and the one parallel loop. */
#ifndef NST_BASE_PARALLEL_H
#define NST_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "nst.h"

/* body(context, index, thread) for each index in 0..count-1, in any order, on up to `threads`
 * threads; thread is in 0..threads-1 and picks the caller's scratch space. Returns when all are
 * done. Results stay the same for any number of threads as long as what index computes does not
 * depend on thread. A body does not start a loop of its own.
 *
 * The loop runs on the team that the calling thread has entered; without one, on a team that is
 * made for this loop alone. Once the team's work is cancelled, indices that were not begun are
 * left out: what the loop was to write is then worth nothing. */
typedef void (*nst_parallel_body)(void *context, int index, int thread);
void nst_parallel_for(int count, int threads, nst_parallel_body body, void *context);

/* Whether the work that the calling thread does in its team was cancelled. Stays true once it is,
 * until the team is left. */
bool nst_parallel_cancelled(void);

/* For a long loop of one thread alone, to be asked at each index: whether to leave it there. Looks
 * at every 65536th. */
static inline bool nst_parallel_stops_at(size_t index)
{
    return index % 65536 == 0 && nst_parallel_cancelled();
}

/* body(context, first, count) for spans that cover 0..count-1, on up to `threads` threads. */
typedef void (*nst_parallel_span_body)(void *context, size_t first, size_t count);
void nst_parallel_spans(size_t count, int threads, nst_parallel_span_body body, void *context);

/* Cores this process may run on, 1 to NST_THREADS_MAX. */
int nst_parallel_cores(void);

/* A thread and its helpers, which sleep while there is nothing to do. One thread at a time uses a
 * team. A process that was forked off has no helpers: there the thread does all by itself. */
typedef struct nst_team nst_team;

/* A team of `threads` threads, the one that uses it among them; fewer when the system has no more
 * threads to give. */
nst_status nst_team_create(int threads, nst_team **out, nst_error *error);
void nst_team_destroy(nst_team *team); /* NULL is fine; nobody uses it any more */

/* What the loops of a thread run on. */
typedef struct nst_crew {
    nst_team *team;           /* NULL: one for each loop */
    const nst_cancel *cancel; /* looked at before each index; NULL: nothing stops a loop */
} nst_crew;

/* Have the calling thread's loops run on this crew; returns the one before, to be entered again
 * when the work is done. */
nst_crew nst_crew_enter(nst_crew crew);

/* Enter the calling thread's own crew once more, but so that nothing cancels it; returns it as it
 * was. */
nst_crew nst_crew_uninterrupted(void);

/* A function of the library at work: a team of its own, entered; what cancels the calling thread's
 * work cancels this. threads as in nst_options. */
typedef struct nst_work {
    int threads; /* 1.. */
    nst_team *team;
    nst_crew before;
} nst_work;

nst_status nst_work_begin(int threads, nst_work *out, nst_error *error);
void nst_work_end(nst_work *work);

#endif
