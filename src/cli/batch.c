/* A list of jobs, done by workers. Each worker takes the next job, claims it, reads its pictures,
 * waits for a place to compute at, and writes the result. There is one worker more than places, so
 * that reading and writing go on while others compute. */
#include "cli/batch.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/file.h"
#include "cli/folder.h"
#include "cli/interrupt.h"
#include "cli/jobs.h"
#include "cli/log.h"
#include "cli/log_json.h"
#include "cli/outcome.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/workshop.h"

enum { WAIT_MILLISECONDS = 100 }; /* before looking again at what other processes work on */

typedef enum { TO_DO, TAKEN, ENDED } job_state;

typedef struct {
    char *folder;
    nst_journal *journal;
} journal_row;

typedef struct {
    const nst_args *args;
    nst_job_list jobs;
    nst_outcome_list outcomes;
    nst_workshop *shop;
    nst_log log;
    journal_row *journals;
    int journal_count;

    pthread_mutex_t lock; /* of the two below */
    unsigned char *states;
    int cursor; /* jobs before it were looked at in this round */
} batch;

/* ---- journals -------------------------------------------------------------------------------- */

/* Make the output folders and open their journals. */
static nst_status open_journals(batch *b, nst_error *error)
{
    b->journals = calloc((size_t)b->jobs.count, sizeof *b->journals);
    if (!b->journals)
        return nst_fail(error, NST_ERR_MEMORY, "out of memory");
    for (int i = 0; i < b->jobs.count; i++) {
        char *folder = b->jobs.list[i].job.folder;
        /* Jobs of one folder stand in a row nearly always. */
        int row = b->journal_count - 1;
        while (folder && row >= 0 && strcmp(b->journals[row].folder, folder) != 0)
            row--;
        if (!folder || row >= 0)
            continue;
        nst_status status = nst_folder_make(folder, error);
        if (status == NST_OK)
            status = nst_journal_open(folder, &b->journals[b->journal_count].journal, error);
        if (status != NST_OK)
            return status;
        b->journals[b->journal_count++].folder = folder;
    }
    return NST_OK;
}

/* Remove what a killed run left in the folders that this one writes into. */
static void sweep(const batch *b)
{
    char last[PATH_MAX] = "", folder[PATH_MAX];
    for (int i = 0; i < b->jobs.count; i++) {
        const nst_job *job = &b->jobs.list[i].job;
        const char *slash = strrchr(job->output, '/');
        int length = slash ? (int)(slash - job->output) : 0;
        if (!job->folder || length >= PATH_MAX)
            continue;
        snprintf(folder, sizeof folder, "%.*s", slash ? length : 1, slash ? job->output : ".");
        if (strcmp(folder, last) != 0)
            nst_output_sweep(folder);
        memcpy(last, folder, sizeof last);
    }
}

static nst_journal *journal_of(const batch *b, const nst_job *job)
{
    for (int i = b->journal_count - 1; job->folder && i >= 0; i--)
        if (strcmp(b->journals[i].folder, job->folder) == 0)
            return b->journals[i].journal;
    return NULL;
}

/* The result's name within the folder of its journal. */
static const char *name_of(const nst_job *job)
{
    size_t length = job->folder ? strlen(job->folder) : 0;
    if (!job->folder || strncmp(job->output, job->folder, length) != 0)
        return job->output; /* folder "." of a bare name */
    const char *name = job->output + length;
    return name + strspn(name, "/");
}

/* Whether the journal and the file agree that this is done. */
static bool is_done(const batch *b, const nst_run_place *place, nst_outcome *outcome)
{
    nst_journal_entry entry;
    char digest[65];
    if (!nst_journal_find(place->journal, place->name, &entry) ||
        strcmp(entry.key, place->key) != 0 || (b->args->overwrite && !entry.fresh))
        return false;
    if (nst_file_sha256(outcome->args->job.output, digest, NULL) != NST_OK ||
        strcmp(digest, entry.result) != 0)
        return false;
    outcome->state = NST_OUTCOME_SKIPPED;
    outcome->width = entry.width;
    outcome->height = entry.height;
    outcome->evaluations = entry.evaluations;
    outcome->losses = entry.losses;
    outcome->seconds = entry.seconds;
    return true;
}

/* ---- one job --------------------------------------------------------------------------------- */

static void fail(nst_outcome *outcome, const nst_error *error)
{
    outcome->state = NST_OUTCOME_FAILED;
    outcome->status = error->status;
    memcpy(outcome->message, error->message, sizeof outcome->message);
}

/* With the job's lock held, or without a journal. */
static void do_job(batch *b, nst_run_place *place, nst_outcome *outcome)
{
    const nst_args *args = outcome->args;
    char key[65] = "";
    nst_error error = {0};
    place->key = key;
    if (place->journal &&
        (nst_job_key(args, nst_workshop_memo(b->shop), key, &error) != NST_OK ||
         nst_folder_make_inside(args->job.folder, args->job.output, &error) != NST_OK)) {
        fail(outcome, &error);
        return;
    }
    if (key[0] && is_done(b, place, outcome))
        return;
    nst_run(place, outcome);
}

/* False when another process is at it. */
static bool attempt(batch *b, int index)
{
    nst_outcome *outcome = &b->outcomes.list[index];
    const nst_job *job = &outcome->args->job;
    nst_run_place place = {.shop = b->shop,
                           .log = &b->log,
                           .journal = journal_of(b, job),
                           .name = name_of(job),
                           .key = ""};
    if (place.journal && !nst_journal_claim(place.journal, place.name))
        return false;
    do_job(b, &place, outcome);
    if (place.journal)
        nst_journal_release(place.journal, place.name);
    if (b->jobs.many && outcome->state == NST_OUTCOME_INTERRUPTED && !outcome->written)
        outcome->state = NST_OUTCOME_WAITING; /* it had not begun */
    nst_log_ended(&b->log, outcome);
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
    size_t count = (size_t)b->jobs.count;
    b->outcomes.list = calloc(count, sizeof *b->outcomes.list);
    b->states = calloc(count, sizeof *b->states);
    if (!b->outcomes.list || !b->states)
        return nst_fail(error, NST_ERR_MEMORY, "out of memory for the list of pictures");
    b->outcomes.count = b->jobs.count;
    for (int i = 0; i < b->jobs.count; i++) {
        b->outcomes.list[i].args = &b->jobs.list[i];
        /* Facts of single pictures would drown among many, and are no events. */
        if ((b->jobs.many || b->args->log == NST_LOG_JSON) && b->jobs.list[i].verbosity > 0)
            b->jobs.list[i].verbosity = 0;
        if (b->args->log == NST_LOG_JSON)
            b->jobs.list[i].verbosity = -1;
    }
    return nst_workshop_create(1, &b->shop, error);
}

/* A bad weights file is one error, not one per picture. */
static nst_status check_model(const batch *b, nst_error *error)
{
    const nst_model *model;
    return b->jobs.many && b->args->entry_count == 0
               ? nst_workshop_model(b->shop, b->args->job.weights_path, &model, error)
               : NST_OK;
}

static int exit_status(const batch *b)
{
    bool failed = b->log.failed + b->log.problems > 0;
    for (int i = 0; i < b->outcomes.count; i++)
        if (b->outcomes.list[i].state == NST_OUTCOME_INTERRUPTED)
            return NST_EXIT_INTERRUPTED;
    if (nst_interrupt_requested())
        for (int i = 0; i < b->outcomes.count; i++)
            if (b->outcomes.list[i].state == NST_OUTCOME_WAITING)
                return NST_EXIT_INTERRUPTED;
    return failed ? NST_EXIT_FAILED : NST_EXIT_DONE;
}

static void run(batch *b)
{
    nst_log_open(&b->log, b->args, &b->outcomes, b->jobs.many);
    for (int i = 0; i < b->jobs.problems.count; i++)
        nst_log_problem(&b->log, b->jobs.problems.list[i]);
    run_workers(b, b->jobs.count > 1 ? 2 : 1);
    nst_log_close(&b->log, nst_interrupt_requested());
}

static void destroy(batch *b)
{
    for (int i = 0; i < b->outcomes.count; i++)
        nst_outcome_destroy(&b->outcomes.list[i]);
    free(b->outcomes.list);
    free(b->states);
    for (int i = 0; i < b->journal_count; i++)
        nst_journal_close(b->journals[i].journal);
    free(b->journals);
    nst_workshop_destroy(b->shop);
    nst_jobs_destroy(&b->jobs);
    pthread_mutex_destroy(&b->lock);
}

int nst_batch(const nst_args *args)
{
    batch b = {.args = args};
    nst_error error = {0};
    int result;
    pthread_mutex_init(&b.lock, NULL);
    nst_status status = nst_jobs_make(args, &b.jobs, &error);
    if (status == NST_OK && (status = prepare(&b, &error)) == NST_OK &&
        (status = check_model(&b, &error)) == NST_OK &&
        (status = open_journals(&b, &error)) == NST_OK) {
        sweep(&b);
        run(&b);
        result = exit_status(&b);
    } else {
        result = status == NST_ERR_ARGUMENT ? NST_EXIT_USAGE : NST_EXIT_FAILED;
        if (args->log == NST_LOG_JSON)
            nst_log_json_error(error.message);
        else
            nst_say("nst: %s", error.message);
    }
    destroy(&b);
    return result;
}
