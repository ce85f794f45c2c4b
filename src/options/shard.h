/* A part of a list of jobs, for several processes that cannot share the locks of a folder, or that
 * must know beforehand which jobs are theirs. */
#ifndef NST_OPTIONS_SHARD_H
#define NST_OPTIONS_SHARD_H

#include <stdbool.h>

#include "nst.h"

enum { NST_SHARD_SLURM = 1, NST_SHARD_MPI = 2 };

typedef struct nst_shard {
    int number, count; /* 1..count; {0, 0}: not said */
    unsigned from;     /* environments that are to say it, NST_SHARD_SLURM and NST_SHARD_MPI */
    char source[64];   /* what said so, for messages */
} nst_shard;

/* "3/8", "slurm", "mpi" or "slurm+mpi". False when it is not of that form, or outside. */
bool nst_shard_parse(const char *text, nst_shard *out);

/* Number and count by shard->from, if that names any: the process's place in the job array of
 * Slurm, in the job of Open MPI, or in both. NST_ERR_ARGUMENT when the variables are not set or
 * make no sense; error must not be NULL. */
nst_status nst_shard_resolve(nst_shard *shard, nst_error *error);

/* The variable by which an environment offers a part while --shard does not ask for it; or NULL. */
const char *nst_shard_offer(const nst_shard *shard);

/* Whether job `index` (from 0) is in it: every count-th one, so that all parts are mixed alike. */
bool nst_shard_has(const nst_shard *shard, int index);

#endif
