/* The key of a job: whether two jobs give the same result. */
#ifndef NST_RESULTS_KEY_H
#define NST_RESULTS_KEY_H

#include "options/settings.h"
#include "results/digest_memo.h"

/* SHA-256 over everything that decides the bytes of the result: the inputs' own SHA-256, all
 * settings, the model and the version. Not the number of threads, and no file names. Empty when an
 * input is a pipe, which can be read only once. */
nst_status nst_job_key(const nst_args *args, nst_digest_memo *memo, char key[65], nst_error *error);

#endif
