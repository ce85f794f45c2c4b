/* The memory that jobs share. Each takes what it will need at its peak before it reads a picture,
 * so that jobs at the same time never need more than there is. Any number of threads. */
#ifndef NST_UTIL_BUDGET_H
#define NST_UTIL_BUDGET_H

#include <pthread.h>
#include <stdint.h>

typedef struct nst_budget {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    uint64_t total, taken;
    uint64_t own; /* what the process needs beside; a max_memory includes it */
} nst_budget;

/* max_memory: what the process may use at its peak, of which it has some already; 0: most of what
 * is free. The limit is settled here, once. */
void nst_budget_open(nst_budget *budget, uint64_t max_memory);
void nst_budget_close(nst_budget *budget);

/* Wait until so many bytes are left, or nothing is taken, and take them. Returns what is left then.
 * A job that needs nearly everything waits until the others have ended, and keeps none of them
 * waiting meanwhile. */
uint64_t nst_budget_take(nst_budget *budget, uint64_t bytes);
void nst_budget_return(nst_budget *budget, uint64_t bytes);

#endif
