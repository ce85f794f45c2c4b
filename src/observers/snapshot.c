/* Intermediate images. */
#include "observers/snapshot.h"

#include <limits.h>

#include "list/input_files.h"
#include "list/output_names.h"
#include "util/interrupt.h"

static nst_status on_frame(void *self, const nst_run_job *run, const nst_run_frame *frame,
                           nst_error *error)
{
    const nst_job *job = &run->args->job;
    const nst_progress *p = frame->progress;
    nst_write_options options = {job->output_format, job->quality};
    /* The image is only read, though nst_image has no const pointers. */
    nst_image point = {p->width, p->height, (float *)p->rgb, NULL};
    nst_image full = {0};
    char name[PATH_MAX];
    nst_status status;
    (void)self;
    if ((status = nst_snapshot_name(job->output, p->evaluation, name, sizeof name, error)) !=
            NST_OK ||
        (status = nst_input_files_spare(job, name, error)) != NST_OK ||
        (status = nst_image_resize(&point, frame->width, frame->height, job->options.threads, &full,
                                   error)) != NST_OK)
        return status;
    nst_image shown = {full.width, full.height, full.rgb, (float *)frame->alpha};
    nst_interrupt_hold();
    status = nst_image_write(name, &options, &shown, error);
    nst_interrupt_release();
    nst_image_destroy(&full);
    return status;
}

nst_observer nst_snapshot_observer(void)
{
    return (nst_observer){.frame = on_frame};
}
