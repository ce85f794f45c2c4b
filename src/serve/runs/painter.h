/* Painting one run, by the engine of the command line, so that the run's record repeats it. */
#ifndef NST_SERVE_RUNS_PAINTER_H
#define NST_SERVE_RUNS_PAINTER_H

#include <cjson/cJSON.h>

#include "nst.h"
#include "serve/setup.h"
#include "serve/store.h"

typedef struct nst_painter nst_painter;   /* what runs share: models, styles */
typedef struct nst_painting nst_painting; /* one run's settings */

nst_status nst_painter_create(const nst_serve_options *options, nst_painter **out,
                              nst_error *error);
void nst_painter_destroy(nst_painter *painter); /* NULL is fine */

/* Read a request and check its settings. Pictures come from the store, named styles from the
 * installed ones. NST_ERR_ARGUMENT names what is wrong. */
nst_status nst_painting_create(nst_painter *painter, nst_store *store, const cJSON *request,
                               const char *output, const char *record, nst_painting **out,
                               nst_error *error);
void nst_painting_destroy(nst_painting *painting); /* NULL is fine */

/* Stop it and keep the picture so far. Any thread may call this, before and while it is painted. */
void nst_painting_stop(nst_painting *painting);

/* Called after each iteration, by the thread that paints. */
typedef void (*nst_painting_hook)(void *user, const nst_progress *progress);

typedef struct nst_painted {
    int width, height;
    int written; /* there is a result */
    double seconds;
    nst_losses losses;
} nst_painted;

/* Paint: NST_OK, NST_STOPPED, or an error. */
nst_status nst_painting_run(nst_painter *painter, nst_painting *painting, nst_painting_hook hook,
                            void *user, nst_painted *out, nst_error *error);

#endif
