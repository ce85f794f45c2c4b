/* The facts that -v tells. */
#include "observers/describe.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "imageio/imageio.h"
#include "util/say.h"

static void describe_taps(const nst_model_info *info)
{
    char taps[NST_LAYER_MAX * 24] = "";
    for (int i = 0; i < info->layers; i++) {
        size_t used = strlen(taps);
        if (info->wide[i] > 0)
            snprintf(taps + used, sizeof taps - used, "%s%s %d", used ? ", " : "",
                     nst_layer_name(i), info->wide[i]);
    }
    if (taps[0])
        nst_say("model taps: %s", taps);
}

static void describe_model(const char *name, const nst_model *model)
{
    nst_model_info info;
    char widths[NST_LAYER_MAX * 12] = "";
    nst_model_describe(model, &info, sizeof info);
    for (int i = 0; i < info.layers; i++) {
        size_t used = strlen(widths);
        if (info.widths[i] == 0)
            continue;
        snprintf(widths + used, sizeof widths - used, " %d", info.widths[i]);
    }
    nst_say("model: %s, %s to %s, %s pooling, widths%s", name, info.network,
            nst_layer_name(info.layers - 1), info.pooling == NST_POOLING_AVG ? "average" : "max",
            widths);
    nst_say("model input: %s, scale %g, mean %g %g %g, std %g %g %g, %s",
            info.is_bgr ? "BGR" : "RGB", (double)info.scale, (double)info.mean[0],
            (double)info.mean[1], (double)info.mean[2], (double)info.std[0], (double)info.std[1],
            (double)info.std[2],
            info.has_transform ? "from the file" : "torchvision's, as the file names none");
    describe_taps(&info);
    if (info.source[0])
        nst_say("model source: %s", info.source);
    if (info.license[0])
        nst_say("model license: %s", info.license);
}

static void describe_picture(const char *what, const char *path, const nst_file_info *info)
{
    char turned[48] = "";
    if (info->orientation > 1)
        snprintf(turned, sizeof turned, ", turned upright (orientation %d)", info->orientation);
    nst_say("%s: %s, %dx%d, %s, %d bits%s%s%s", what, path, info->width, info->height,
            nst_format_name(info->format), info->bits, info->has_alpha ? ", transparency" : "",
            turned,
            info->profile_applied   ? ", colors converted to sRGB"
            : info->profile_ignored ? ", its color profile ignored (this nst has no Little CMS)"
                                    : "");
}

/* The regions of a mask; nothing when it is none, which the run will find. */
static void describe_mask(const char *what, const char *path, const nst_image *mask)
{
    nst_region regions[NST_REGIONS_MAX];
    char text[NST_REGIONS_MAX * 48] = "";
    int count = 0;
    if (nst_regions_find(mask, regions, &count, NULL) != NST_OK)
        return;
    for (int r = 0; r < count; r++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s %d (%.0f,%.0f,%.0f) %.1f %%", r ? "," : "",
                 r + 1, 255.0 * (double)regions[r].rgb[0], 255.0 * (double)regions[r].rgb[1],
                 255.0 * (double)regions[r].rgb[2], 100.0 * regions[r].share);
    }
    nst_say("%s: %s, %dx%d, regions%s", what, path, mask->width, mask->height, text);
}

/* How the run will use memory; nothing when it cannot, which the run will find. */
static void describe_memory(const nst_run_inputs *run)
{
    nst_memory memory;
    char taken[NST_MEMORY_TEXT_MAX], limit[NST_MEMORY_TEXT_MAX];
    if (nst_plan_memory(run->model, run->inputs, run->options, &memory, NULL) != NST_OK)
        return;
    nst_say("memory: %s of %s, %s", nst_memory_text((double)run->memory, taken),
            nst_memory_text((double)run->limit, limit),
            memory.recompute ? "activations in bands" : "activations kept");
}

static void describe_pictures(const nst_job *job, const nst_input_set *set)
{
    describe_picture("content", job->content, &set->content.info);
    for (int i = 0; i < job->style_count; i++)
        describe_picture("style", job->styles[i].path, &set->styles->infos[i]);
    if (job->content_mask)
        describe_mask("content mask", job->content_mask, &set->mask.image);
    for (int i = 0; i < job->style_mask_count; i++)
        if (job->style_masks[i])
            describe_mask("style mask", job->style_masks[i], &set->styles->masks[i]);
    if (job->options.init == NST_INIT_IMAGE)
        describe_picture("init", job->init, &set->init.info);
}

static void describe_output(const nst_job *job, const nst_image *content)
{
    nst_format by_name = nst_format_from_path(job->output);
    if (by_name != NST_FORMAT_UNKNOWN && by_name != job->output_format)
        nst_say("output: %s is written as %s, as --format says", job->output,
                nst_format_name(job->output_format));
    if (content->alpha && !nst_format_has_alpha(job->output_format))
        nst_say("output: transparency is lost, %s has none", nst_format_name(job->output_format));
}

void nst_describe_run(const nst_args *args, const nst_run_inputs *inputs)
{
    const nst_job *job = &args->job;
    char time[NST_TIME_TEXT_MAX];
    describe_pictures(job, inputs->pictures);
    describe_model(job->weights_path ? job->weights_path : "bundled", inputs->model);
    describe_output(job, &inputs->pictures->content.image);
    describe_memory(inputs);
    nst_say("result: %dx%d, begun after %s", inputs->width, inputs->height,
            nst_time_text(inputs->seconds, time));
}
