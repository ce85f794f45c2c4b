/* The facts that -v tells. */
#include "observers/describe.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "util/say.h"

void nst_describe_model(const char *name, const nst_model *model)
{
    nst_model_info info;
    char widths[NST_LAYER_MAX * 12] = "";
    nst_model_describe(model, &info);
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
    if (info.source[0])
        nst_say("model source: %s", info.source);
    if (info.license[0])
        nst_say("model license: %s", info.license);
}

void nst_describe_picture(const char *what, const char *path, const nst_file_info *info)
{
    char turned[48] = "";
    if (info->orientation > 1)
        snprintf(turned, sizeof turned, ", turned upright (orientation %d)", info->orientation);
    nst_say("%s: %s, %dx%d, %s, %d bits%s%s%s", what, path, info->width, info->height,
            nst_format_name(info->format), info->bits, info->has_alpha ? ", transparency" : "",
            turned, info->profile_applied ? ", colour profile converted to sRGB" : "");
}

void nst_describe_mask(const char *what, const char *path, const nst_image *mask)
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

void nst_describe_memory(const nst_model *model, const nst_inputs *inputs,
                         const nst_options *options)
{
    nst_memory memory;
    char needed[NST_MEMORY_TEXT_MAX], limit[NST_MEMORY_TEXT_MAX];
    if (nst_plan_memory(model, inputs, options, &memory, NULL) != NST_OK)
        return;
    nst_say("memory: %s of %s, %s", nst_memory_text((double)memory.needed, needed),
            nst_memory_text((double)memory.limit, limit),
            memory.banded ? "activations in bands" : "activations kept");
}
