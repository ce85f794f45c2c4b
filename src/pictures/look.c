#include "pictures/look.h"

#include <stdio.h>

#include "base/error.h"
#include "base/memory.h"
#include "util/budget.h"

void nst_look_begin(nst_look *look, const nst_options *options)
{
    nst_budget budget;
    nst_budget_open(&budget, options->max_memory);
    *look = (nst_look){.options = *options, .limit = budget.total, .own = budget.own};
    look->never_enlarges = options->size == NST_LOOK_SIZE_DEFAULT;
    if (look->never_enlarges)
        look->options.size = NST_LOOK_SIZE;
    nst_budget_close(&budget);
}

uint64_t nst_look_image_bytes(int width, int height, bool has_alpha)
{
    return (has_alpha ? 4 : 3) * sizeof(float) * (uint64_t)width * (uint64_t)height;
}

static uint64_t bytes_of(const nst_image *image)
{
    return nst_look_image_bytes(image->width, image->height, image->alpha != NULL);
}

static uint64_t left(const nst_look *look)
{
    return look->limit > look->held ? look->limit - look->held : 1;
}

/* ---- what fits ------------------------------------------------------------------------------- */

/* The end of a message that something does not fit. */
static const char *of_the_process(const nst_look *look, char text[64])
{
    char own[NST_MEMORY_TEXT_MAX];
    text[0] = '\0';
    if (look->options.max_memory > 0)
        snprintf(text, 64, "; nst itself takes %s", nst_memory_text((double)look->own, own));
    return text;
}

/* The largest size at which it would fit; 0 when there is none. */
static int largest(const nst_look *look, nst_look_cost cost, const void *user, int width,
                   int height)
{
    int low = 0, high = width > height ? width : height;
    nst_options tried = look->options;
    while (low < high) {
        int smaller_width, smaller_height;
        tried.size = low + (high - low + 1) / 2;
        nst_result_size(&tried, width, height, &smaller_width, &smaller_height);
        if (cost(user, smaller_width, smaller_height) <= left(look))
            low = tried.size;
        else
            high = tried.size - 1;
    }
    return low >= NST_SIZE_MIN ? low : 0;
}

nst_status nst_look_fits(const nst_look *look, nst_look_cost cost, const void *user, int width,
                         int height, nst_error *error)
{
    char fits[64] = "no size fits", needed[NST_MEMORY_TEXT_MAX], allowed[NST_MEMORY_TEXT_MAX],
         own[64];
    uint64_t bytes = cost(user, width, height);
    if (bytes <= left(look))
        return NST_OK;
    int size = largest(look, cost, user, width, height);
    if (size > 0)
        snprintf(fits, sizeof fits, "size %d would fit", size);
    return nst_fail(error, NST_ERR_MEMORY, "%dx%d pixels need %s of memory, %s may be used; %s%s",
                    width, height, nst_memory_text((double)look->held + (double)bytes, needed),
                    nst_memory_text((double)look->limit, allowed), fits, of_the_process(look, own));
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The size at which a picture is measured. */
static void choose_size(const nst_look *look, const nst_file_info *info, int *width, int *height)
{
    nst_options fit = look->options;
    if (look->never_enlarges && info->width <= fit.size && info->height <= fit.size)
        fit.size = 0;
    nst_result_size(&fit, info->width, info->height, width, height);
}

/* Resize an image from the size at which it was read to that at which it is measured. */
static nst_status bring_to_size(const nst_look *look, const nst_file_info *info, nst_image *image,
                                nst_error *error)
{
    nst_image sized = {0};
    int width, height;
    choose_size(look, info, &width, &height);
    if (width == image->width && height == image->height)
        return NST_OK;
    /* Both, and a plane that is resized in one direction. */
    uint64_t bytes = bytes_of(image) + nst_look_image_bytes(width, height, image->alpha != NULL) +
                     sizeof(float) * (uint64_t)width * (uint64_t)image->height;
    if (bytes > left(look)) {
        char needed[NST_MEMORY_TEXT_MAX], allowed[NST_MEMORY_TEXT_MAX], own[64];
        return nst_fail(error, NST_ERR_MEMORY,
                        "%dx%d pixels from %dx%d need %s of memory, %s may be used; a smaller size "
                        "would fit%s",
                        width, height, image->width, image->height,
                        nst_memory_text((double)look->held + (double)bytes, needed),
                        nst_memory_text((double)look->limit, allowed), of_the_process(look, own));
    }
    nst_status status =
        nst_image_resize(image, width, height, look->options.threads, &sized, error);
    if (status != NST_OK)
        return status;
    nst_image_destroy(image);
    *image = sized;
    return NST_OK;
}

nst_status nst_look_read(nst_look *look, const char *path, bool whole, nst_image *out,
                         nst_error *error)
{
    nst_image image = {0};
    nst_file_info info;
    nst_error cause = {0};
    const nst_read_options reading = {.side = look->options.size, .max_bytes = left(look)};
    nst_status status = nst_image_read_with(path, &reading, &image, &info, error);
    if (status != NST_OK)
        return status;
    if (!whole && (status = bring_to_size(look, &info, &image, &cause)) != NST_OK) {
        nst_image_destroy(&image);
        return nst_fail(error, status, "%s: %s", path, cause.message);
    }
    look->held += bytes_of(&image);
    *out = image;
    return NST_OK;
}

void nst_look_drop(nst_look *look, nst_image *image)
{
    if (image->rgb)
        look->held -= bytes_of(image);
    nst_image_destroy(image);
}
