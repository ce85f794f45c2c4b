/* What the args come to: a list of jobs. One picture is a list of one; a folder, a folder of
 * styles and a list in a job file are longer ones. */
#ifndef NST_LIST_EXPAND_H
#define NST_LIST_EXPAND_H

#include "files/names.h"
#include "list/kinds.h"
#include "options/settings.h"
#include "options/shard.h"

typedef struct nst_job_list {
    nst_args *list; /* each is the args with one job of its own; the rest is borrowed */
    int count;
    bool many;          /* asked for as a list, however long it turned out */
    nst_names problems; /* a line for each folder that could not be read */
    nst_kinds others;   /* files passed over */
    int folders;        /* folders inside that were not looked into */
} nst_job_list;

/* Make the list: folders are listed and outputs named. Nothing is written. list/output_check.h then
 * says whether the outputs would destroy something. NST_ERR_ARGUMENT means that the command line
 * asks for what cannot be. *out is to be destroyed in any case, before args. */
nst_status nst_jobs_make(const nst_args *args, nst_job_list *out, nst_error *error);

/* Drop all jobs but those of a shard. */
void nst_jobs_keep(nst_job_list *jobs, const nst_shard *shard);

void nst_jobs_destroy(nst_job_list *jobs);

#endif
