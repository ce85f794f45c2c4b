/* What the jobs of a list share: models, styles and checksums. Any number of threads. */
#ifndef NST_ENGINE_SHARED_H
#define NST_ENGINE_SHARED_H

#include "engine/style_set.h"
#include "files/cache.h"
#include "results/digest_memo.h"

typedef struct nst_shared nst_shared;

nst_status nst_shared_create(nst_shared **out, nst_error *error);
void nst_shared_destroy(nst_shared *shared); /* NULL is fine */

/* The model of a weights file, NULL for the bundled one; opened at the first call and owned by
 * shared. */
nst_status nst_shared_model(nst_shared *shared, const char *path, const nst_model **out,
                            nst_error *error);

/* The session of that model, owned by shared too. */
nst_status nst_shared_session(nst_shared *shared, const char *path, nst_session **out,
                              nst_error *error);

/* Give back the memory that sessions keep for later jobs, if it is more than so many bytes. */
void nst_shared_trim(nst_shared *shared, uint64_t bytes);

/* Keep what is measured of styles in ~/.cache for later processes, in so many bytes. */
nst_status nst_shared_keep_styles(nst_shared *shared, uint64_t max_bytes, nst_error *error);
const nst_style_store *nst_shared_store(const nst_shared *shared); /* NULL without */
nst_cache *nst_shared_cache(nst_shared *shared);                   /* likewise */

nst_style_sets *nst_shared_styles(nst_shared *shared);
nst_digest_memo *nst_shared_memo(nst_shared *shared);

#endif
