/* Each worker takes the next job, claims it, reads its pictures, waits for a slot to paint in, and
 * writes the result. There is one worker more than slots, so that reading and writing go on while
 * others paint. */
#include "engine/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "engine/run.h"
#include "engine/shared.h"
#include "engine/slots.h"
#include "files/folder.h"
#include "util/budget.h"
#include "util/interrupt.h"

enum { WAIT_MILLISECONDS = 100 }; /* before looking again at what other processes work on */

typedef enum { TO_DO, TAKEN, ENDED } job_state;

typedef struct {
    const nst_batch *batch;
    nst_slots slots;
    nst_budget budget;    /* the memory of all jobs together */
    pthread_mutex_t lock; /* of what is below */
    unsigned char *states;
    int cursor; /* jobs before it were looked at in this round */
    int left;   /* jobs that have not ended */
} workers;

/* ---- one job --------------------------------------------------------------------------------- */

static void fail(nst_result *result, const nst_error *error)
{
    result->state = NST_RESULT_FAILED;
    result->status = error->status;
    memcpy(result->message, error->message, sizeof result->message);
}

static void skip(nst_result *result, const nst_journal_entry *entry)
{
    result->state = NST_RESULT_SKIPPED;
    result->width = entry->width;
    result->height = entry->height;
    result->iterations = entry->iterations;
    result->losses = entry->losses;
    result->seconds = entry->seconds;
}

/* With the job's lock held, or without a journal. */
static void do_job(nst_run_context *context, const nst_job_row *row, nst_key_settings *part,
                   const nst_run_job *job, nst_result *result)
{
    const nst_args *args = job->args;
    nst_journal_entry entry;
    nst_error error = {0};
    nst_target_state target = NST_TARGET_OURS;
    bool known = context->journal && nst_journal_find(context->journal, context->name, &entry);
    if (context->journal) {
        if (nst_key_settings_make(row->settings, row->variant, args, part, &error) != NST_OK ||
            nst_job_key_make(args, part, nst_shared_memo(context->shared), known ? &entry : NULL,
                             &context->key, &error) != NST_OK ||
            nst_folder_make_inside(args->job.folder, args->job.output, &error) != NST_OK) {
            fail(result, &error);
            return;
        }
        target = nst_journals_look(context->journal, context->name, args->job.output,
                                   context->key.key, args->overwrite, known ? &entry : NULL);
    }
    context->replace = target == NST_TARGET_OURS;
    if (target == NST_TARGET_DONE) {
        skip(result, &entry);
    } else if (target == NST_TARGET_FOREIGN) {
        result->state = NST_RESULT_KEPT;
        nst_result_kept_text(args->job.output, result->message);
    } else {
        nst_run(context, job, result);
    }
}

/* Threads of a job; the last ones share them among fewer. */
static void share_machine(workers *w, nst_options *options)
{
    const nst_batch *b = w->batch;
    if (b->jobs->count < 2)
        return;
    pthread_mutex_lock(&w->lock);
    int at_once = w->left < b->slots ? w->left : b->slots;
    pthread_mutex_unlock(&w->lock);
    options->threads = nst_slots_threads(b->args, at_once);
}

static void end_job(const nst_batch *batch, const nst_run_job *job, const nst_result *result)
{
    batch->states->list[job->index] = (unsigned char)result->state;
    nst_tell_ended(batch->observers, job, result);
}

/* False when another process works on it. */
static bool attempt(workers *w, int index, nst_key_settings *part)
{
    const nst_batch *b = w->batch;
    nst_args args;
    nst_result result = {0};
    nst_error error = {0};
    if (nst_jobs_get(b->jobs, index, &args, &error) != NST_OK) {
        args = *b->args; /* nameless, but told */
        const nst_run_job job = {index, &args};
        fail(&result, &error);
        end_job(b, &job, &result);
        return true;
    }
    const nst_run_job job = {index, &args};
    nst_run_context context = {
        .shared = b->shared, .slots = &w->slots, .budget = &w->budget, .observers = b->observers};
    context.journal = nst_journals_find(b->journals, &args.job, &context.name);
    bool claimed = !context.journal || nst_journal_claim(context.journal, context.name);
    if (claimed) {
        share_machine(w, &args.job.options);
        do_job(&context, &b->jobs->rows[index], part, &job, &result);
        if (context.journal)
            nst_journal_release(context.journal, context.name);
        if (b->jobs->many && result.state == NST_RESULT_INTERRUPTED && !result.written)
            result.state = NST_RESULT_WAITING; /* it had not begun */
        end_job(b, &job, &result);
    }
    nst_job_destroy(&args.job);
    return claimed;
}

/* ---- workers -------------------------------------------------------------------------------- */

/* The index of a job, or one of these. */
enum { NONE_LEFT = -1, LOOK_AGAIN = -2 };

static int next_job(workers *w)
{
    int found = NONE_LEFT;
    pthread_mutex_lock(&w->lock);
    for (int i = w->cursor; i < w->batch->jobs->count && found < 0; i++)
        if (w->states[i] == TO_DO)
            found = i;
    if (found >= 0) {
        w->states[found] = TAKEN;
        w->cursor = found + 1;
    } else {
        w->cursor = 0;
        for (int i = 0; i < w->batch->jobs->count; i++)
            if (w->states[i] == TO_DO)
                found = LOOK_AGAIN;
    }
    pthread_mutex_unlock(&w->lock);
    return found;
}

static void set_state(workers *w, int index, job_state state)
{
    pthread_mutex_lock(&w->lock);
    w->states[index] = (unsigned char)state;
    w->left -= state == ENDED;
    pthread_mutex_unlock(&w->lock);
}

static void *run_worker(void *user)
{
    const struct timespec pause = {0, WAIT_MILLISECONDS * 1000000L};
    workers *w = user;
    nst_key_settings part = {0};
    int index;
    while (!nst_interrupt_requested() && (index = next_job(w)) != NONE_LEFT) {
        if (index == LOOK_AGAIN)
            nanosleep(&pause, NULL);
        else
            set_state(w, index, attempt(w, index, &part) ? ENDED : TO_DO);
    }
    return NULL;
}

/* This thread is one of the `count` workers. It does all jobs alone if no thread can be started. */
static void run_workers(workers *w, int count)
{
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    int started = 0;
    for (; threads && started < count - 1; started++)
        if (pthread_create(&threads[started], NULL, run_worker, w) != 0)
            break;
    run_worker(w);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

/* The network and OpenBLAS's buffer come before the budget is opened, so that it counts them. When
 * the network cannot be opened, the jobs say so. */
static void open_model(const nst_batch *batch)
{
    const nst_model *model;
    if (batch->args->entry_count == 0)
        nst_shared_model(batch->shared, batch->args->job.weights_path, &model, NULL);
}

nst_status nst_workers_run(const nst_batch *batch, nst_error *error)
{
    const int count = batch->jobs->count;
    workers w = {.batch = batch, .left = count, .states = calloc((size_t)count + 1, 1)};
    if (!w.states)
        return nst_fail_memory_for(error, "the list of pictures");
    open_model(batch);
    nst_budget_open(&w.budget, batch->args->job.options.max_memory);
    nst_slots_open(&w.slots, batch->slots);
    pthread_mutex_init(&w.lock, NULL);
    run_workers(&w, count > batch->slots ? batch->slots + 1 : batch->slots);
    pthread_mutex_destroy(&w.lock);
    nst_slots_close(&w.slots);
    nst_budget_close(&w.budget);
    free(w.states);
    return NST_OK;
}
