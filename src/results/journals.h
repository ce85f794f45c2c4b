/* The journals of all folders that a list of jobs writes into. */
#ifndef NST_RESULTS_JOURNALS_H
#define NST_RESULTS_JOURNALS_H

#include "list/expand.h"
#include "results/journal.h"
#include "results/key.h"

typedef struct nst_journals_row {
    char *folder; /* owned */
    nst_journal *journal;
} nst_journals_row;

typedef struct nst_journals {
    nst_journals_row *rows; /* owned */
    int count;
} nst_journals;

/* Make the folders, open their journals and remove what killed processes left in them; or, with
 * read_only, open the journals that there are and change nothing. *out is to be closed in any
 * case, before the jobs are destroyed. */
nst_status nst_journals_open(const nst_job_list *jobs, bool read_only, nst_journals *out,
                             nst_error *error);
void nst_journals_close(nst_journals *journals);

/* The journal of a job and its result's name in it; NULL when none is kept. */
nst_journal *nst_journals_find(const nst_journals *journals, const nst_job *job, const char **name);

typedef enum nst_target_state {
    NST_TARGET_FREE, /* there is no file */
    NST_TARGET_OURS, /* a file that this job may replace: written by nst, or --overwrite is given */
    NST_TARGET_DONE, /* the result of this very job; with --overwrite only if it was done since the
                        journal was opened */
    NST_TARGET_FOREIGN /* another file, or a result that somebody has changed */
} nst_target_state;

/* What stands where the result of a job with this key goes, by journal and file. entry: the last
 * one about it, or NULL. */
nst_target_state nst_journals_look(nst_journal *journal, const char *name, const char *path,
                                   const char *key, bool overwrite, const nst_journal_entry *entry);

#endif
