/* Records: a job file that also says what came of it. */
#ifndef NST_CLI_RECORD_H
#define NST_CLI_RECORD_H

#include "cli/outcome.h"

/* Write args->record. */
nst_status nst_record_write(const nst_args *args, const nst_outcome *outcome, nst_error *error);

#endif
