/* Records: a job file that also says what came of it. */
#ifndef NST_RESULTS_RECORD_H
#define NST_RESULTS_RECORD_H

#include "results/result.h"

struct cJSON;

/* Write args->record. */
nst_status nst_record_write(const nst_args *args, const nst_result *result, nst_error *error);

/* Add what a record holds of inputs and settings: names of files, "options" and, as far
 * as it is known, "sha256". False when out of memory. */
bool nst_record_add_job(struct cJSON *object, const nst_args *args, const nst_result *result);

/* Width, height, iterations and losses. */
bool nst_record_add_result(struct cJSON *object, const nst_result *result);

#endif
