/* The key of a job: whether two jobs give the same result. */
#ifndef NST_RESULTS_KEY_H
#define NST_RESULTS_KEY_H

#include "options/settings.h"
#include "results/digest_memo.h"
#include "results/journal.h"

typedef struct nst_job_key {
    char
        key[65]; /* SHA-256 over everything that decides the bytes of the result: the inputs' own
                    SHA-256, all settings, the model and the version. Not the number of threads, and
                    no file names. Empty when an input is a pipe, which can be read only once */
    nst_digests digests;                    /* of the inputs, as far as there is a key */
    char content_stamp[NST_STAMP_TEXT_MAX]; /* of the content's file, or empty */
} nst_job_key;

/* known: the last entry about the job's result, or NULL; it may tell the content's SHA-256. */
nst_status nst_job_key_make(const nst_args *args, nst_digest_memo *memo,
                            const nst_journal_entry *known, nst_job_key *out, nst_error *error);

#endif
