/* The memory of a run: how much it needs, which plan fits, and what would fit when none does. */
#include "style/plan.h"

#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "image/check.h"
#include "model/pass.h"
#include "optim/optim.h"
#include "style/sources.h"
#include "values/option_table.h"

static size_t add(size_t a, size_t b)
{
    size_t sum;
    return nst_add_size(a, b, &sum) ? sum : SIZE_MAX;
}

/* Bytes of so many floats for each pixel. */
static size_t planes(size_t count, int width, int height)
{
    size_t pixels, floats;
    bool fits = nst_mul_size((size_t)width, (size_t)height, &pixels) &&
                nst_mul_size(pixels, count, &floats) && floats <= SIZE_MAX / sizeof(float);
    return fits ? floats * sizeof(float) : SIZE_MAX;
}

static size_t optimizer_bytes(const nst_options *options, int width, int height)
{
    size_t count = (size_t)nst_objective_planes(options);
    if (options->optimizer == NST_OPTIMIZER_ADAM)
        return planes(4 * count, width, height); /* two moments, average, gradient */
    size_t n = planes(count, width, height) / sizeof(float);
    size_t floats = nst_lbfgs_workspace(n, options->history);
    return floats <= SIZE_MAX / sizeof(float) ? floats * sizeof(float) : SIZE_MAX;
}

/* The number of regions of the content's mask; NST_REGIONS_MAX when the mask has no pixels yet. */
static int count_regions(const nst_inputs *inputs)
{
    nst_region regions[NST_REGIONS_MAX];
    int count = NST_REGIONS_MAX;
    const nst_image *mask = inputs->content_mask;
    if (!mask)
        return 1;
    if (mask->rgb && nst_regions_find(mask, regions, &count, NULL) != NST_OK)
        count = NST_REGIONS_MAX;
    return count;
}

/* What is made from the pictures before the first level and kept: copies in other colors, and a
 * byte for each pixel of a mask. */
static size_t copies_bytes(const nst_inputs *inputs, const nst_options *options)
{
    size_t bytes = 0;
    if (options->color == NST_COLOR_LUMA)
        bytes = planes(3, inputs->content->width, inputs->content->height);
    for (int i = 0; i < inputs->style_count && options->color != NST_COLOR_STYLE; i++)
        bytes = add(bytes, planes(3, inputs->styles[i].width, inputs->styles[i].height));
    if (inputs->content_mask)
        bytes =
            add(bytes, planes(1, inputs->content_mask->width, inputs->content_mask->height) / 4);
    for (int i = 0; i < inputs->style_count && inputs->style_masks; i++)
        bytes =
            add(bytes, planes(1, inputs->style_masks[i].width, inputs->style_masks[i].height) / 4);
    return bytes;
}

static size_t level_bytes(const nst_model *model, const nst_inputs *inputs,
                          const nst_options *options, int width, int height, bool recompute,
                          int regions)
{
    nst_image content = {.width = width, .height = height};
    static const float some_shares[1] = {0};
    size_t most = 0, images = planes(3, width, height), largest = 0;
    nst_scene scene = {
        .content = &content, .region_count = regions, .plan = {.recompute = recompute}};
    for (int i = 0; i < inputs->style_count; i++) {
        nst_image image = {0};
        nst_scene_style style = {.image = &image, .weight = 1.0};
        nst_sources_style_size(options, width > height ? width : height, &inputs->styles[i],
                               &image.width, &image.height);
        style.shares = inputs->content_mask ? some_shares : NULL;
        scene.styles = &style;
        scene.style_count = 1;
        size_t bytes = nst_objective_bytes(
            model, options, &scene, options->threads ? options->threads : nst_parallel_cores());
        most = bytes > most ? bytes : most;
        size_t one = planes(3, image.width, image.height);
        largest = one > largest ? one : largest;
        if (inputs->content_mask)
            images = add(images, planes((size_t)regions, image.width, image.height));
    }
    if (inputs->content_mask)
        images = add(images, planes((size_t)regions, width, height));
    images = add(images, largest); /* styles are resized one by one */
    /* The pictures are there while the objective is made, the optimizer's vectors afterwards. */
    size_t vectors = optimizer_bytes(options, width, height);
    size_t point = planes(options->color == NST_COLOR_LUMA ? 9 : 3, width, height);
    return add(add(add(most, point), copies_bytes(inputs, options)),
               images > vectors ? images : vectors);
}

size_t nst_level_bytes(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                       int width, int height, bool recompute)
{
    return level_bytes(model, inputs, options, width, height, recompute, count_regions(inputs));
}

/* Choose the plan. Both give the same result, so free memory may decide. False when neither
 * fits. */
static bool choose(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                   int regions, uint64_t limit, nst_memory *out)
{
    int width, height;
    nst_result_size(options, inputs->content->width, inputs->content->height, &width, &height);
    *out = (nst_memory){.limit = limit};
    for (int recompute = 0; recompute < 2; recompute++) {
        out->recompute = recompute;
        out->needed = level_bytes(model, inputs, options, width, height, recompute, regions);
        if (out->needed <= limit)
            return true;
    }
    return false;
}

/* The largest value of *setting, a field of *tried, from low to high with which the run would fit;
 * low - 1 when there is none. */
static int largest(const nst_model *model, const nst_inputs *inputs, nst_options *tried,
                   int *setting, int low, int high, int regions, uint64_t limit)
{
    nst_memory memory;
    low--;
    while (low < high) {
        *setting = low + (high - low + 1) / 2;
        if (choose(model, inputs, tried, regions, limit, &memory))
            low = *setting;
        else
            high = *setting - 1;
    }
    return low;
}

/* What would fit, as text for a message. */
static const char *name_what_fits(const nst_model *model, const nst_inputs *inputs,
                                  const nst_options *options, int regions, uint64_t limit,
                                  char text[96])
{
    nst_options smaller = *options, shorter = *options;
    int history = 0, size = largest(model, inputs, &smaller, &smaller.size, NST_SIZE_MIN,
                                    NST_SIZE_MAX, regions, limit);
    if (options->optimizer == NST_OPTIMIZER_LBFGS)
        history =
            largest(model, inputs, &shorter, &shorter.history, 1, options->history, regions, limit);
    int used = size >= NST_SIZE_MIN ? snprintf(text, 96, "size %d would fit", size)
                                    : snprintf(text, 96, "no size fits");
    if (history >= 1)
        snprintf(text + used, 96 - (size_t)used, ", or this size with a history of %d", history);
    return text;
}

static nst_status check_sizes(const nst_inputs *inputs, nst_error *error)
{
    nst_status status = nst_check_size("the content", inputs->content, error);
    for (int i = 0; status == NST_OK && i < inputs->style_count; i++)
        status = nst_check_size("a style", &inputs->styles[i], error);
    return status;
}

nst_status nst_plan_choose(const nst_model *model, const nst_inputs *inputs,
                           const nst_options *options, uint64_t kept, nst_memory *out,
                           nst_error *error)
{
    int width, height, regions = count_regions(inputs);
    uint64_t limit = options->max_memory;
    if (limit == 0) {
        uint64_t available = nst_memory_available();
        limit = nst_memory_share(available == UINT64_MAX ? available : available + kept);
    }
    if (choose(model, inputs, options, regions, limit, out))
        return NST_OK;
    char fits[96], needed[NST_MEMORY_TEXT_MAX], allowed[NST_MEMORY_TEXT_MAX];
    nst_result_size(options, inputs->content->width, inputs->content->height, &width, &height);
    return nst_fail(error, NST_ERR_MEMORY, "%dx%d pixels need %s of memory, %s may be used; %s",
                    width, height, nst_memory_text((double)out->needed, needed),
                    nst_memory_text((double)limit, allowed),
                    name_what_fits(model, inputs, options, regions, limit, fits));
}

nst_status nst_plan_memory(const nst_model *model, const nst_inputs *inputs,
                           const nst_options *options, nst_memory *out, nst_error *error)
{
    nst_options full;
    nst_given given = {.styles = NULL};
    nst_status status;
    if ((status = nst_check_given("the model", model, error)) != NST_OK ||
        (status = nst_check_given("a place for the plan", out, error)) != NST_OK ||
        (status = nst_given_read(inputs, &given, error)) != NST_OK ||
        (status = check_sizes(&given.inputs, error)) != NST_OK ||
        (status = nst_options_read(options, &full, error)) != NST_OK)
        goto cleanup;
    nst_options_resolve(&full, model);
    status = nst_plan_choose(model, &given.inputs, &full, 0, out, error);
cleanup:
    nst_given_destroy(&given);
    return status;
}
