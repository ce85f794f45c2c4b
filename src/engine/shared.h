/* What jobs share: models, styles, and slots to compute at. Any number of threads. */
#ifndef NST_ENGINE_SHARED_H
#define NST_ENGINE_SHARED_H

#include "options/settings.h"
#include "results/key.h"

/* Styles of a job and their masks, read and measured once for all jobs that use the same ones in a
 * row. */
typedef struct nst_style_set {
    char *paths[NST_STYLES_MAX]; /* NULL behind the last */
    nst_image images[NST_STYLES_MAX];
    nst_file_info infos[NST_STYLES_MAX];
    int count;
    char *mask_paths[NST_STYLES_MAX]; /* NULL, and the image empty, for a style without */
    nst_image masks[NST_STYLES_MAX];
    nst_file_info mask_infos[NST_STYLES_MAX];
    nst_style_cache *cache;
    int users;
    struct nst_style_set *next;
} nst_style_set;

typedef struct nst_shared nst_shared;

nst_status nst_shared_create(nst_shared **out, nst_error *error);
void nst_shared_destroy(nst_shared *shared); /* NULL is fine */

/* The model of a weights file, NULL for the bundled one, opened at the first call; stays the
 * workshop's. */
nst_status nst_shared_model(nst_shared *shared, const char *path, const nst_model **out,
                            nst_error *error);

/* The job's styles, to be given back when they are not needed any more. Standard input is read
 * like a file, once. */
nst_status nst_shared_borrow(nst_shared *shared, const nst_job *job, const nst_style_set **out,
                             nst_error *error);
void nst_shared_return(nst_shared *shared, const nst_style_set *set); /* NULL is fine */

/* How many jobs may compute at the same time; none until this is said. */
void nst_shared_open(nst_shared *shared, int slots);

/* Wait for a place to compute at, and leave it. */
void nst_shared_enter(nst_shared *shared);
void nst_shared_leave(nst_shared *shared);

nst_digest_memo *nst_shared_memo(nst_shared *shared);

#endif
