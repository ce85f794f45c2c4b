/* What jobs share: models, styles, and places to compute at. Any number of threads. */
#ifndef NST_ENGINE_WORKSHOP_H
#define NST_ENGINE_WORKSHOP_H

#include "options/args.h"
#include "results/identity.h"

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

typedef struct nst_workshop nst_workshop;

nst_status nst_workshop_create(nst_workshop **out, nst_error *error);
void nst_workshop_destroy(nst_workshop *shop); /* NULL is fine */

/* The model of a weights file, NULL for the bundled one, opened at the first call; stays the
 * workshop's. */
nst_status nst_workshop_model(nst_workshop *shop, const char *path, const nst_model **out,
                              nst_error *error);

/* The job's styles, to be given back when they are not needed any more. Standard input is read
 * like a file, once. */
nst_status nst_workshop_borrow(nst_workshop *shop, const nst_job *job, const nst_style_set **out,
                               nst_error *error);
void nst_workshop_return(nst_workshop *shop, const nst_style_set *set); /* NULL is fine */

/* How many jobs may compute at the same time; none until this is said. */
void nst_workshop_open(nst_workshop *shop, int places);

/* Wait for a place to compute at, and leave it. */
void nst_workshop_enter(nst_workshop *shop);
void nst_workshop_leave(nst_workshop *shop);

nst_digest_memo *nst_workshop_memo(nst_workshop *shop);

#endif
