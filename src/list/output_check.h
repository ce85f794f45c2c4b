/* Outputs that would destroy something. */
#ifndef NST_LIST_OUTPUT_CHECK_H
#define NST_LIST_OUTPUT_CHECK_H

#include "list/expand.h"

/* Fail when two jobs would write the same file, by whatever names, or when one would write over a
 * file that any of them reads. */
nst_status nst_check_outputs(const nst_job_list *jobs, nst_error *error);

/* Fail when the result of one job, or its record, cannot be written or would overwrite a file that
 * the job reads. */
nst_status nst_check_output(const nst_args *args, nst_error *error);

#endif
