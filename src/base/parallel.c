#include "base/parallel.h"

#include <omp.h>
#include <sched.h>

void nst_parallel_for(int count, int threads, nst_parallel_body body, void *context)
{
    if (threads > count)
        threads = count;
    if (threads <= 1) {
        for (int i = 0; i < count; i++)
            body(context, i, 0);
        return;
    }
    /* Dynamic: a thread that another process holds up must not hold up the rest. */
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int i = 0; i < count; i++)
        body(context, i, omp_get_thread_num());
}

int nst_parallel_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
    return omp_get_num_procs();
}
