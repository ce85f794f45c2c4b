/* A list of jobs: each is run, each leaves an result. */
#ifndef NST_COMMANDS_STYLIZE_H
#define NST_COMMANDS_STYLIZE_H

#include "options/settings.h"

/* Make the list of jobs and do it. A job that fails does not stop the others. Returns an exit
 * status of door/command.h; everything that went wrong has been said. */
int nst_batch(const nst_args *args);

#endif
