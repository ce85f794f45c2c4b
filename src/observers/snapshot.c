/* Intermediate images. */
#include "observers/snapshot.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "engine/inputs.h"
#include "util/interrupt.h"

nst_status nst_snapshot_name(const char *output, int evaluation, char *name, size_t size,
                             nst_error *error)
{
    const char *slash = strrchr(output, '/');
    const char *base = slash ? slash + 1 : output;
    const char *dot = strrchr(base, '.');
    if (!dot || dot == base)
        dot = base + strlen(base);
    if ((size_t)snprintf(name, size, "%.*s.%04d%s", (int)(dot - output), output, evaluation, dot) >=
        size)
        return nst_fail(error, NST_ERR_IO, "%s: name too long", output);
    return NST_OK;
}

static nst_status write_point(const nst_snapshots *s, const nst_progress *p, nst_error *error)
{
    const nst_job *job = &s->args->job;
    nst_write_options options = {job->output_format, job->quality};
    /* The image is only read, though nst_image has no const pointers. */
    nst_image point = {p->width, p->height, (float *)p->rgb, NULL};
    nst_image full = {0};
    char name[PATH_MAX];
    nst_status status;
    if ((status = nst_snapshot_name(job->output, p->evaluation, name, sizeof name, error)) !=
            NST_OK ||
        (status = nst_inputs_spare(s->args, name, error)) != NST_OK ||
        (status = nst_image_resize(&point, s->width, s->height, job->options.threads, &full,
                                   error)) != NST_OK)
        return status;
    nst_image shown = {full.width, full.height, full.rgb, (float *)s->alpha};
    nst_interrupt_hold();
    status = nst_image_write(name, &options, &shown, error);
    nst_interrupt_release();
    nst_image_destroy(&full);
    return status;
}

bool nst_snapshots_update(nst_snapshots *snapshots, const nst_progress *progress)
{
    int every = snapshots->args->job.save_every;
    return every > 0 && progress->evaluation % every == 0 && snapshots->error.status == NST_OK &&
           write_point(snapshots, progress, &snapshots->error) == NST_OK;
}
