/* What a job will take, roughly. */
#include "engine/estimate.h"

#include "base/error.h"
#include "base/memory.h"
#include "engine/reduce.h"
#include "list/input_files.h"

static double pixels(int width, int height)
{
    return (double)width * (double)height;
}

/* ---- files ----------------------------------------------------------------------------------- */

nst_status nst_estimate_files(const nst_job *job, nst_job_files *out, nst_error *error)
{
    *out = (nst_job_files){0};
    nst_status status = nst_input_file_probe(job->content, &out->content, error);
    for (int i = 0; i < job->style_count && status == NST_OK; i++) {
        status = nst_input_file_probe(job->styles[i].path, &out->styles[i], error);
        if (status == NST_OK && out->styles[i].width == 0)
            out->styles[i] = out->content;
        if (status == NST_OK && job->style_masks[i])
            status = nst_input_file_probe(job->style_masks[i], &out->style_masks[i], error);
    }
    if (status == NST_OK && job->content_mask)
        status = nst_input_file_probe(job->content_mask, &out->content_mask, error);
    if (status == NST_OK && job->options.init == NST_INIT_IMAGE)
        status = nst_input_file_probe(job->init, &out->init, error);
    return status;
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Read one more picture: its peak beside those that are held, then what it leaves. */
static void read_one(const nst_options *options, nst_picture_use use, const nst_file_info *file,
                     uint64_t *held, uint64_t *peak)
{
    uint64_t reading, left;
    if (file->width < 1)
        return;
    nst_reduce_bytes(options, use, file, &reading, &left);
    *peak = *held + reading > *peak ? *held + reading : *peak;
    *held += left;
}

static nst_image image_of(const nst_options *options, nst_picture_use use,
                          const nst_file_info *file)
{
    nst_image image = {0};
    if (file->width > 0)
        nst_reduce_size(options, use, file, &image.width, &image.height);
    return image;
}

/* Alpha and colors at the size of the result while it is painted, where the content has alpha. */
static uint64_t backdrop_bytes(const nst_options *options, const nst_file_info *content)
{
    int width, height;
    if (!content->has_alpha)
        return 0;
    nst_result_size(options, content->width, content->height, &width, &height);
    return 4 * sizeof(float) * (uint64_t)width * (uint64_t)height;
}

nst_status nst_estimate_needs(const nst_model *model, const nst_job *job,
                              const nst_job_files *files, const nst_image *mask, uint64_t share,
                              uint64_t total, nst_job_needs *out, nst_error *error)
{
    nst_options options = job->options;
    nst_image styles[NST_STYLES_MAX], masks[NST_STYLES_MAX];
    const nst_image content = image_of(&options, NST_USE_CONTENT, &files->content);
    const nst_image unread = image_of(&options, NST_USE_MASK, &files->content_mask);
    uint64_t held = 0, peak = 0;
    nst_memory memory;
    nst_error unfit = {0};
    read_one(&options, NST_USE_CONTENT, &files->content, &held, &peak);
    for (int i = 0; i < job->style_count; i++) {
        read_one(&options, NST_USE_STYLE, &files->styles[i], &held, &peak);
        read_one(&options, NST_USE_MASK, &files->style_masks[i], &held, &peak);
        styles[i] = image_of(&options, NST_USE_STYLE, &files->styles[i]);
        masks[i] = image_of(&options, NST_USE_MASK, &files->style_masks[i]);
    }
    read_one(&options, NST_USE_MASK, &files->content_mask, &held, &peak);
    read_one(&options, NST_USE_CONTENT, &files->init, &held, &peak);
    held += backdrop_bytes(&options, &files->content);
    const nst_inputs inputs = {
        .struct_size = sizeof inputs,
        .content = &content,
        .styles = styles,
        .style_count = job->style_count,
        .content_mask = !job->content_mask ? NULL
                        : mask             ? mask
                                           : &unread,
        .style_masks = job->content_mask ? masks : NULL,
    };
    options.max_memory = share > held ? share - held : 1;
    nst_status status = nst_plan_memory(model, &inputs, &options, &memory, &unfit);
    if (status == NST_ERR_MEMORY && share < total) {
        unfit = (nst_error){0};
        options.max_memory = total > held ? total - held : 1;
        status = nst_plan_memory(model, &inputs, &options, &memory, &unfit);
    }
    *out = (nst_job_needs){peak, held + memory.needed, memory.needed};
    if (status != NST_OK)
        return nst_fail(error, status, "%s", unfit.message);
    if (peak <= total)
        return NST_OK;
    char needed[NST_MEMORY_TEXT_MAX], allowed[NST_MEMORY_TEXT_MAX];
    return nst_fail(error, NST_ERR_MEMORY,
                    "reading %dx%d pixels takes %s of memory, %s may be used; a smaller file would "
                    "fit",
                    files->content.width, files->content.height,
                    nst_memory_text((double)peak, needed), nst_memory_text((double)total, allowed));
}

/* ---- time ------------------------------------------------------------------------------------ */

double nst_estimate_work(const nst_model *model, const nst_options *options,
                         const nst_file_info *content)
{
    nst_level levels[NST_SCALES_MAX];
    int count = nst_result_levels(options, model, content->width, content->height, levels);
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
