/* What a run says of itself. */
#include "observers/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "files/path.h"
#include "observers/describe.h"
#include "observers/log_json.h"
#include "util/say.h"

/* Between two progress events of a job, unless a scale ends. */
#define TELL_SECONDS 0.5

enum { NO_JOB = -1 };

void nst_log_open(nst_log *log, const nst_args *args, const nst_log_list *list, bool many)
{
    size_t count = list->jobs > 0 ? (size_t)list->jobs : 1;
    *log = (nst_log){
        .args = args,
        .jobs = list->jobs,
        .many = many,
        .json = args->log == NST_LOG_JSON,
        .shown = NO_JOB,
        .fractions = calloc(count, sizeof *log->fractions),
        .told = args->log == NST_LOG_JSON ? calloc(count, sizeof *log->told) : NULL,
    };
    clock_gettime(CLOCK_MONOTONIC, &log->start);
    pthread_mutex_init(&log->lock, NULL);
    if (log->json)
        nst_log_json_batch(list);
    else
        nst_meter_start(&log->meter, many && args->verbosity > 0 ? -1 : args->verbosity);
}

void nst_log_problem(nst_log *log, const char *line)
{
    log->problems++;
    if (log->json)
        nst_log_json_error(line);
    else
        nst_say("nst: %s", line);
}

/* ---- begin ----------------------------------------------------------------------------------- */

/* Until the first iteration of a picture is shown. */
static void note(nst_log *log, const char *what, const char *path)
{
    char text[80];
    if (log->shown != NO_JOB)
        return;
    if (log->many)
        snprintf(text, sizeof text, "%d of %d picture%s done, %s", log->done, log->jobs,
                 log->jobs == 1 ? "" : "s", what);
    else
        snprintf(text, sizeof text, "%s", what);
    nst_meter_note(&log->meter, text, nst_path_is_standard(path) ? "standard input" : path);
}

static void on_started(void *self, const nst_run_job *job)
{
    nst_log *log = self;
    pthread_mutex_lock(&log->lock);
    if (log->json)
        nst_log_json_started(job);
    else
        note(log, "reading ", job->args->job.content);
    pthread_mutex_unlock(&log->lock);
}

static void warn_of_version(nst_log *log, const nst_args *args)
{
    if (log->warned || log->args->verbosity < 0 || !args->recorded_version[0] ||
        strcmp(args->recorded_version, NST_VERSION) == 0)
        return;
    nst_say("nst: warning: %s: recorded by nst %s, this is %s; the result may differ",
            args->job_file, args->recorded_version, NST_VERSION);
    log->warned = true;
}

static void on_inputs(void *self, const nst_run_job *job, const nst_run_inputs *inputs)
{
    nst_log *log = self;
    pthread_mutex_lock(&log->lock);
    if (!log->json) {
        warn_of_version(log, job->args);
        /* With many pictures the facts of each would only be in the way. */
        if (log->args->verbosity > 0 && !log->many)
            nst_describe_run(job->args, inputs);
    }
    pthread_mutex_unlock(&log->lock);
}

/* ---- progress -------------------------------------------------------------------------------- */

/* Negative while it is not known. All jobs count the same, whatever their size. */
static double batch_seconds_left(const nst_log *log)
{
    int to_do = log->jobs - log->skipped - log->kept - log->failed;
    if (log->worked < 0.02)
        return -1.0;
    return nst_seconds_since(&log->start) * ((double)to_do - log->worked) / log->worked;
}

static void set_fraction(nst_log *log, int job, double fraction)
{
    if (!log->fractions)
        return;
    log->worked += fraction - log->fractions[job];
    log->fractions[job] = fraction;
}

/* ", 3 done before, 1 failed": what is not zero. */
enum { COUNTS_MAX = 160 };
static const char *counts_text(int skipped, int kept, int failed, int left, char text[COUNTS_MAX])
{
    const struct {
        int count;
        const char *what;
    } counts[] = {{skipped, "done before"}, {kept, "kept"}, {failed, "failed"}, {left, "left"}};
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].count > 0)
            used += (size_t)snprintf(text + used, COUNTS_MAX - used, ", %d %s", counts[i].count,
                                     counts[i].what);
    return text;
}

static void batch_line(const nst_log *log, char *text, size_t size)
{
    char left[NST_TIME_TEXT_MAX], counts[COUNTS_MAX];
    double seconds = batch_seconds_left(log);
    snprintf(text, size, "%d of %d picture%s done%s%s%s", log->done, log->jobs,
             log->jobs == 1 ? "" : "s",
             counts_text(log->skipped, log->kept, log->failed, 0, counts),
             seconds >= 0.0 ? ", left: " : "", seconds >= 0.0 ? nst_time_text(seconds, left) : "");
}

static void show_progress(nst_log *log, const nst_run_job *job, const nst_progress *progress)
{
    char line[200];
    if (!log->many) {
        nst_meter_update(&log->meter, progress);
        return;
    }
    if (log->shown == NO_JOB)
        log->shown = job->index;
    if (log->shown != job->index)
        return;
    batch_line(log, line, sizeof line);
    nst_meter_show(&log->meter, line, job->args->job.output, progress);
}

static void tell_progress(nst_log *log, const nst_run_job *job, const nst_progress *progress)
{
    double now = nst_seconds_since(&log->start);
    if (log->told && now - log->told[job->index] < TELL_SECONDS &&
        progress->iteration < progress->iterations)
        return;
    if (log->told)
        log->told[job->index] = now;
    nst_log_json_progress(job, progress);
}

/* With many pictures there is one line for all, and others come to their iterations. */
static void on_phase(void *self, const nst_run_job *job, const nst_phase_info *info)
{
    nst_log *log = self;
    (void)job;
    pthread_mutex_lock(&log->lock);
    if (!log->json && !log->many)
        nst_meter_phase(&log->meter, info);
    pthread_mutex_unlock(&log->lock);
}

static void on_point(void *self, const nst_run_job *job, const nst_progress *progress)
{
    nst_log *log = self;
    pthread_mutex_lock(&log->lock);
    set_fraction(log, job->index, progress->fraction);
    if (log->json)
        tell_progress(log, job, progress);
    else
        show_progress(log, job, progress);
    pthread_mutex_unlock(&log->lock);
}

/* ---- ends ------------------------------------------------------------------------------------ */

static void say_result(const nst_log *log, const nst_job *job, const nst_result *r)
{
    char time[NST_TIME_TEXT_MAX], losses[64] = "", stopped[64] = "";
    if (r->iterations > 0 && log->args->verbosity > 0)
        snprintf(losses, sizeof losses, ", content %.3g, style %.3g", r->losses.content,
                 r->losses.style);
    if (r->state == NST_RESULT_INTERRUPTED)
        snprintf(stopped, sizeof stopped, ", interrupted after %d iteration%s", r->iterations,
                 r->iterations == 1 ? "" : "s");
    nst_say("%s: %dx%d, %s%s%s", nst_path_output_name(job->output), r->width, r->height,
            nst_time_text(r->seconds, time), losses, stopped);
}

/* Among many, a message has to name the photo. */
static void say_failure(const nst_log *log, const nst_job *job, const nst_result *r)
{
    bool named = strncmp(r->message, job->content, strlen(job->content)) == 0;
    if (log->many && !named)
        nst_say("nst: %s: %s", job->content, r->message);
    else
        nst_say("nst: %s", r->message);
}

static void say_end(nst_log *log, const nst_job *job, const nst_result *r)
{
    int verbosity = log->args->verbosity;
    if (log->many)
        nst_meter_clear(&log->meter);
    else
        nst_meter_end(&log->meter);
    if (r->written && verbosity >= 0)
        say_result(log, job, r);
    if (r->state == NST_RESULT_KEPT)
        nst_say("nst: %s", r->message);
    else if (r->message[0] && r->state != NST_RESULT_WAITING)
        say_failure(log, job, r);
    else if (r->state == NST_RESULT_SKIPPED && (verbosity > 0 || (!log->many && verbosity >= 0)))
        nst_say("%s: already done; --overwrite does it again", job->output);
}

static void on_ended(void *self, const nst_run_job *job, const nst_result *result)
{
    nst_log *log = self;
    pthread_mutex_lock(&log->lock);
    log->done += result->state == NST_RESULT_DONE;
    if (result->written && result->width < result->content_width)
        log->smaller = true;
    log->skipped += result->state == NST_RESULT_SKIPPED;
    log->kept += result->state == NST_RESULT_KEPT;
    log->failed += result->state == NST_RESULT_FAILED;
    if (result->state != NST_RESULT_DONE)
        set_fraction(log, job->index, 0.0);
    if (log->shown == job->index)
        log->shown = NO_JOB;
    if (!log->json)
        say_end(log, &job->args->job, result);
    else if (result->state != NST_RESULT_WAITING)
        nst_log_json_ended(job, result);
    pthread_mutex_unlock(&log->lock);
}

nst_observer nst_log_observer(nst_log *log)
{
    return (nst_observer){.self = log,
                          .started = on_started,
                          .inputs = on_inputs,
                          .phase = on_phase,
                          .point = on_point,
                          .ended = on_ended};
}

void nst_log_close(nst_log *log, bool interrupted)
{
    char time[NST_TIME_TEXT_MAX], text[COUNTS_MAX];
    int failures = log->failed + log->problems;
    const nst_log_counts c = {
        .done = log->done,
        .skipped = log->skipped,
        .kept = log->kept,
        .failed = failures,
        .left = log->jobs - log->done - log->skipped - log->kept - log->failed,
        .interrupted = interrupted,
        .seconds = nst_seconds_since(&log->start),
    };
    nst_meter_clear(&log->meter);
    if (log->json)
        nst_log_json_summary(&c);
    else if (log->many && log->args->verbosity >= 0)
        nst_say("%d picture%s: %d done%s, %s", log->jobs, log->jobs == 1 ? "" : "s", c.done,
                counts_text(c.skipped, c.kept, c.failed, c.left, text),
                nst_time_text(c.seconds, time));
    free(log->fractions);
    free(log->told);
    pthread_mutex_destroy(&log->lock);
}
