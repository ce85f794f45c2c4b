/* A job of a list. */
#ifndef NST_LIST_JOB_ROW_H
#define NST_LIST_JOB_ROW_H

#include "options/check.h"
#include "options/settings.h"

/* What sets it apart from the others that come of the same settings. */
typedef struct nst_job_row {
    const nst_job *settings; /* of the args or one of their entries */
    const char *folder;      /* of photos, that content lies in; NULL: content is a path */
    const char *content;
    const char *style;  /* within the folder that the settings name; NULL: as they say */
    const char *output; /* of a job beside its photo */
    int variant;        /* the combination of values */
    nst_output_kind kind;
    bool first; /* no job before it reads the same content, or none the same style */
} nst_job_row;

#endif
