/* What makes a job the job it is. */
#ifndef NST_RESULTS_KEY_H
#define NST_RESULTS_KEY_H

#include "options/settings.h"

/* Files that many jobs share are hashed once. Any number of threads. */
typedef struct nst_digest_memo nst_digest_memo;
nst_digest_memo *nst_digest_memo_create(void); /* NULL when out of memory */
void nst_digest_memo_destroy(nst_digest_memo *memo);
nst_status nst_digest_memo_get(nst_digest_memo *memo, const char *path, char digest[65],
                               nst_error *error);

/* SHA-256 over everything that decides the bytes of the result: the inputs' own SHA-256, all
 * settings, the model and the version. Not the number of threads, and no file names. Empty when an
 * input is a pipe, which can be read only once. */
nst_status nst_job_key(const nst_args *args, nst_digest_memo *memo, char key[65], nst_error *error);

#endif
