/* Records: a job file that also says what came of it. */
#ifndef NST_CLI_RECORD_H
#define NST_CLI_RECORD_H

#include <stdbool.h>

#include "cli/args.h"

typedef struct nst_outcome {
    nst_digests digests; /* of what was read; empty for the bundled model */
    int width, height;   /* of the result */
    int evaluations;
    nst_losses losses; /* of the last evaluation */
    double seconds;
    bool interrupted;
} nst_outcome;

/* Write args->record. */
nst_status nst_record_write(const nst_args *args, const nst_outcome *outcome, nst_error *error);

#endif
