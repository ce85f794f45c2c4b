/* The journals of all folders that a list of jobs writes into. */
#ifndef NST_RESULTS_JOURNALS_H
#define NST_RESULTS_JOURNALS_H

#include "list/expand.h"
#include "results/journal.h"
#include "results/key.h"

typedef struct nst_journals_row {
    const char *folder;
    nst_journal *journal;
} nst_journals_row;

typedef struct nst_journals {
    nst_journals_row *rows; /* owned */
    int count;
} nst_journals;

/* Make the folders, open their journals and remove what killed processes left in them; or, with
 * `look` only, open the journals that there are and change nothing. *out is to be closed in any
 * case, before the jobs are destroyed. */
nst_status nst_journals_open(const nst_job_list *jobs, bool look, nst_journals *out,
                             nst_error *error);
void nst_journals_close(nst_journals *journals);

/* The journal of a job and its result's name in it; NULL when none is kept. */
nst_journal *nst_journals_find(const nst_journals *journals, const nst_job *job, const char **name);

/* Whether journal and result agree that the job with this key is done; with args->overwrite only
 * if it was done since the journal was opened. */
bool nst_journals_is_done(nst_journal *journal, const char *name, const char *key,
                          const nst_args *args, nst_journal_entry *out);

#endif
