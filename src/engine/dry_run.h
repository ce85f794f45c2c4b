/* --dry-run: what would be done. */
#ifndef NST_ENGINE_DRY_RUN_H
#define NST_ENGINE_DRY_RUN_H

#include "engine/shared.h"
#include "list/expand.h"
#include "results/journals.h"

/* Print a line for each job on standard output: what it reads and writes, its sizes, memory and
 * time, or that it is done already. Print the totals last. Problems go to standard error. slots:
 * how many would run at a time. Returns an exit status. */
int nst_dry_run(const nst_job_list *jobs, const nst_journals *journals, nst_shared *shared,
                int slots);

#endif
