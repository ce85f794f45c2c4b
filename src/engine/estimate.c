/* What a job will take, roughly. */
#include "engine/estimate.h"

#include "list/input_files.h"

static double pixels(int width, int height)
{
    return (double)width * (double)height;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

static nst_status probe(const char *path, nst_image *out, nst_error *error)
{
    nst_file_info info;
    nst_status status = nst_input_file_probe(path, &info, error);
    if (status == NST_OK && info.format != NST_FORMAT_UNKNOWN)
        *out = (nst_image){.width = info.width, .height = info.height};
    return status;
}

nst_status nst_estimate_sizes(const nst_job *job, nst_job_sizes *out, nst_error *error)
{
    *out = (nst_job_sizes){0};
    nst_status status = probe(job->content, &out->content, error);
    for (int i = 0; i < job->style_count && status == NST_OK; i++) {
        out->styles[i] = out->content;
        status = probe(job->styles[i].path, &out->styles[i], error);
    }
    return status;
}

/* ---- memory ---------------------------------------------------------------------------------- */

nst_status nst_estimate_bytes(const nst_model *model, const nst_job *job,
                              const nst_job_sizes *sizes, double *bytes, nst_error *error)
{
    const double picture = 3.0 * sizeof(float), program = 30e6; /* per pixel; code and weights */
    const nst_inputs inputs = {
        .struct_size = sizeof inputs,
        .content = &sizes->content,
        .styles = sizes->styles,
        .style_count = job->style_count,
        .content_mask = job->content_mask ? &sizes->content : NULL,
    };
    nst_memory memory;
    nst_status status = nst_plan_memory(model, &inputs, &job->options, &memory, error);
    if (status != NST_OK)
        return status;
    *bytes = program + (double)memory.needed +
             picture * pixels(sizes->content.width, sizes->content.height);
    for (int i = 0; i < job->style_count; i++)
        *bytes += picture * pixels(sizes->styles[i].width, sizes->styles[i].height);
    return NST_OK;
}

/* ---- time ------------------------------------------------------------------------------------ */

double nst_estimate_work(const nst_model *model, const nst_options *options,
                         const nst_job_sizes *sizes)
{
    nst_level levels[NST_SCALES_MAX];
    int count =
        nst_result_levels(options, model, sizes->content.width, sizes->content.height, levels);
    double work = 0.0;
    for (int i = 0; i < count; i++)
        work += pixels(levels[i].width, levels[i].height) * levels[i].iterations;
    return work;
}

enum { SIDE = 160, FIRST = 2, LAST = 6 };

typedef struct {
    double first, last; /* seconds at those iterations */
} times;

static int on_progress(void *user, const nst_progress *progress)
{
    times *t = user;
    if (progress->iterations_done == FIRST)
        t->first = progress->seconds;
    if (progress->iterations_done == LAST)
        t->last = progress->seconds;
    return progress->iterations_done == LAST;
}

double nst_estimate_pace(const nst_model *model, const nst_options *options, int threads)
{
    nst_options o = *options;
    nst_image grey = {0}, result = {0};
    times t = {-1.0, -1.0};
    if (nst_image_create(SIDE, SIDE, 0, &grey, NULL) != NST_OK)
        return -1.0;
    o.size = SIDE;
    o.scales = 1;
    o.iterations = LAST;
    o.init = NST_INIT_NOISE;
    o.style_scale = 1.0f;
    o.optimizer = NST_OPTIMIZER_ADAM; /* never ends early */
    o.threads = threads;
    for (int i = 0; i < 3 * SIDE * SIDE; i++)
        grey.rgb[i] = (float)(i * 37 % 256) / 255.0f;
    const nst_inputs inputs = {
        .struct_size = sizeof inputs, .content = &grey, .styles = &grey, .style_count = 1};
    (void)nst_stylize(model, &inputs, &o, on_progress, &t, &result, NULL, NULL);
    nst_image_destroy(&grey);
    nst_image_destroy(&result);
    return t.last > t.first && t.first >= 0.0
               ? (t.last - t.first) / ((LAST - FIRST) * pixels(SIDE, SIDE))
               : -1.0;
}
