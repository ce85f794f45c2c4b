/* A list of jobs, done by workers. */
#ifndef NST_ENGINE_WORKERS_H
#define NST_ENGINE_WORKERS_H

#include "engine/observer.h"
#include "engine/shared.h"
#include "list/expand.h"
#include "results/journals.h"

/* The list, and what its jobs are done with. */
typedef struct nst_batch {
    const nst_args *args; /* what was asked for as a whole */
    const nst_job_list *jobs;
    nst_result_states *states; /* one for each job, WAITING */
    const nst_journals *journals;
    nst_shared *shared;
    const nst_observers *observers;
    int slots; /* jobs that paint at the same time */
} nst_batch;

/* Do all jobs, or those that are begun before an interruption, and set their states. A job that
 * fails does not stop the others. NST_ERR_MEMORY when none could be begun. */
nst_status nst_workers_run(const nst_batch *batch, nst_error *error);

#endif
