/* A list of jobs: each is run, each leaves an outcome. */
#ifndef NST_COMMANDS_BATCH_H
#define NST_COMMANDS_BATCH_H

#include "options/args.h"

/* Make the list of jobs and do it. A job that fails does not stop the others. Returns an exit
 * status of door/command.h; everything that went wrong has been said. */
int nst_batch(const nst_args *args);

#endif
