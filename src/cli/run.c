/* One job: check, read, open the model, stylize, write, record. */
#include "cli/run.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/describe.h"
#include "cli/file.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/record.h"
#include "cli/say.h"
#include "cli/snapshot.h"

/* One job under way. */
typedef struct {
    const nst_args *args;
    nst_input_set inputs;
    nst_image backdrop; /* the content at the size of the result, for its alpha */
    nst_image result;
    nst_meter meter;
    nst_snapshots snapshots;
    nst_outcome outcome;
    struct timespec start;
} work;

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static bool is_verbose(const work *w)
{
    return w->args->verbosity > 0;
}

static bool is_stdio(const char *path)
{
    return strcmp(path, "-") == 0;
}

static const char *output_name(const nst_job *job)
{
    return is_stdio(job->output) ? "standard output" : job->output;
}

/* ---- before anything takes long -------------------------------------------------------------- */

static nst_status check_output(const nst_args *args, nst_error *error)
{
    const nst_job *job = &args->job;
    if (is_stdio(job->output))
        return isatty(STDOUT_FILENO)
                   ? nst_fail(error, NST_ERR_IO,
                              "standard output: expected a file or a pipe, not a terminal")
                   : NST_OK;
    if (nst_file_same(job->output, args->job_file))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the output and the job file",
                        job->output);
    nst_status status = nst_inputs_spare(args, job->output, error);
    return status == NST_OK ? nst_output_check(job->output, error) : status;
}

static nst_status check_record(const nst_args *args, nst_error *error)
{
    if (!args->record)
        return NST_OK;
    if (strcmp(args->record, args->job.output) == 0 ||
        nst_file_same(args->record, args->job.output))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the output and the record",
                        args->record);
    nst_status status = nst_inputs_spare(args, args->record, error);
    return status == NST_OK ? nst_output_check(args->record, error) : status;
}

static void note_oddities(const nst_args *args)
{
    const nst_job *job = &args->job;
    nst_format by_name = nst_format_from_path(job->output);
    if (args->verbosity >= 0 && args->recorded_version[0] &&
        strcmp(args->recorded_version, NST_VERSION) != 0)
        nst_say("nst: warning: %s: recorded by nst %s, this is %s; the result may differ",
                args->job_file, args->recorded_version, NST_VERSION);
    if (args->verbosity > 0 && by_name != NST_FORMAT_UNKNOWN && by_name != job->output_format)
        nst_say("output: %s is written as %s, as --format says", job->output,
                nst_format_name(job->output_format));
}

static nst_status check(const nst_args *args, nst_error *error)
{
    nst_status status;
    if ((status = check_output(args, error)) != NST_OK ||
        (status = check_record(args, error)) != NST_OK ||
        (status = nst_inputs_probe(args, error)) != NST_OK)
        return status;
    note_oddities(args);
    return NST_OK;
}

/* ---- the model ------------------------------------------------------------------------------- */

static nst_status open_model(work *w, nst_model **out, nst_error *error)
{
    const nst_args *args = w->args;
    bool bundled = strcmp(args->job.weights, "bundled") == 0;
    const char *expected = args->job.expected.weights;
    char *digest = w->outcome.digests.weights;
    nst_error refused = {0};
    nst_status status = nst_model_open(bundled ? NULL : args->job.weights, out, error);
    if (status != NST_OK)
        return status;
    if (nst_options_check(&args->job.options, *out, &refused) != NST_OK)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s", refused.message);
    if (!bundled && (args->record || expected[0]) &&
        ((status = nst_file_sha256(args->job.weights, digest, error)) != NST_OK ||
         (status = nst_inputs_verify(args, args->job.weights, expected, digest, error)) != NST_OK))
        return status;
    if (is_verbose(w))
        nst_describe_model(args->job.weights, *out);
    return NST_OK;
}

/* ---- the pictures ---------------------------------------------------------------------------- */

static nst_status read_inputs(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    nst_digests *digests = &w->outcome.digests;
    nst_status status = nst_inputs_read(w->args, &w->inputs, error);
    if (status != NST_OK)
        return status;
    memcpy(digests->content, w->inputs.content.info.sha256, sizeof digests->content);
    for (int i = 0; i < job->style_count; i++)
        memcpy(digests->styles[i], w->inputs.style_infos[i].sha256, sizeof digests->styles[i]);
    memcpy(digests->init, w->inputs.init.info.sha256, sizeof digests->init);
    if (!is_verbose(w))
        return NST_OK;
    nst_describe_picture("content", job->content, &w->inputs.content.info);
    for (int i = 0; i < job->style_count; i++)
        nst_describe_picture("style", job->styles[i].path, &w->inputs.style_infos[i]);
    if (job->options.init == NST_INIT_IMAGE)
        nst_describe_picture("init", job->init, &w->inputs.init.info);
    return NST_OK;
}

/* Alpha of the result, where the content has some and the format takes it. */
static nst_status prepare_alpha(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    const nst_image *content = &w->inputs.content.image;
    if (!content->alpha)
        return NST_OK;
    if (job->output_format != NST_FORMAT_PNG && job->output_format != NST_FORMAT_TGA) {
        if (is_verbose(w))
            nst_say("output: transparency is lost, %s has none",
                    nst_format_name(job->output_format));
        return NST_OK;
    }
    return nst_image_resize(content, w->outcome.width, w->outcome.height, job->options.threads,
                            &w->backdrop, error);
}

/* ---- the run --------------------------------------------------------------------------------- */

static int on_progress(void *user, const nst_progress *progress)
{
    work *w = user;
    nst_outcome_add_point(&w->outcome, progress);
    nst_snapshots_update(&w->snapshots, progress);
    nst_meter_update(&w->meter, progress);
    return nst_interrupt_requested();
}

static nst_status stylize(work *w, const nst_model *model, nst_error *error)
{
    const nst_job *job = &w->args->job;
    float weights[NST_STYLES_MAX];
    for (int i = 0; i < job->style_count; i++)
        weights[i] = job->styles[i].weight;
    const nst_inputs inputs = {
        .content = &w->inputs.content.image,
        .styles = w->inputs.styles,
        .style_weights = weights,
        .style_count = job->style_count,
        .init = job->options.init == NST_INIT_IMAGE ? &w->inputs.init.image : NULL,
    };
    if (nst_interrupt_requested())
        return nst_fail(error, NST_STOPPED, "interrupted before there was anything to write");
    w->snapshots =
        (nst_snapshots){w->args, w->outcome.width, w->outcome.height, w->backdrop.alpha, {0}};
    if (is_verbose(w)) {
        char time[NST_TIME_TEXT_MAX];
        nst_say("result: %dx%d, begun after %s", w->outcome.width, w->outcome.height,
                nst_time_text(seconds_since(&w->start), time));
    }
    nst_meter_start(&w->meter, w->args->verbosity);
    nst_error cause = {0};
    nst_status status = nst_stylize(model, &inputs, &job->options, on_progress, w, &w->result,
                                    &w->outcome.losses, &cause);
    nst_meter_end(&w->meter);
    w->outcome.state = status == NST_STOPPED ? NST_OUTCOME_INTERRUPTED : NST_OUTCOME_DONE;
    return cause.message[0] ? nst_fail(error, status, "%s: %s", job->content, cause.message)
                            : status;
}

static void say_summary(const work *w)
{
    const nst_outcome *o = &w->outcome;
    char time[NST_TIME_TEXT_MAX], losses[64] = "", stopped[64] = "";
    if (o->evaluations > 0)
        snprintf(losses, sizeof losses, ", content %.3g, style %.3g", o->losses.content,
                 o->losses.style);
    if (o->state == NST_OUTCOME_INTERRUPTED)
        snprintf(stopped, sizeof stopped, ", interrupted after %d evaluations", o->evaluations);
    nst_say("%s: %dx%d, %s%s%s", output_name(&w->args->job), o->width, o->height,
            nst_time_text(o->seconds, time), losses, stopped);
}

static nst_status write_result(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    const nst_write_options options = {job->output_format, job->quality};
    nst_image picture = w->result; /* a view: both planes stay with their owners */
    picture.alpha = w->backdrop.alpha;
    /* A pipe may block for ever, and then a second Ctrl-C has to get through. */
    bool hold = !is_stdio(job->output);
    if (hold)
        nst_interrupt_hold();
    nst_status status = nst_image_write(job->output, &options, &picture, error);
    w->outcome.seconds = seconds_since(&w->start);
    if (status == NST_OK && w->args->record)
        status = nst_record_write(w->args, &w->outcome, error);
    if (hold)
        nst_interrupt_release();
    if (status == NST_OK && w->args->verbosity >= 0)
        say_summary(w);
    return status;
}

nst_status nst_run(const nst_args *args, nst_error *error)
{
    work w = {.args = args};
    nst_model *model = NULL;
    nst_status status, written;
    clock_gettime(CLOCK_MONOTONIC, &w.start);
    if ((status = check(args, error)) != NST_OK || (status = read_inputs(&w, error)) != NST_OK ||
        (status = open_model(&w, &model, error)) != NST_OK)
        goto cleanup;
    nst_result_size(&args->job.options, w.inputs.content.image.width, w.inputs.content.image.height,
                    &w.outcome.width, &w.outcome.height);
    if ((status = prepare_alpha(&w, error)) != NST_OK)
        goto cleanup;
    status = stylize(&w, model, error);
    if (!w.result.rgb)
        goto cleanup;
    written = write_result(&w, error);
    if (written != NST_OK)
        status = written;
    else if (w.snapshots.error.status != NST_OK)
        status = nst_fail(error, w.snapshots.error.status, "%s", w.snapshots.error.message);
cleanup:
    nst_image_destroy(&w.result);
    nst_image_destroy(&w.backdrop);
    nst_inputs_destroy(&w.inputs);
    nst_model_close(model);
    nst_outcome_destroy(&w.outcome);
    return status;
}
