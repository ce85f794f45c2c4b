/* What a run says of itself. */
#include "observers/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observers/log_json.h"
#include "util/clock.h"
#include "util/say.h"

/* Between two progress events of a job, unless a scale ends. */
#define TELL_SECONDS 0.5

static int index_of(const nst_log *log, const nst_result *result)
{
    return (int)(result - log->results->list);
}

void nst_log_open(nst_log *log, const nst_args *args, const nst_result_list *results, bool many)
{
    size_t count = results->count > 0 ? (size_t)results->count : 1;
    *log = (nst_log){
        .args = args,
        .results = results,
        .many = many,
        .json = args->log == NST_LOG_JSON,
        .fractions = calloc(count, sizeof *log->fractions),
        .told = calloc(count, sizeof *log->told),
    };
    clock_gettime(CLOCK_MONOTONIC, &log->start);
    pthread_mutex_init(&log->lock, NULL);
    if (log->json)
        nst_log_json_batch(results->count);
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

void nst_log_started(nst_log *log, const nst_result *result)
{
    pthread_mutex_lock(&log->lock);
    if (log->json)
        nst_log_json_started(index_of(log, result) + 1, result);
    pthread_mutex_unlock(&log->lock);
}

/* ---- progress -------------------------------------------------------------------------------- */

/* Negative while there is no telling. Jobs count alike, whatever their size. */
static double batch_seconds_left(const nst_log *log)
{
    double worked = 0.0;
    int to_do = log->results->count - log->skipped - log->failed;
    for (int i = 0; log->fractions && i < log->results->count; i++)
        worked += log->fractions[i];
    if (worked < 0.02)
        return -1.0;
    return nst_seconds_since(&log->start) * ((double)to_do - worked) / worked;
}

static void batch_line(const nst_log *log, char *text, size_t size)
{
    char left[NST_TIME_TEXT_MAX], skipped[40] = "", failed[40] = "";
    double seconds = batch_seconds_left(log);
    if (log->skipped > 0)
        snprintf(skipped, sizeof skipped, ", %d done before", log->skipped);
    if (log->failed > 0)
        snprintf(failed, sizeof failed, ", %d failed", log->failed);
    snprintf(text, size, "%d of %d pictures done%s%s%s%s", log->done, log->results->count, skipped,
             failed, seconds >= 0.0 ? ", left: " : "",
             seconds >= 0.0 ? nst_time_text(seconds, left) : "");
}

static void show_progress(nst_log *log, const nst_result *result, const nst_progress *progress)
{
    char line[200];
    if (!log->many) {
        nst_meter_update(&log->meter, progress);
        return;
    }
    if (!log->shown)
        log->shown = result;
    if (log->shown != result)
        return;
    batch_line(log, line, sizeof line);
    nst_meter_show(&log->meter, line, result->args->job.output, progress);
}

static void tell_progress(nst_log *log, const nst_result *result, const nst_progress *progress)
{
    int i = index_of(log, result);
    double now = nst_seconds_since(&log->start);
    if (log->told && now - log->told[i] < TELL_SECONDS &&
        progress->iteration < progress->iterations)
        return;
    if (log->told)
        log->told[i] = now;
    nst_log_json_progress(i + 1, progress);
}

void nst_log_progress(nst_log *log, const nst_result *result, const nst_progress *progress)
{
    pthread_mutex_lock(&log->lock);
    if (log->fractions)
        log->fractions[index_of(log, result)] = progress->fraction;
    if (log->json)
        tell_progress(log, result, progress);
    else
        show_progress(log, result, progress);
    pthread_mutex_unlock(&log->lock);
}

void nst_log_stylized(nst_log *log, const nst_result *result)
{
    pthread_mutex_lock(&log->lock);
    if (!log->many && !log->json)
        nst_meter_end(&log->meter);
    if (log->shown == result)
        log->shown = NULL;
    pthread_mutex_unlock(&log->lock);
}

/* ---- ends ------------------------------------------------------------------------------------ */

static const char *output_name(const nst_job *job)
{
    return strcmp(job->output, "-") == 0 ? "standard output" : job->output;
}

static void say_result(const nst_result *o)
{
    char time[NST_TIME_TEXT_MAX], losses[64] = "", stopped[64] = "";
    if (o->evaluations > 0)
        snprintf(losses, sizeof losses, ", content %.3g, style %.3g", o->losses.content,
                 o->losses.style);
    if (o->state == NST_RESULT_INTERRUPTED)
        snprintf(stopped, sizeof stopped, ", interrupted after %d evaluations", o->evaluations);
    nst_say("%s: %dx%d, %s%s%s", output_name(&o->args->job), o->width, o->height,
            nst_time_text(o->seconds, time), losses, stopped);
}

/* Among many, a message has to name the photo. */
static void say_failure(const nst_log *log, const nst_result *o)
{
    const char *content = o->args->job.content;
    bool named = strncmp(o->message, content, strlen(content)) == 0;
    if (log->many && !named)
        nst_say("nst: %s: %s", content, o->message);
    else
        nst_say("nst: %s", o->message);
}

static void say_end(nst_log *log, const nst_result *o)
{
    int verbosity = log->args->verbosity;
    nst_meter_clear(&log->meter);
    if (o->written && verbosity >= 0)
        say_result(o);
    if (o->message[0] && o->state != NST_RESULT_WAITING)
        say_failure(log, o);
    else if (o->state == NST_RESULT_SKIPPED && (verbosity > 0 || (!log->many && verbosity >= 0)))
        nst_say("%s: already done; --overwrite does it again", o->args->job.output);
}

void nst_log_ended(nst_log *log, const nst_result *result)
{
    pthread_mutex_lock(&log->lock);
    log->done += result->state == NST_RESULT_DONE;
    log->skipped += result->state == NST_RESULT_SKIPPED;
    log->failed += result->state == NST_RESULT_FAILED;
    if (log->fractions && result->state != NST_RESULT_DONE)
        log->fractions[index_of(log, result)] = 0.0;
    if (log->shown == result)
        log->shown = NULL;
    if (!log->json)
        say_end(log, result);
    else if (result->state != NST_RESULT_WAITING)
        nst_log_json_ended(index_of(log, result) + 1, result);
    pthread_mutex_unlock(&log->lock);
}

void nst_log_close(nst_log *log, bool interrupted)
{
    char time[NST_TIME_TEXT_MAX], skipped[48] = "", failed[48] = "", left[48] = "";
    int failures = log->failed + log->problems;
    const nst_log_counts c = {
        .done = log->done,
        .skipped = log->skipped,
        .failed = failures,
        .left = log->results->count - log->done - log->skipped - log->failed,
        .interrupted = interrupted,
        .seconds = nst_seconds_since(&log->start),
    };
    nst_meter_clear(&log->meter);
    if (c.skipped > 0)
        snprintf(skipped, sizeof skipped, ", %d done before", c.skipped);
    if (c.failed > 0)
        snprintf(failed, sizeof failed, ", %d failed", c.failed);
    if (c.left > 0)
        snprintf(left, sizeof left, ", %d left", c.left);
    if (log->json)
        nst_log_json_summary(&c);
    else if (log->many && log->args->verbosity >= 0)
        nst_say("%d picture%s: %d done%s%s%s, %s", log->results->count,
                log->results->count == 1 ? "" : "s", c.done, skipped, failed, left,
                nst_time_text(c.seconds, time));
    free(log->fractions);
    free(log->told);
    pthread_mutex_destroy(&log->lock);
}
