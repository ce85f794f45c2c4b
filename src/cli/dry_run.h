/* --dry-run: what would be done. */
#ifndef NST_CLI_DRY_RUN_H
#define NST_CLI_DRY_RUN_H

#include "cli/jobs.h"
#include "cli/ledger.h"
#include "cli/workshop.h"

/* Print a line for each job on standard output: what is read and written, sizes, memory and time,
 * or that it is done already; and their sum. Problems go to standard error. places: how many would
 * run at a time. Returns an exit status. */
int nst_dry_run(const nst_job_list *jobs, const nst_ledger *ledger, nst_workshop *shop, int places);

#endif
