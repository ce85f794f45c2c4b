/* --dry-run: what would be done. */
#ifndef NST_ENGINE_DRY_RUN_H
#define NST_ENGINE_DRY_RUN_H

#include "engine/workshop.h"
#include "list/jobs.h"
#include "results/ledger.h"

/* Print a line for each job on standard output: what is read and written, sizes, memory and time,
 * or that it is done already; and their sum. Problems go to standard error. places: how many would
 * run at a time. Returns an exit status. */
int nst_dry_run(const nst_job_list *jobs, const nst_ledger *ledger, nst_workshop *shop, int places);

#endif
