/* The list of jobs that the args ask for. One picture is a list of one; several photos or values, a
 * folder of photos, a folder of styles and a list in a job file make longer ones. */
#ifndef NST_LIST_EXPAND_H
#define NST_LIST_EXPAND_H

#include "files/names.h"
#include "list/job_row.h"
#include "list/kinds.h"
#include "options/settings.h"
#include "options/shard.h"

typedef struct nst_job_list {
    const nst_args *args;
    nst_job_row *rows; /* owned. A list may be long: the jobs are made when they are wanted */
    int count, room;
    nst_names *names; /* that rows point to; owned */
    int names_count;
    bool many;          /* asked for as a list, however long it turned out */
    nst_names problems; /* a line for each folder that could not be read */
    nst_kinds others;   /* files passed over */
    int folders;        /* folders inside that were not looked into */
} nst_job_list;

/* Make the list: folders are listed and outputs named. Nothing is written. list/output_check.h then
 * says whether the outputs would destroy something. NST_ERR_ARGUMENT means that the command line
 * asks for what cannot be. *out is to be destroyed in any case, before args. */
nst_status nst_jobs_make(const nst_args *args, nst_job_list *out, nst_error *error);

/* The args with one job of the list, to be given to nst_job_destroy(&out->job); what else is in
 * them is borrowed. NST_ERR_MEMORY, and nothing to destroy, when it cannot be made. */
nst_status nst_jobs_get(const nst_job_list *jobs, int index, nst_args *out, nst_error *error);

/* The path of a job's result alone, the caller's to free; NULL when out of memory. */
char *nst_jobs_output(const nst_job_list *jobs, int index);

/* Whether the result of a job goes into a folder that keeps a journal. */
bool nst_jobs_has_journal(const nst_job_list *jobs, int index);

/* Drop all jobs but those of a shard. */
void nst_jobs_keep(nst_job_list *jobs, const nst_shard *shard);

void nst_jobs_destroy(nst_job_list *jobs);

#endif
