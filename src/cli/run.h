/* Doing what the args say: every picture takes this path, whoever asked for it. */
#ifndef NST_CLI_RUN_H
#define NST_CLI_RUN_H

#include "cli/args.h"

/* NST_OK, or NST_STOPPED after an interruption: then what there was is written. Everything that
 * can be known beforehand is checked before the first evaluation. Says on standard error what
 * args->verbosity lets it; errors are the caller's to print. */
nst_status nst_run(const nst_args *args, nst_error *error);

#endif
