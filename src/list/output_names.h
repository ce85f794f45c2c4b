/* What results and the files beside them are called. */
#ifndef NST_LIST_OUTPUT_NAMES_H
#define NST_LIST_OUTPUT_NAMES_H

#include <stddef.h>

#include "list/job_row.h"
#include "nst.h"

/* The result of a job of args; to be freed. NULL when out of memory. */
char *nst_output_name(const nst_args *args, const nst_job_row *row);

/* A name beside the photo of the row that no file has yet, "cat_waves.png" or "cat_waves-2.png";
 * to be freed. */
nst_status nst_output_beside(const nst_job_row *row, char **out, nst_error *error);

/* An intermediate image: "out.png", 50 -> "out.0050.png". */
nst_status nst_snapshot_name(const char *output, int iteration, char *name, size_t size,
                             nst_error *error);

#endif
