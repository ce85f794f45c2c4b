/* --report: what was done, as a page to look at or as data. */
#ifndef NST_REPORT_REPORT_H
#define NST_REPORT_REPORT_H

#include "list/expand.h"
#include "report/view.h"

/* A copy of the path, NULL for NULL; each part of a list has a report of its own, out.2-of-4.html,
 * for they may be done at the same time. */
nst_status nst_report_name(const char *path, const nst_shard *shard, char **out, nst_error *error);

/* How large the pictures of a job are to be in pixels, 0 for none. The more jobs, the smaller, so
 * that the page stays readable on a phone. */
int nst_report_side(const char *path, int jobs);

/* Before the work: the report (NULL is fine) can be written, over nothing that the jobs read or
 * write. */
nst_status nst_report_check(const char *path, const nst_job_list *jobs, nst_error *error);

/* Write it, whole or not at all. */
nst_status nst_report_write(const nst_report *report, nst_error *error);

#endif
