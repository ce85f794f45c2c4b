/* Intermediate images. */
#include "observers/snapshot.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/output.h"
#include "imageio/format.h"
#include "list/input_files.h"
#include "list/output_names.h"
#include "results/journals.h"
#include "util/interrupt.h"

/* In a folder with a journal an intermediate image replaces nothing but what nst wrote as one.
 * *replace: there is such a file. */
static nst_status check_place(const nst_args *args, const nst_run_frame *frame, const char *path,
                              const char *name, bool *replace, nst_error *error)
{
    nst_journal_entry entry;
    *replace = true;
    if (!frame->journal)
        return NST_OK;
    bool known = nst_journal_find(frame->journal, name, &entry);
    nst_target_state target =
        nst_journals_look(frame->journal, name, path, "", args->overwrite, known ? &entry : NULL);
    if (known && strcmp(entry.key, NST_JOURNAL_NO_KEY) != 0 && target != NST_TARGET_FREE)
        return nst_fail(error, NST_ERR_IO,
                        "%s: kept, because it is the result of another picture; no more "
                        "intermediate images are written",
                        path);
    if (target == NST_TARGET_FOREIGN)
        return nst_fail(error, NST_ERR_IO,
                        "%s: kept, because it is not as nst wrote it; no more intermediate images "
                        "are written; --overwrite replaces it",
                        path);
    *replace = target != NST_TARGET_FREE;
    return NST_OK;
}

/* The line in the journal comes first, as for a result. */
static nst_status put_in_place(nst_journal *journal, const char *path, const char *name,
                               bool replace, const unsigned char *bytes, size_t size,
                               nst_error *error)
{
    nst_output output;
    bool placed;
    nst_journal_entry entry = {.key = NST_JOURNAL_NO_KEY};
    nst_status status = nst_output_prepare(path, bytes, size, &output, error);
    if (status != NST_OK)
        return status;
    if (journal) {
        nst_bytes_sha256(bytes, size, entry.result);
        memcpy(entry.result_stamp, output.stamp, sizeof entry.result_stamp);
        status = nst_journal_append(journal, name, &entry, error);
    }
    if (status == NST_OK)
        return nst_output_place(&output, replace, &placed, error);
    nst_output_drop(&output);
    return status;
}

static nst_status encode_and_write(const nst_args *args, const nst_run_frame *frame,
                                   const char *path, const char *name, const nst_image *shown,
                                   nst_error *error)
{
    const nst_write_options options = {
        .format = args->job.output_format, .quality = args->job.quality, .depth = args->job.depth};
    unsigned char *bytes = NULL;
    size_t size = 0;
    bool replace;
    nst_error cause = {0};
    nst_status status = check_place(args, frame, path, name, &replace, error);
    if (status != NST_OK)
        return status;
    if ((status = nst_encode(&options, shown, &bytes, &size, &cause)) != NST_OK)
        return nst_fail(error, status, "%s: %s", path, cause.message);
    nst_interrupt_hold();
    status = put_in_place(frame->journal, path, name, replace, bytes, size, error);
    nst_interrupt_release();
    free(bytes);
    return status;
}

static nst_status on_frame(void *self, const nst_run_job *run, const nst_run_frame *frame,
                           nst_error *error)
{
    const nst_job *job = &run->args->job;
    const nst_progress *p = frame->progress;
    /* The image is only read, though nst_image has no const pointers. */
    nst_image point = {p->width, p->height, (float *)p->rgb, NULL};
    nst_image full = {0};
    char path[PATH_MAX], name[PATH_MAX] = "";
    nst_status status;
    (void)self;
    if ((status = nst_snapshot_name(job->output, p->iterations_done, path, sizeof path, error)) !=
            NST_OK ||
        (frame->journal && (status = nst_snapshot_name(frame->name, p->iterations_done, name,
                                                       sizeof name, error)) != NST_OK) ||
        (status = nst_input_files_spare(job, path, error)) != NST_OK ||
        (status = nst_image_resize(&point, frame->width, frame->height, job->options.threads, &full,
                                   error)) != NST_OK)
        return status;
    nst_image shown = {full.width, full.height, full.rgb, (float *)frame->alpha};
    status = encode_and_write(run->args, frame, path, name, &shown, error);
    nst_image_destroy(&full);
    return status;
}

nst_observer nst_snapshot_observer(void)
{
    return (nst_observer){.frame = on_frame};
}
