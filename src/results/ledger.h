/* The journals of all folders that a list of jobs writes into. */
#ifndef NST_RESULTS_LEDGER_H
#define NST_RESULTS_LEDGER_H

#include "list/jobs.h"
#include "results/identity.h"
#include "results/journal.h"

typedef struct nst_ledger_row {
    const char *folder;
    nst_journal *journal;
} nst_ledger_row;

typedef struct nst_ledger {
    nst_ledger_row *rows; /* owned */
    int count;
} nst_ledger;

/* Make the folders, open their journals and remove what killed processes left in them; or, with
 * `look` only, open the journals that there are and change nothing. *out is to be closed in any
 * case, before the jobs are destroyed. */
nst_status nst_ledger_open(const nst_job_list *jobs, bool look, nst_ledger *out, nst_error *error);
void nst_ledger_close(nst_ledger *ledger);

/* The journal of a job and its result's name in it; NULL when none is kept. */
nst_journal *nst_ledger_find(const nst_ledger *ledger, const nst_job *job, const char **name);

/* Whether journal and result agree that the job with this key is done; with args->overwrite only
 * if it was done since the journal was opened. */
bool nst_ledger_is_done(nst_journal *journal, const char *name, const char *key,
                        const nst_args *args, nst_journal_entry *out);

#endif
