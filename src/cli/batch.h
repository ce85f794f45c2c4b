/* A list of jobs: each is run, each leaves an outcome. */
#ifndef NST_CLI_BATCH_H
#define NST_CLI_BATCH_H

#include "cli/args.h"

/* Make the list of jobs and do it. A job that fails does not stop the others. Returns an exit
 * status of cli/command.h; everything that went wrong has been said. */
int nst_batch(const nst_args *args);

#endif
