/* How many jobs paint at the same time. */
#ifndef NST_ENGINE_SLOTS_H
#define NST_ENGINE_SLOTS_H

#include <pthread.h>

#include "engine/shared.h"
#include "list/expand.h"

/* --parallel, or one per core as long as the largest of the jobs fits as many times into half of
 * the free memory: a core that works alone wastes no time waiting for others. At least 1, at most
 * as many as there are jobs. */
int nst_slots_choose(const nst_args *args, const nst_job_list *jobs, nst_shared *shared);

/* Threads for one of `count` jobs at the same time, by args. */
int nst_slots_threads(const nst_args *args, int count);

/* The slots: a job enters one to paint. */
typedef struct nst_slots {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int count, free;
} nst_slots;

void nst_slots_open(nst_slots *slots, int count);
void nst_slots_close(nst_slots *slots);
void nst_slots_enter(nst_slots *slots); /* waits for a free one */
void nst_slots_leave(nst_slots *slots);

#endif
