/* What a report shows. */
#ifndef NST_REPORT_VIEW_H
#define NST_REPORT_VIEW_H

#include "list/expand.h"
#include "report/collect.h"

typedef struct nst_report {
    const char *path;
    const nst_job_list *jobs;
    const nst_result_list *results;   /* of the jobs, in the same order */
    const nst_collection *collection; /* likewise */
    double seconds;                   /* that all of them took */
} nst_report;

/* All there is to show of one job. */
typedef struct nst_report_row {
    const nst_args *args;
    const nst_result *result;
    const nst_curve *curve;
    const nst_gallery *gallery;
} nst_report_row;
nst_report_row nst_report_row_of(const nst_report *report, int index);

#endif
