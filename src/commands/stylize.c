/* A list of jobs, done by workers. Each worker takes the next job, claims it, reads its pictures,
 * waits for a place to compute at, and writes the result. There is one worker more than slots, so
 * that reading and writing go on while others compute. */
#include "commands/stylize.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/dry_run.h"
#include "engine/run.h"
#include "engine/shared.h"
#include "engine/slots.h"
#include "files/folder.h"
#include "list/expand.h"
#include "observers/log.h"
#include "observers/log_json.h"
#include "options/shard.h"
#include "report/report.h"
#include "results/journals.h"
#include "results/result.h"
#include "util/clock.h"
#include "util/exit_status.h"
#include "util/interrupt.h"
#include "util/say.h"

enum {
    WAIT_MILLISECONDS = 100, /* before looking again at what other processes work on */
    SHARE_OF_FREE = 80       /* percent of the free memory, as for a single run */
};

typedef enum { TO_DO, TAKEN, ENDED } job_state;

typedef struct {
    const nst_args *args;
    nst_job_list jobs;
    nst_result_list results;
    nst_shared *shared;
    nst_log log;
    nst_journals journals;
    int slots;
    nst_shard shard; /* the part of the list that this process does; {0, 0}: all */
    char *report;    /* path of the report or NULL; owned */

    pthread_mutex_t lock; /* of what is below */
    unsigned char *states;
    int cursor; /* jobs before it were looked at in this round */
    int left;   /* jobs that have not ended */
} batch;

/* ---- one job --------------------------------------------------------------------------------- */

static void fail(nst_result *result, const nst_error *error)
{
    result->state = NST_RESULT_FAILED;
    result->status = error->status;
    memcpy(result->message, error->message, sizeof result->message);
}

static void skip(const batch *b, nst_result *result, const nst_journal_entry *entry)
{
    result->state = NST_RESULT_SKIPPED;
    result->width = entry->width;
    result->height = entry->height;
    result->evaluations = entry->evaluations;
    result->losses = entry->losses;
    result->seconds = entry->seconds;
    if (b->report)
        nst_gallery_read(&result->gallery, &result->args->job, entry->evaluations, b->shared);
}

/* With the job's lock held, or without a journal. */
static void do_job(batch *b, nst_run_place *place, nst_result *result)
{
    const nst_args *args = result->args;
    nst_journal_entry entry;
    nst_error error = {0};
    place->key[0] = '\0';
    if (place->journal &&
        (nst_job_key(args, nst_shared_memo(b->shared), place->key, &error) != NST_OK ||
         nst_folder_make_inside(args->job.folder, args->job.output, &error) != NST_OK)) {
        fail(result, &error);
        return;
    }
    if (place->journal &&
        nst_journals_is_done(place->journal, place->name, place->key, args, &entry))
        skip(b, result, &entry);
    else
        nst_run(place, result);
}

/* Threads and memory of a job; the last ones share them among fewer. */
static void share_machine(batch *b, nst_args *args)
{
    if (b->jobs.count < 2)
        return;
    pthread_mutex_lock(&b->lock);
    int at_once = b->left < b->slots ? b->left : b->slots;
    pthread_mutex_unlock(&b->lock);
    nst_options *options = &args->job.options;
    options->threads = nst_slots_threads(b->args, at_once);
    if (at_once > 1) {
        uint64_t all = options->max_memory > 0 ? options->max_memory
                                               : nst_memory_available() / 100 * SHARE_OF_FREE;
        options->max_memory = all / (uint64_t)at_once;
    }
}

/* False when another process is at it. */
static bool attempt(batch *b, int index)
{
    nst_result *result = &b->results.list[index];
    nst_run_place place = {.shared = b->shared, .log = &b->log};
    place.journal = nst_journals_find(&b->journals, &result->args->job, &place.name);
    if (place.journal && !nst_journal_claim(place.journal, place.name))
        return false;
    share_machine(b, &b->jobs.list[index]);
    do_job(b, &place, result);
    if (place.journal)
        nst_journal_release(place.journal, place.name);
    if (b->jobs.many && result->state == NST_RESULT_INTERRUPTED && !result->written)
        result->state = NST_RESULT_WAITING; /* it had not begun */
    nst_log_ended(&b->log, result);
    return true;
}

/* ---- workers --------------------------------------------------------------------------------- */

enum { NONE_LEFT = -1, LOOK_AGAIN = -2 };

static int take(batch *b)
{
    int found = NONE_LEFT;
    pthread_mutex_lock(&b->lock);
    for (int i = b->cursor; i < b->jobs.count && found < 0; i++)
        if (b->states[i] == TO_DO)
            found = i;
    if (found >= 0) {
        b->states[found] = TAKEN;
        b->cursor = found + 1;
    } else {
        b->cursor = 0;
        for (int i = 0; i < b->jobs.count; i++)
            if (b->states[i] == TO_DO)
                found = LOOK_AGAIN;
    }
    pthread_mutex_unlock(&b->lock);
    return found;
}

static void set_state(batch *b, int index, job_state state)
{
    pthread_mutex_lock(&b->lock);
    b->states[index] = (unsigned char)state;
    b->left -= state == ENDED;
    pthread_mutex_unlock(&b->lock);
}

static void *work(void *user)
{
    const struct timespec pause = {0, WAIT_MILLISECONDS * 1000000L};
    batch *b = user;
    int index;
    while (!nst_interrupt_requested() && (index = take(b)) != NONE_LEFT) {
        if (index == LOOK_AGAIN)
            nanosleep(&pause, NULL);
        else
            set_state(b, index, attempt(b, index) ? ENDED : TO_DO);
    }
    return NULL;
}

static void run_workers(batch *b, int count)
{
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    int started = 0;
    for (; threads && started < count - 1; started++)
        if (pthread_create(&threads[started], NULL, work, b) != 0)
            break;
    work(b); /* this thread is one of them, and enough if there are no others */
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static nst_status prepare(batch *b, nst_error *error)
{
    size_t count = (size_t)b->jobs.count + 1; /* a shard may be empty */
    b->results.list = calloc(count, sizeof *b->results.list);
    b->states = calloc(count, sizeof *b->states);
    if (!b->results.list || !b->states)
        return nst_fail(error, NST_ERR_MEMORY, "out of memory for the list of pictures");
    b->results.count = b->left = b->jobs.count;
    for (int i = 0; i < b->jobs.count; i++) {
        b->results.list[i].args = &b->jobs.list[i];
        b->results.list[i].curve.wanted = b->report != NULL;
        b->results.list[i].gallery.side = nst_report_side(b->report, b->jobs.count);
        /* Facts of single pictures would drown among many, and are no events. */
        if ((b->jobs.many || b->args->log == NST_LOG_JSON) && b->jobs.list[i].verbosity > 0)
            b->jobs.list[i].verbosity = 0;
        if (b->args->log == NST_LOG_JSON)
            b->jobs.list[i].verbosity = -1;
    }
    return nst_shared_create(&b->shared, error);
}

/* A bad weights file is one error, not one per picture. */
static nst_status check_model(const batch *b, nst_error *error)
{
    const nst_model *model;
    return b->jobs.many && b->args->entry_count == 0
               ? nst_shared_model(b->shared, b->args->job.weights_path, &model, error)
               : NST_OK;
}

static int exit_status(const batch *b)
{
    bool failed = b->log.failed + b->log.problems > 0;
    for (int i = 0; i < b->results.count; i++)
        if (b->results.list[i].state == NST_RESULT_INTERRUPTED)
            return NST_EXIT_INTERRUPTED;
    if (nst_interrupt_requested())
        for (int i = 0; i < b->results.count; i++)
            if (b->results.list[i].state == NST_RESULT_WAITING)
                return NST_EXIT_INTERRUPTED;
    return failed ? NST_EXIT_FAILED : NST_EXIT_DONE;
}

static void write_report(batch *b)
{
    const nst_report report = {b->report, &b->jobs, &b->results, nst_seconds_since(&b->log.start)};
    nst_error error = {0};
    nst_interrupt_hold();
    nst_status status = nst_report_write(&report, &error);
    nst_interrupt_release();
    if (status != NST_OK)
        nst_log_problem(&b->log, error.message);
}

static void run(batch *b)
{
    nst_log_open(&b->log, b->args, &b->results, b->jobs.many);
    for (int i = 0; i < b->jobs.problems.count; i++)
        nst_log_problem(&b->log, b->jobs.problems.list[i]);
    nst_shared_open(b->shared, b->slots);
    run_workers(b, b->jobs.count > b->slots ? b->slots + 1 : b->slots);
    if (b->report)
        write_report(b);
    nst_log_close(&b->log, nst_interrupt_requested());
}

static void destroy(batch *b)
{
    for (int i = 0; i < b->results.count; i++)
        nst_result_destroy(&b->results.list[i]);
    free(b->results.list);
    free(b->states);
    free(b->report);
    nst_journals_close(&b->journals);
    nst_shared_destroy(b->shared);
    nst_jobs_destroy(&b->jobs);
    pthread_mutex_destroy(&b->lock);
}

/* Keep the jobs of this process's part of the list. */
static nst_status take_shard(batch *b, nst_error *error)
{
    nst_shard shard = b->args->shard;
    int all = b->jobs.count;
    nst_status status = NST_OK;
    /* A single picture is not divided because of a variable that is about something else. */
    if (shard.count == 0 && b->jobs.many)
        status = nst_shard_from_environment(&shard, error);
    if (status != NST_OK || shard.count == 0)
        return status;
    b->shard = shard;
    nst_jobs_keep(&b->jobs, &shard);
    if (b->args->shard.count == 0 && b->args->verbosity >= 0 && b->args->log == NST_LOG_TEXT)
        nst_say("part %d of %d by %s: %d of %d pictures; --shard 1/1 does all", shard.number,
                shard.count, shard.source, b->jobs.count, all);
    return NST_OK;
}

static int begin(batch *b, nst_error *error)
{
    if (nst_jobs_make(b->args, &b->jobs, error) != NST_OK || take_shard(b, error) != NST_OK ||
        nst_report_name(b->args->report, &b->shard, &b->report, error) != NST_OK ||
        prepare(b, error) != NST_OK || check_model(b, error) != NST_OK ||
        nst_journals_open(&b->jobs, b->args->dry_run, &b->journals, error) != NST_OK ||
        nst_report_check(b->report, &b->jobs, error) != NST_OK)
        return error->status == NST_ERR_ARGUMENT ? NST_EXIT_USAGE : NST_EXIT_FAILED;
    b->slots = nst_slots_choose(b->args, &b->jobs, b->shared);
    if (b->args->dry_run)
        return nst_dry_run(&b->jobs, &b->journals, b->shared, b->slots);
    run(b);
    return exit_status(b);
}

int nst_batch(const nst_args *args)
{
    batch b = {.args = args};
    nst_error error = {0};
    pthread_mutex_init(&b.lock, NULL);
    int result = begin(&b, &error);
    if (error.message[0] && args->log == NST_LOG_JSON)
        nst_log_json_error(error.message);
    else if (error.message[0])
        nst_say("nst: %s", error.message);
    destroy(&b);
    return result;
}
