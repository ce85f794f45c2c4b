/* One job, from its files to its result: every picture takes this path, whoever asked for it. */
#ifndef NST_ENGINE_RUN_H
#define NST_ENGINE_RUN_H

#include "engine/observer.h"
#include "engine/shared.h"
#include "engine/slots.h"
#include "results/journal.h"
#include "results/key.h"
#include "util/budget.h"

/* Where a job is done. */
typedef struct nst_run_context {
    nst_shared *shared;
    nst_slots *slots;
    nst_budget *budget;
    const nst_observers *observers;
    const nst_cancel *cancel; /* stops this job; NULL: an interrupt does */
    nst_journal *journal;     /* NULL: none is kept */
    const char *name;         /* of the result in the journal */
    nst_job_key key;          /* with a journal; empty where there is none */
    bool replace;             /* a file that stands where the result goes may be replaced */
} nst_run_context;

/* Do the job and fill *result, which is zeroed. Everything that can be known beforehand is checked
 * before the first iteration. After an interruption the picture so far is written. Observers
 * are told everything but the end, which the caller tells. */
void nst_run(const nst_run_context *context, const nst_run_job *job, nst_result *result);

#endif
