/* Memory of a run, and what to do when there is little. */
#include "style/plan.h"

#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "model/pass.h"
#include "optim/optim.h"
#include "style/sources.h"

enum { HISTORY_MIN = 2, SHARE_OF_FREE = 80 };

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

static size_t optimizer_bytes(const nst_options *options, int width, int height, int history)
{
    size_t count = (size_t)nst_objective_planes(options);
    if (options->optimizer == NST_OPTIMIZER_ADAM)
        return planes(4 * count, width, height); /* two moments, average, gradient */
    size_t n = planes(count, width, height) / sizeof(float);
    size_t floats = nst_lbfgs_workspace(n, history);
    return floats <= SIZE_MAX / sizeof(float) ? floats * sizeof(float) : SIZE_MAX;
}

size_t nst_level_bytes(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                       int width, int height, bool banded, int history)
{
    /* Masks are not read yet: as many regions as there can be. */
    int regions = inputs->content_mask ? NST_REGIONS_MAX : 1;
    nst_image content = {.width = width, .height = height};
    static const float some_shares[1] = {0};
    size_t most = 0, images = planes(3, width, height), largest = 0;
    nst_scene scene = {.content = &content, .region_count = regions, .plan = {.banded = banded}};
    for (int i = 0; i < inputs->style_count; i++) {
        nst_image image = {0};
        nst_style style = {.image = &image, .weight = 1.0};
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
    /* The pictures are there while the objective is made, the optimiser's vectors afterwards. */
    size_t vectors = optimizer_bytes(options, width, height, history);
    size_t point = planes(options->color == NST_COLOR_LUMA ? 9 : 3, width, height);
    return add(add(most, point), images > vectors ? images : vectors);
}

/* Whether banded or not, and how long a history; false when nothing fits. */
static bool choose(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                   int width, int height, uint64_t limit, nst_memory *out)
{
    *out = (nst_memory){.limit = limit, .history = options->history};
    for (;;) {
        for (int banded = 0; banded < 2; banded++) {
            /* A shorter history changes the result, so it comes last. */
            if (out->history < options->history && !banded)
                continue;
            out->banded = banded;
            out->needed =
                nst_level_bytes(model, inputs, options, width, height, banded, out->history);
            if (out->needed <= limit)
                return true;
        }
        if (options->optimizer == NST_OPTIMIZER_ADAM || out->history <= HISTORY_MIN)
            return false;
        out->history = out->history / 2 < HISTORY_MIN ? HISTORY_MIN : out->history / 2;
    }
}

/* The largest longest side that would do, by halving. */
static int largest_size(const nst_model *model, const nst_inputs *inputs,
                        const nst_options *options, uint64_t limit)
{
    int low = 0, high = NST_SIZE_MAX;
    while (low < high) {
        int middle = low + (high - low + 1) / 2, width, height;
        nst_options tried = *options;
        nst_memory memory;
        tried.size = middle;
        nst_result_size(&tried, inputs->content->width, inputs->content->height, &width, &height);
        if (choose(model, inputs, &tried, width, height, limit, &memory))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

nst_status nst_plan_memory(const nst_model *model, const nst_inputs *inputs,
                           const nst_options *options, nst_memory *out, nst_error *error)
{
    int width, height;
    uint64_t limit = options->max_memory;
    if (limit == 0) {
        uint64_t available = nst_memory_available();
        limit = available == UINT64_MAX ? available : available / 100 * SHARE_OF_FREE;
    }
    nst_result_size(options, inputs->content->width, inputs->content->height, &width, &height);
    if (choose(model, inputs, options, width, height, limit, out))
        return NST_OK;
    int size = largest_size(model, inputs, options, limit);
    char fits[64] = "no size fits", needed[NST_MEMORY_TEXT_MAX], allowed[NST_MEMORY_TEXT_MAX];
    if (size >= NST_SIZE_MIN)
        snprintf(fits, sizeof fits, "size %d would fit", size);
    return nst_fail(error, NST_ERR_MEMORY, "%dx%d pixels need %s of memory, %s may be used; %s",
                    width, height, nst_memory_text((double)out->needed, needed),
                    nst_memory_text((double)limit, allowed), fits);
}
