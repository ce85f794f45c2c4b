/* Checksums of files: one that was hashed is not hashed again while it stays untouched. Any number
 * of threads. */
#ifndef NST_RESULTS_DIGEST_MEMO_H
#define NST_RESULTS_DIGEST_MEMO_H

#include <stdbool.h>

#include "nst.h"

typedef struct nst_digest_memo nst_digest_memo;
nst_digest_memo *nst_digest_memo_create(void); /* NULL when out of memory */
void nst_digest_memo_destroy(nst_digest_memo *memo);
nst_status nst_digest_memo_get(nst_digest_memo *memo, const char *path, char digest[65],
                               nst_error *error);

/* Whether it is known without reading the file. */
bool nst_digest_memo_find(nst_digest_memo *memo, const char *path, char digest[65]);

/* Of the model in the program. */
void nst_digest_memo_bundled(nst_digest_memo *memo, char digest[65]);

#endif
