/* How many jobs compute at the same time. */
#ifndef NST_ENGINE_PLACES_H
#define NST_ENGINE_PLACES_H

#include "engine/workshop.h"
#include "list/jobs.h"

/* --parallel, or one per core as long as the largest of the jobs fits as many times into half of
 * the free memory: a core that works alone wastes no time waiting for others. At least 1, at most
 * as many as there are jobs. */
int nst_places_choose(const nst_args *args, const nst_job_list *jobs, nst_workshop *shop);

/* Threads for one of `places` jobs, by args. */
int nst_places_threads(const nst_args *args, int places);

#endif
