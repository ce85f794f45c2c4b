/* One job: every picture takes this path, whoever asked for it. */
#ifndef NST_ENGINE_RUN_H
#define NST_ENGINE_RUN_H

#include "engine/shared.h"
#include "observers/log.h"
#include "results/journal.h"
#include "results/result.h"

/* Where a job is done, and who hears of it. */
typedef struct nst_run_place {
    nst_shared *shared;
    nst_log *log;
    nst_journal *journal; /* NULL: none is kept */
    const char *name;     /* of the result in the journal */
    char key[65];         /* see results/key.h; empty: the journal is not to hear of it */
} nst_run_place;

/* Do result->args->job and fill the rest of *result, which is zeroed otherwise. Everything that
 * can be known beforehand is checked before the first evaluation. After an interruption what there
 * was is written. Says on standard error what the args' verbosity lets it; the end is the caller's
 * to tell. */
void nst_run(const nst_run_place *place, nst_result *result);

#endif
