/* One job: check, read, open the model, stylize, write, record. */
#include "engine/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "engine/inputs.h"
#include "files/file.h"
#include "files/output.h"
#include "imageio/format.h"
#include "observers/describe.h"
#include "observers/snapshot.h"
#include "results/record.h"
#include "util/clock.h"
#include "util/interrupt.h"
#include "util/say.h"

/* One job under way. */
typedef struct {
    const nst_run_place *place;
    const nst_args *args;
    nst_result *result;
    nst_input_set inputs;
    nst_image backdrop; /* the content at the size of the result, for its alpha */
    nst_image picture;
    nst_snapshots snapshots;
    struct timespec start;
    double waited; /* seconds, for a place to compute at */
} work;

static bool is_verbose(const work *w)
{
    return w->args->verbosity > 0;
}

static bool is_stdio(const char *path)
{
    return strcmp(path, "-") == 0;
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

static nst_status open_model(work *w, const nst_model **out, nst_error *error)
{
    const nst_args *args = w->args;
    const char *path = args->job.weights_path;
    const char *expected = args->job.expected.weights;
    char *digest = w->result->digests.weights;
    nst_error refused = {0};
    nst_status status = nst_shared_model(w->place->shared, path, out, error);
    if (status != NST_OK)
        return status;
    if (nst_options_check(&args->job.options, *out, &refused) != NST_OK)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s", refused.message);
    if (path && (args->record || expected[0]) &&
        ((status = nst_digest_memo_get(nst_shared_memo(w->place->shared), path, digest, error)) !=
             NST_OK ||
         (status = nst_inputs_verify(args, path, expected, digest, error)) != NST_OK))
        return status;
    if (is_verbose(w))
        nst_describe_model(path ? path : "bundled", *out);
    return NST_OK;
}

/* ---- the pictures ---------------------------------------------------------------------------- */

static nst_status read_inputs(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    nst_result *o = w->result;
    nst_digests *digests = &o->digests;
    nst_status status = nst_inputs_read(w->args, w->place->shared, &w->inputs, error);
    o->read_seconds = nst_seconds_since(&w->start);
    if (status != NST_OK)
        return status;
    o->content_width = w->inputs.content.info.width;
    o->content_height = w->inputs.content.info.height;
    nst_gallery_add_inputs(&o->gallery, &w->inputs);
    memcpy(digests->content, w->inputs.content.info.sha256, sizeof digests->content);
    for (int i = 0; i < job->style_count; i++)
        memcpy(digests->styles[i], w->inputs.styles->infos[i].sha256, sizeof digests->styles[i]);
    for (int i = 0; i < job->style_mask_count; i++)
        memcpy(digests->style_masks[i], w->inputs.styles->mask_infos[i].sha256,
               sizeof digests->style_masks[i]);
    memcpy(digests->content_mask, w->inputs.mask.info.sha256, sizeof digests->content_mask);
    memcpy(digests->init, w->inputs.init.info.sha256, sizeof digests->init);
    if (!is_verbose(w))
        return NST_OK;
    nst_describe_picture("content", job->content, &w->inputs.content.info);
    for (int i = 0; i < job->style_count; i++)
        nst_describe_picture("style", job->styles[i].path, &w->inputs.styles->infos[i]);
    if (job->content_mask)
        nst_describe_mask("content mask", job->content_mask, &w->inputs.mask.image);
    for (int i = 0; i < job->style_mask_count; i++)
        if (job->style_masks[i])
            nst_describe_mask("style mask", job->style_masks[i], &w->inputs.styles->masks[i]);
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
    if (!nst_format_has_alpha(job->output_format)) {
        if (is_verbose(w))
            nst_say("output: transparency is lost, %s has none",
                    nst_format_name(job->output_format));
        return NST_OK;
    }
    return nst_image_resize(content, w->result->width, w->result->height, job->options.threads,
                            &w->backdrop, error);
}

/* ---- the run --------------------------------------------------------------------------------- */

static int on_progress(void *user, const nst_progress *progress)
{
    work *w = user;
    nst_result_add_point(w->result, progress);
    if (nst_snapshots_update(&w->snapshots, progress))
        nst_gallery_add_frame(&w->result->gallery, progress, w->args->job.save_every);
    nst_log_progress(w->place->log, w->result, progress);
    return nst_interrupt_requested();
}

static nst_status stylize(work *w, const nst_model *model, nst_error *error)
{
    const nst_job *job = &w->args->job;
    nst_result *o = w->result;
    float weights[NST_STYLES_MAX];
    int regions[NST_STYLES_MAX];
    for (int i = 0; i < job->style_count; i++) {
        weights[i] = job->styles[i].weight;
        regions[i] = job->styles[i].region;
    }
    const nst_inputs inputs = {
        .content = &w->inputs.content.image,
        .styles = w->inputs.styles->images,
        .style_weights = weights,
        .style_count = job->style_count,
        .init = job->options.init == NST_INIT_IMAGE ? &w->inputs.init.image : NULL,
        .content_mask = job->content_mask ? &w->inputs.mask.image : NULL,
        .style_masks = w->inputs.styles->masks,
        .style_regions = regions,
        .cache = w->inputs.styles->cache,
    };
    if (nst_interrupt_requested())
        return nst_fail(error, NST_STOPPED, "interrupted before there was anything to write");
    w->snapshots = (nst_snapshots){w->args, o->width, o->height, w->backdrop.alpha, {0}};
    if (is_verbose(w)) {
        char time[NST_TIME_TEXT_MAX];
        nst_describe_memory(model, &inputs, &job->options);
        nst_say("result: %dx%d, begun after %s", o->width, o->height,
                nst_time_text(nst_seconds_since(&w->start), time));
    }
    nst_error cause = {0};
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    nst_status status =
        nst_stylize(model, &inputs, &job->options, on_progress, w, &w->picture, &o->losses, &cause);
    o->style_seconds = nst_seconds_since(&begun);
    nst_log_stylized(w->place->log, o);
    return cause.message[0] ? nst_fail(error, status, "%s: %s", job->content, cause.message)
                            : status;
}

/* Wait for a place, and compute there. */
static nst_status stylize_in_a_slot(work *w, const nst_model *model, nst_error *error)
{
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    nst_shared_enter(w->place->shared);
    w->waited = nst_seconds_since(&begun);
    nst_status status = stylize(w, model, error);
    nst_shared_leave(w->place->shared);
    return status;
}

/* ---- the result ------------------------------------------------------------------------------ */

/* Before the result is put in place, so that no kill can leave a result that nobody knows. */
static nst_status note(const work *w, const unsigned char *bytes, size_t size, nst_error *error)
{
    const nst_run_place *p = w->place;
    const nst_result *o = w->result;
    if (!p->journal || !p->key[0] || o->state != NST_RESULT_DONE)
        return NST_OK;
    nst_journal_entry entry = {.width = o->width,
                               .height = o->height,
                               .evaluations = o->evaluations,
                               .losses = o->losses,
                               .seconds = o->seconds};
    memcpy(entry.key, p->key, sizeof entry.key);
    nst_bytes_sha256(bytes, size, entry.result);
    return nst_journal_append(p->journal, p->name, &entry, error);
}

static nst_status put_in_place(work *w, const unsigned char *bytes, size_t size, nst_error *error)
{
    const nst_job *job = &w->args->job;
    nst_status status = note(w, bytes, size, error);
    if (status == NST_OK)
        status = nst_output_write(job->output, bytes, size, error);
    w->result->seconds = nst_seconds_since(&w->start) - w->waited;
    if (status == NST_OK && w->args->record)
        status = nst_record_write(w->args, w->result, error);
    return status;
}

static nst_status write_result(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    const nst_write_options options = {job->output_format, job->quality};
    nst_image whole = w->picture; /* a view: both planes stay with their owners */
    whole.alpha = w->backdrop.alpha;
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_error cause = {0};
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    nst_status status = nst_encode(&options, &whole, &bytes, &size, &cause);
    if (status != NST_OK)
        return nst_fail(error, status, "%s: %s",
                        is_stdio(job->output) ? "standard output" : job->output, cause.message);
    w->result->seconds = nst_seconds_since(&w->start) - w->waited;
    /* A pipe may block for ever, and then a second Ctrl-C has to get through. */
    bool hold = !is_stdio(job->output);
    if (hold)
        nst_interrupt_hold();
    status = put_in_place(w, bytes, size, error);
    if (hold)
        nst_interrupt_release();
    free(bytes);
    w->result->write_seconds = nst_seconds_since(&begun);
    w->result->written = status == NST_OK;
    if (status == NST_OK)
        nst_gallery_add_result(&w->result->gallery, &whole);
    return status;
}

static nst_status do_work(work *w, nst_error *error)
{
    const nst_model *model = NULL;
    nst_result *o = w->result;
    nst_status status, written;
    if ((status = check(w->args, error)) != NST_OK || (status = read_inputs(w, error)) != NST_OK ||
        (status = open_model(w, &model, error)) != NST_OK)
        return status;
    nst_result_size(&w->args->job.options, o->content_width, o->content_height, &o->width,
                    &o->height);
    if ((status = prepare_alpha(w, error)) != NST_OK)
        return status;
    status = stylize_in_a_slot(w, model, error);
    if (!w->picture.rgb)
        return status;
    o->state = status == NST_STOPPED ? NST_RESULT_INTERRUPTED : NST_RESULT_DONE;
    written = write_result(w, error);
    if (written != NST_OK)
        return written;
    if (w->snapshots.error.status != NST_OK)
        return nst_fail(error, w->snapshots.error.status, "%s", w->snapshots.error.message);
    return status;
}

void nst_run(const nst_run_place *place, nst_result *result)
{
    work w = {.place = place, .args = result->args, .result = result};
    nst_error error = {0};
    clock_gettime(CLOCK_MONOTONIC, &w.start);
    nst_log_started(place->log, result);
    result->status = do_work(&w, &error);
    if (result->status == NST_STOPPED)
        result->state = NST_RESULT_INTERRUPTED;
    else if (result->status != NST_OK)
        result->state = NST_RESULT_FAILED;
    memcpy(result->message, error.message, sizeof result->message);
    result->seconds = nst_seconds_since(&w.start) - w.waited;
    nst_image_destroy(&w.picture);
    nst_image_destroy(&w.backdrop);
    nst_inputs_destroy(&w.inputs, place->shared);
}
