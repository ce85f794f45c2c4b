/* A part of a list of jobs, for one of several processes that cannot share a folder's locks or are
 * to know beforehand what they do. */
#ifndef NST_OPTIONS_SHARD_H
#define NST_OPTIONS_SHARD_H

#include <stdbool.h>

#include "nst.h"

typedef struct nst_shard {
    int number, count; /* 1..count; {0, 0}: not said */
    char source[64];   /* what said so, for messages */
} nst_shard;

/* "3/8". False when it is not of that form, or outside. */
bool nst_shard_parse(const char *text, nst_shard *out);

/* What Slurm's array variables and Open MPI's rank and size say: the process's place in the array,
 * in the MPI job, or in both. {0, 0} without them. NST_ERR_ARGUMENT when they make no sense; error
 * must not be NULL. */
nst_status nst_shard_from_environment(nst_shard *out, nst_error *error);

/* Whether job `index` (from 0) is in it: every count-th one, so that all parts are mixed alike. */
bool nst_shard_has(const nst_shard *shard, int index);

#endif
