/* One job: check, open the model, read, paint, write. */
#include "engine/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/estimate.h"
#include "engine/reduce.h"
#include "files/file.h"
#include "files/output.h"
#include "files/path.h"
#include "imageio/imageio.h"
#include "list/input_files.h"
#include "list/output_check.h"
#include "util/interrupt.h"

/* A job under way. */
typedef struct {
    const nst_run_context *context;
    const nst_run_job *job;
    const nst_args *args;
    nst_result *result;
    const nst_model *model;
    nst_session *session; /* of the model */
    nst_input_set pictures;
    nst_inputs inputs; /* the same as the library gets them */
    float style_weights[NST_STYLES_MAX];
    int style_regions[NST_STYLES_MAX];
    nst_image backdrop;    /* the content at the size of the result, for its alpha */
    nst_image picture;     /* the result */
    nst_options options;   /* of the job, with the memory that was taken for it */
    uint64_t taken;        /* bytes of the budget */
    uint64_t painting;     /* of them, what is needed after reading; 0: not known */
    nst_error frame_error; /* the first; there are no more frames after it */
    struct timespec start;
    double waited; /* seconds, for a slot */
} work;

static const nst_cancel *cancel_of(const work *w)
{
    return w->context->cancel ? w->context->cancel : nst_interrupt_cancel();
}

static nst_status fail_stopped(nst_error *error)
{
    return nst_fail(error, NST_STOPPED, "interrupted before there was anything to write");
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static nst_status check(const nst_args *args, nst_error *error)
{
    nst_status status = nst_check_output(args, error);
    return status == NST_OK ? nst_inputs_probe(args, error) : status;
}

/* What sessions keep from earlier jobs counts as well, and makes room. */
static void take_bytes(work *w, uint64_t bytes)
{
    uint64_t left = nst_budget_take(w->context->budget, bytes);
    w->taken = bytes;
    nst_shared_trim(w->context->shared, left);
}

static uint64_t image_bytes(const nst_image *image)
{
    return 4 * sizeof(float) * (uint64_t)image->width * (uint64_t)image->height;
}

/* Read the content's mask to know how many regions there are; it is read again with the pictures.
 */
static nst_status read_mask(const work *w, const nst_job_files *files, nst_image *mask,
                            nst_error *error)
{
    nst_budget *budget = w->context->budget;
    const nst_job *job = &w->args->job;
    uint64_t bytes = nst_image_read_bytes(&files->content_mask, 0);
    nst_budget_take(budget, bytes);
    nst_status status = nst_reduce_read(job->content_mask, &job->options, NST_USE_MASK,
                                        budget->total, NULL, mask, NULL, error);
    nst_budget_return(budget, bytes);
    return status;
}

static nst_status fail_of_memory(const work *w, nst_status status, const nst_error *cause,
                                 nst_error *error)
{
    char own[NST_MEMORY_TEXT_MAX];
    if (status != NST_ERR_MEMORY || w->args->job.options.max_memory == 0)
        return nst_fail(error, status, "%s: %s", w->args->job.content, cause->message);
    return nst_fail(error, status, "%s: %s; nst itself takes %s", w->args->job.content,
                    cause->message, nst_memory_text((double)w->context->budget->own, own));
}

/* Take the memory that the job needs, as its pictures' headers say. What is read from a pipe is not
 * known before: then the job takes all there is. */
static nst_status take_memory(work *w, nst_error *error)
{
    nst_budget *budget = w->context->budget;
    const nst_job *job = &w->args->job;
    uint64_t own = job->options.max_memory, total = budget->total;
    nst_job_files files;
    nst_job_needs needs;
    nst_image mask = {0};
    nst_error cause = {0};
    nst_status status = nst_estimate_files(job, &files, error);
    if (status != NST_OK)
        return status;
    w->options = job->options;
    if (files.content.width < 1) {
        take_bytes(w, total);
        return NST_OK;
    }
    if (own > 0 && own < total) /* an entry of a list may have a limit of its own */
        total = own;
    uint64_t share = total / (uint64_t)w->context->slots->count;
    if (files.content_mask.width > 0 && (status = read_mask(w, &files, &mask, error)) != NST_OK)
        return status;
    status = nst_estimate_needs(w->model, job, &files, mask.rgb ? &mask : NULL, share, total,
                                &needs, &cause);
    nst_image_destroy(&mask);
    if (status != NST_OK)
        return fail_of_memory(w, status, &cause, error);
    w->painting = needs.painting;
    w->options.max_memory = needs.plan;
    take_bytes(w, needs.reading > needs.painting ? needs.reading : needs.painting);
    return NST_OK;
}

/* The pictures are read: what painting does not need goes back. */
static void return_memory_of_reading(work *w)
{
    if (w->painting > 0 && w->taken > w->painting) {
        nst_budget_return(w->context->budget, w->taken - w->painting);
        w->taken = w->painting;
    }
    if (w->painting == 0) { /* after a pipe */
        uint64_t held = image_bytes(&w->pictures.content.image);
        for (int i = 0; i < w->args->job.style_count; i++)
            held += image_bytes(&w->pictures.styles->images[i]);
        w->options.max_memory = w->taken > held ? w->taken - held : 1;
    }
}

static nst_status open_model(work *w, nst_error *error)
{
    const nst_args *args = w->args;
    const char *path = args->job.weights_path;
    const char *expected = args->job.expected.weights;
    char *digest = w->result->digests.weights;
    nst_shared *shared = w->context->shared;
    nst_error refused = {0};
    nst_status status;
    if ((status = nst_shared_model(shared, path, &w->model, error)) != NST_OK ||
        (status = nst_shared_session(shared, path, &w->session, error)) != NST_OK)
        return status;
    if (nst_options_check(&args->job.options, w->model, &refused) != NST_OK)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s", refused.message);
    w->result->options = args->job.options;
    w->result->has_options = true;
    nst_options_resolve(&w->result->options, w->model);
    if (!path || (!args->record && !expected[0]))
        return NST_OK;
    status = nst_digest_memo_get(nst_shared_memo(shared), path, digest, error);
    return status == NST_OK ? nst_inputs_verify(args, path, expected, digest, error) : status;
}

static void note_digests(const nst_input_set *pictures, const nst_job *job, nst_digests *out)
{
    memcpy(out->content, pictures->content.info.sha256, sizeof out->content);
    for (int i = 0; i < job->style_count; i++)
        memcpy(out->styles[i], pictures->styles->infos[i].sha256, sizeof out->styles[i]);
    for (int i = 0; i < job->style_mask_count; i++)
        memcpy(out->style_masks[i], pictures->styles->mask_infos[i].sha256,
               sizeof out->style_masks[i]);
    memcpy(out->content_mask, pictures->mask.info.sha256, sizeof out->content_mask);
    memcpy(out->init, pictures->init.info.sha256, sizeof out->init);
}

/* The pictures as the library gets them. */
static void make_inputs(work *w)
{
    const nst_job *job = &w->args->job;
    for (int i = 0; i < job->style_count; i++) {
        w->style_weights[i] = job->styles[i].weight;
        w->style_regions[i] = job->styles[i].region;
    }
    w->inputs = (nst_inputs){
        .struct_size = sizeof w->inputs,
        .content = &w->pictures.content.image,
        .style_handles = w->pictures.styles->handles,
        .style_weights = w->style_weights,
        .style_count = job->style_count,
        .init = job->options.init == NST_INIT_IMAGE ? &w->pictures.init.image : NULL,
        .content_mask = job->content_mask ? &w->pictures.mask.image : NULL,
        .style_regions = w->style_regions,
        .style_store = nst_shared_store(w->context->shared),
        .cancel = cancel_of(w),
    };
}

/* Check that the pictures just read are those that the key was made of. A photo that is still being
 * copied may have changed in between. */
static nst_status check_unchanged(const work *w, nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    const nst_job *job = &w->args->job;
    int count = nst_input_files(job, files);
    for (int i = 0; i < count && w->context->key.key[0]; i++) {
        const char *read = nst_input_digest(&files[i], job, &w->result->digests);
        const char *keyed = nst_input_digest(&files[i], job, &w->context->key.digests);
        if (read[0] && strcmp(read, keyed) != 0)
            return nst_fail(error, NST_ERR_IO,
                            "%s: was changed while it was read; the same command does it again",
                            files[i].path);
    }
    return NST_OK;
}

static nst_status read_inputs(work *w, nst_error *error)
{
    nst_result *result = w->result;
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    nst_status status = nst_inputs_read(w->args, w->context->shared, w->context->budget->total,
                                        &w->pictures, error);
    result->read_seconds = nst_seconds_since(&begun);
    if (status != NST_OK)
        return status;
    result->content_width = w->pictures.content.info.width;
    result->content_height = w->pictures.content.info.height;
    nst_result_size(&w->args->job.options, w->pictures.content.image.width,
                    w->pictures.content.image.height, &result->width, &result->height);
    note_digests(&w->pictures, &w->args->job, &result->digests);
    make_inputs(w);
    return check_unchanged(w, error);
}

/* Alpha of the result, where the content has some and the format takes it. */
static nst_status prepare_alpha(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    const nst_image *content = &w->pictures.content.image;
    if (!content->alpha || !nst_format_has_alpha(job->output_format))
        return NST_OK;
    return nst_image_resize(content, w->result->width, w->result->height, job->options.threads,
                            &w->backdrop, error);
}

/* ---- painting -------------------------------------------------------------------------------- */

static int on_phase(void *user, const nst_phase_info *info)
{
    work *w = user;
    nst_tell_phase(w->context->observers, w->job, info);
    return nst_interrupt_requested();
}

static int on_progress(void *user, const nst_progress *progress)
{
    work *w = user;
    const nst_run_frame frame = {progress,          w->result->width,    w->result->height,
                                 w->backdrop.alpha, w->context->journal, w->context->name};
    int every = w->args->job.save_every;
    w->result->scales = progress->scales;
    w->result->iterations = progress->iterations_done;
    nst_tell_point(w->context->observers, w->job, progress);
    if (every > 0 && progress->iterations_done % every == 0 && w->frame_error.status == NST_OK)
        (void)nst_tell_frame(w->context->observers, w->job, &frame, &w->frame_error);
    return nst_interrupt_requested();
}

static nst_status stylize(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    nst_error cause = {0};
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    w->inputs.on_phase = on_phase;
    w->inputs.phase_user = w;
    nst_status status = nst_session_stylize(w->session, &w->inputs, &w->options, on_progress, w,
                                            &w->picture, &w->result->losses, &cause);
    w->result->style_seconds = nst_seconds_since(&begun);
    if (status == NST_STOPPED && !w->picture.rgb)
        return fail_stopped(error);
    return cause.message[0] ? nst_fail(error, status, "%s: %s", job->content, cause.message)
                            : status;
}

static nst_status stylize_in_a_slot(work *w, nst_error *error)
{
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    nst_slots_enter(w->context->slots);
    w->waited = nst_seconds_since(&begun);
    nst_status status = stylize(w, error);
    nst_slots_leave(w->context->slots);
    return status;
}

/* ---- the result ------------------------------------------------------------------------------ */

/* A line for the journal before the result is put in place, so that no kill can leave a result that
 * nobody knows. */
static nst_status add_to_journal(const work *w, const char *stamp, nst_journal_entry *entry,
                                 nst_error *error)
{
    const nst_run_context *c = w->context;
    const nst_result *r = w->result;
    bool whole = c->key.key[0] && r->state == NST_RESULT_DONE;
    entry->width = r->width;
    entry->height = r->height;
    entry->iterations = r->iterations;
    entry->losses = r->losses;
    entry->seconds = r->seconds;
    memcpy(entry->key, whole ? c->key.key : NST_JOURNAL_NO_KEY, sizeof entry->key);
    memcpy(entry->result_stamp, stamp, sizeof entry->result_stamp);
    memcpy(entry->content, c->key.digests.content, sizeof entry->content);
    memcpy(entry->content_stamp, c->key.content_stamp, sizeof entry->content_stamp);
    return nst_journal_append(c->journal, c->name, entry, error);
}

/* Another process, on another machine perhaps, has put a file there since it was looked for. Fine
 * if it is the same result. */
static void concede(work *w, const nst_journal_entry *entry)
{
    char digest[65];
    const char *output = w->args->job.output;
    if (nst_file_sha256(output, digest, NULL) == NST_OK && strcmp(digest, entry->result) == 0)
        return;
    w->result->state = NST_RESULT_KEPT;
    nst_result_kept_text(output, w->result->message);
}

static nst_status put_in_place(work *w, const nst_image *picture, const unsigned char *bytes,
                               size_t size, nst_error *error)
{
    const nst_run_context *c = w->context;
    nst_output output;
    nst_journal_entry entry = {0};
    bool placed = false;
    nst_status status = nst_output_prepare(w->args->job.output, bytes, size, &output, error);
    if (status != NST_OK)
        return status;
    if (w->args->job.preserve_times)
        status = nst_output_take_time(&output, w->args->job.content, error);
    if (status == NST_OK && c->journal) {
        nst_bytes_sha256(bytes, size, entry.result);
        status = add_to_journal(w, output.stamp, &entry, error);
    }
    if (status == NST_OK)
        status = nst_output_place(
            &output, (!c->journal || c->replace) && !w->args->job.keep_existing, &placed, error);
    else
        nst_output_drop(&output);
    if (status == NST_OK && !placed)
        concede(w, &entry);
    w->result->seconds = nst_seconds_since(&w->start) - w->waited;
    if (status != NST_OK || w->result->state == NST_RESULT_KEPT)
        return status;
    return nst_tell_result(c->observers, w->job, w->result, picture, error);
}

static nst_status write_result(work *w, nst_error *error)
{
    const nst_job *job = &w->args->job;
    const nst_write_options options = {.format = job->output_format,
                                       .quality = job->quality,
                                       .depth = job->depth,
                                       .metadata = w->pictures.content.metadata,
                                       .metadata_choice = (nst_metadata_choice)job->metadata};
    nst_image picture = w->picture; /* a view: both planes stay with their owners */
    picture.alpha = w->backdrop.alpha;
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_error cause = {0};
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    bool is_standard = nst_path_is_standard(job->output);
    nst_status status = nst_encode(&options, &picture, &bytes, &size, &cause);
    if (status != NST_OK)
        return nst_fail(error, status, "%s: %s", nst_path_output_name(job->output), cause.message);
    w->result->seconds = nst_seconds_since(&w->start) - w->waited;
    /* A pipe may block for ever, and then a second Ctrl-C has to get through. */
    if (!is_standard)
        nst_interrupt_hold();
    status = put_in_place(w, &picture, bytes, size, error);
    if (!is_standard)
        nst_interrupt_release();
    free(bytes);
    w->result->write_seconds = nst_seconds_since(&begun);
    w->result->written = status == NST_OK && w->result->state != NST_RESULT_KEPT;
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A photo of a hundred megapixels takes a second, which whoever interrupts need not wait for. */
static nst_status read_pictures(work *w, nst_error *error)
{
    nst_crew before = nst_crew_enter((nst_crew){.cancel = cancel_of(w)});
    nst_status status = read_inputs(w, error);
    if (status == NST_OK)
        status = prepare_alpha(w, error);
    nst_crew_enter(before);
    return status == NST_STOPPED ? fail_stopped(error) : status;
}

static nst_status prepare(work *w, nst_error *error)
{
    nst_status status;
    if ((status = check(w->args, error)) != NST_OK || (status = open_model(w, error)) != NST_OK ||
        (status = take_memory(w, error)) != NST_OK || (status = read_pictures(w, error)) != NST_OK)
        return status;
    return_memory_of_reading(w);
    const nst_run_inputs inputs = {
        .pictures = &w->pictures,
        .model = w->model,
        .inputs = &w->inputs,
        .options = &w->options,
        .memory = w->taken,
        .limit = w->context->budget->total,
        .width = w->result->width,
        .height = w->result->height,
        .seconds = nst_seconds_since(&w->start),
    };
    nst_tell_inputs(w->context->observers, w->job, &inputs);
    return NST_OK;
}

static nst_status do_work(work *w, nst_error *error)
{
    nst_status status = prepare(w, error), written;
    if (status != NST_OK)
        return status;
    status = stylize_in_a_slot(w, error);
    if (!w->picture.rgb)
        return status;
    w->result->state = status == NST_STOPPED ? NST_RESULT_INTERRUPTED : NST_RESULT_DONE;
    written = write_result(w, error);
    if (written != NST_OK)
        return written;
    if (w->frame_error.status != NST_OK)
        return nst_fail(error, w->frame_error.status, "%s", w->frame_error.message);
    return status;
}

void nst_run(const nst_run_context *context, const nst_run_job *job, nst_result *result)
{
    work w = {.context = context, .job = job, .args = job->args, .result = result};
    nst_error error = {0};
    clock_gettime(CLOCK_MONOTONIC, &w.start);
    nst_tell_started(context->observers, job);
    result->status = do_work(&w, &error);
    if (result->status == NST_STOPPED)
        result->state = NST_RESULT_INTERRUPTED;
    else if (result->status != NST_OK)
        result->state = NST_RESULT_FAILED;
    if (error.message[0])
        memcpy(result->message, error.message, sizeof result->message);
    result->seconds = nst_seconds_since(&w.start) - w.waited;
    nst_image_destroy(&w.picture);
    nst_image_destroy(&w.backdrop);
    nst_inputs_destroy(&w.pictures, context->shared);
    nst_budget_return(context->budget, w.taken);
}
