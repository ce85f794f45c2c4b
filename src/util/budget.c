#include "util/budget.h"

#include "base/memory.h"

/* What the process has beside pictures and plans: its code and the network are counted when the
 * budget is opened, stacks and buffers come later. */
enum { LATER_MIB = 12 };

void nst_budget_open(nst_budget *budget, uint64_t max_memory)
{
    uint64_t own = nst_memory_resident() + ((uint64_t)LATER_MIB << 20);
    uint64_t total = nst_memory_share(nst_memory_available());
    if (max_memory > 0)
        total = max_memory > own ? max_memory - own : 1;
    *budget = (nst_budget){.total = total > 0 ? total : 1, .own = own};
    pthread_mutex_init(&budget->lock, NULL);
    pthread_cond_init(&budget->returned, NULL);
}

void nst_budget_close(nst_budget *budget)
{
    pthread_cond_destroy(&budget->returned);
    pthread_mutex_destroy(&budget->lock);
}

uint64_t nst_budget_take(nst_budget *budget, uint64_t bytes)
{
    pthread_mutex_lock(&budget->lock);
    while (budget->taken > 0 && (bytes > budget->total || budget->taken > budget->total - bytes))
        pthread_cond_wait(&budget->returned, &budget->lock);
    budget->taken += bytes;
    uint64_t left = budget->total > budget->taken ? budget->total - budget->taken : 0;
    pthread_mutex_unlock(&budget->lock);
    return left;
}

void nst_budget_return(nst_budget *budget, uint64_t bytes)
{
    pthread_mutex_lock(&budget->lock);
    budget->taken -= bytes;
    pthread_cond_broadcast(&budget->returned);
    pthread_mutex_unlock(&budget->lock);
}
