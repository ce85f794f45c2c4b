/* Intermediate images: out.0050.png beside out.png, numbered by evaluation. */
#ifndef NST_OBSERVERS_SNAPSHOT_H
#define NST_OBSERVERS_SNAPSHOT_H

#include "options/settings.h"

typedef struct nst_snapshots {
    const nst_args *args;
    int width, height;  /* of the result; every image is enlarged to it */
    const float *alpha; /* of the result or NULL; not owned */
    nst_error error;    /* the first failure; after it nothing more is written */
} nst_snapshots;

/* Write the point just evaluated when its turn has come; whether it was written. A failure is kept
 * in ->error and does not stop the run: the result is worth more than its intermediate images. */
bool nst_snapshots_update(nst_snapshots *snapshots, const nst_progress *progress);

/* "out.png", 50 -> "out.0050.png". */
nst_status nst_snapshot_name(const char *output, int evaluation, char *name, size_t size,
                             nst_error *error);

#endif
