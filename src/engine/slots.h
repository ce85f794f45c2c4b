/* How many jobs compute at the same time. */
#ifndef NST_ENGINE_SLOTS_H
#define NST_ENGINE_SLOTS_H

#include "engine/shared.h"
#include "list/expand.h"

/* --parallel, or one per core as long as the largest of the jobs fits as many times into half of
 * the free memory: a core that works alone wastes no time waiting for others. At least 1, at most
 * as many as there are jobs. */
int nst_slots_choose(const nst_args *args, const nst_job_list *jobs, nst_shared *shared);

/* Threads for one of `slots` jobs, by args. */
int nst_slots_threads(const nst_args *args, int slots);

#endif
