/* The thread that paints: one run after the other, with progress and previews for followers. */
#ifndef NST_SERVE_RUNS_WORKER_H
#define NST_SERVE_RUNS_WORKER_H

#include "serve/runs/runs.h"

typedef struct nst_worker {
    nst_runs *runs;
    nst_painter *painter;
    pthread_t thread;
} nst_worker;

/* Start the thread. worker, runs and painter must outlive it. NST_ERR_MEMORY when there is none. */
nst_status nst_worker_start(nst_worker *worker, nst_runs *runs, nst_painter *painter,
                            nst_error *error);

/* Wait for the thread: it ends when runs->stopping is set and the present run has ended. */
void nst_worker_join(nst_worker *worker);

#endif
