/* How many jobs paint at the same time. */
#include "engine/slots.h"

#include <math.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "engine/estimate.h"

#define MEMORY_SHARE 0.5

/* ---- how many -------------------------------------------------------------------------------- */

static int threads_of(const nst_args *args)
{
    int threads =
        args->entry_count > 0 ? args->entries[0].options.threads : args->job.options.threads;
    return threads > 0 ? threads : nst_parallel_cores();
}

int nst_slots_threads(const nst_args *args, int count)
{
    int threads = threads_of(args) / count;
    return threads > 0 ? threads : 1;
}

/* Bytes of the largest of some jobs spread over the list; a job that cannot be read needs none. A
 * larger one among the rest waits until it has the memory to itself. */
static double largest(const nst_job_list *jobs, nst_shared *shared)
{
    enum { LOOKED_AT = 200 };
    const nst_model *model;
    nst_job_files files;
    nst_job_needs needs;
    nst_args args;
    double most = 0.0;
    int step = jobs->count / LOOKED_AT + 1;
    for (int i = 0; i < jobs->count; i += step) {
        if (nst_jobs_get(jobs, i, &args, NULL) != NST_OK)
            continue;
        if (nst_estimate_files(&args.job, &files, NULL) == NST_OK && files.content.width > 0 &&
            nst_shared_model(shared, args.job.weights_path, &model, NULL) == NST_OK &&
            nst_estimate_needs(model, &args.job, &files, NULL, UINT64_MAX, UINT64_MAX, &needs,
                               NULL) == NST_OK)
            most = fmax(most, (double)needs.painting);
        nst_job_destroy(&args.job);
    }
    return most;
}

int nst_slots_choose(const nst_args *args, const nst_job_list *jobs, nst_shared *shared)
{
    int count = args->parallel > 0 ? args->parallel : threads_of(args);
    if (count > jobs->count)
        count = jobs->count;
    if (count <= 1)
        return 1;
    uint64_t allowed = jobs->rows[0].settings->options.max_memory;
    double room = allowed > 0 ? (double)allowed : MEMORY_SHARE * (double)nst_memory_available();
    double bytes = args->parallel == 0 ? largest(jobs, shared) : 0.0;
    while (count > 1 && count * bytes > room)
        count--;
    return count;
}

/* ---- entering and leaving -------------------------------------------------------------------- */

void nst_slots_open(nst_slots *slots, int count)
{
    slots->count = slots->free = count;
    pthread_mutex_init(&slots->lock, NULL);
    pthread_cond_init(&slots->left, NULL);
}

void nst_slots_close(nst_slots *slots)
{
    pthread_cond_destroy(&slots->left);
    pthread_mutex_destroy(&slots->lock);
}

void nst_slots_enter(nst_slots *slots)
{
    pthread_mutex_lock(&slots->lock);
    while (slots->free == 0)
        pthread_cond_wait(&slots->left, &slots->lock);
    slots->free--;
    pthread_mutex_unlock(&slots->lock);
}

void nst_slots_leave(nst_slots *slots)
{
    pthread_mutex_lock(&slots->lock);
    slots->free++;
    pthread_cond_signal(&slots->left);
    pthread_mutex_unlock(&slots->lock);
}
