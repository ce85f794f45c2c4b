/* The key of a job: whether two jobs give the same result. */
#ifndef NST_RESULTS_KEY_H
#define NST_RESULTS_KEY_H

#include "options/settings.h"
#include "results/digest_memo.h"
#include "results/journal.h"
#include "util/sha256.h"

typedef struct nst_job_key {
    char
        key[65]; /* SHA-256 over everything that decides the bytes of the result: the inputs' own
                    SHA-256, all settings, the model and the version. Not the number of threads, and
                    no file names. Empty when an input is a pipe, which can be read only once */
    nst_digests digests;                    /* of the inputs, as far as there is a key */
    char content_stamp[NST_STAMP_TEXT_MAX]; /* of the content's file, or empty */
} nst_job_key;

/* The settings' part of the key of the jobs that share them: those of a list made from the same
 * settings and variant. One for each thread; all zeros to begin with. */
typedef struct nst_key_settings {
    const void *settings; /* whose part `sum` is, or NULL */
    int variant;
    nst_sha256 sum;
} nst_key_settings;

/* Make the part of these, unless it is there. settings is looked at no further than as a name. */
nst_status nst_key_settings_make(const void *settings, int variant, const nst_args *args,
                                 nst_key_settings *part, nst_error *error);

/* known: the last entry about the job's result, or NULL; it may tell the content's SHA-256. */
nst_status nst_job_key_make(const nst_args *args, const nst_key_settings *part,
                            nst_digest_memo *memo, const nst_journal_entry *known, nst_job_key *out,
                            nst_error *error);

#endif
