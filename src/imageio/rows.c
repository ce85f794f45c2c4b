#include "imageio/rows.h"

#include <stdlib.h>

#include "base/error.h"
#include "imageio/orientation.h"

static size_t samples_of(const nst_layout *layout)
{
    return (size_t)nst_color_channels(layout->kind) + (layout->has_alpha ? 1 : 0);
}

nst_status nst_rows_begin(nst_rows *rows, const nst_layout *layout, const nst_colorimetry *color,
                          nst_error *error)
{
    static const nst_colorimetry unknown = {0};
    size_t width = (size_t)layout->width;
    bool sideways = nst_orientation_is_sideways(rows->orientation);
    rows->layout = *layout;
    nst_status status = nst_image_create(sideways ? layout->height : layout->width,
                                         sideways ? layout->width : layout->height,
                                         layout->has_alpha, rows->image, NULL);
    if (status != NST_OK)
        return nst_fail(error, status, "%s: out of memory for %dx%d pixels", rows->name,
                        layout->width, layout->height);
    rows->transform = nst_transform_open(color ? color : &unknown, layout->kind, layout->has_alpha,
                                         layout->bits, &rows->profile_ignored);
    rows->profile_applied = rows->transform != NULL;
    if (rows->transform)
        rows->converted = malloc(3 * width * sizeof *rows->converted);
    if (layout->is_premultiplied)
        rows->divided = malloc(samples_of(layout) * width * (size_t)layout->bits / 8);
    if ((rows->transform && !rows->converted) || (layout->is_premultiplied && !rows->divided))
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for a row of %d pixels",
                        rows->name, layout->width);
    return NST_OK;
}

static float sample(const nst_layout *layout, const void *samples, size_t i)
{
    return layout->bits == 16 ? (float)((const uint16_t *)samples)[i] / 65535.0f
                              : (float)((const uint8_t *)samples)[i] / 255.0f;
}

/* Colors as they were before alpha was multiplied in. */
static const void *divide(nst_rows *rows, const void *samples)
{
    const nst_layout *layout = &rows->layout;
    const uint16_t *from16 = samples;
    const uint8_t *from8 = samples;
    uint16_t *to16 = rows->divided;
    uint8_t *to8 = rows->divided;
    size_t each = samples_of(layout), count = each * (size_t)layout->width;
    uint32_t white = layout->bits == 16 ? 65535 : 255;
    for (size_t i = 0; i < count; i++) {
        size_t at_alpha = i - i % each + each - 1;
        uint32_t value = layout->bits == 16 ? from16[i] : from8[i];
        uint32_t alpha = layout->bits == 16 ? from16[at_alpha] : from8[at_alpha];
        if (i != at_alpha && alpha > 0)
            value = value < alpha ? (value * white + alpha / 2) / alpha : white;
        if (layout->bits == 16)
            to16[i] = (uint16_t)value;
        else
            to8[i] = (uint8_t)value;
    }
    return rows->divided;
}

/* Without a profile for it, ink takes its part of the light. */
static void plain_color(const nst_layout *layout, const void *samples, size_t at, float rgb[3])
{
    float black = layout->kind == NST_COLOR_CMYK ? sample(layout, samples, at + 3) : 0.0f;
    for (size_t c = 0; c < 3; c++) {
        float value = sample(layout, samples, at + (layout->kind == NST_COLOR_GREY ? 0 : c));
        rgb[c] = layout->kind == NST_COLOR_CMYK ? (1.0f - value) * (1.0f - black) : value;
    }
}

void nst_rows_put(nst_rows *rows, int y, const void *samples)
{
    const nst_layout *layout = &rows->layout;
    nst_image *image = rows->image;
    size_t plane = (size_t)image->width * (size_t)image->height, each = samples_of(layout);
    if (layout->is_premultiplied)
        samples = divide(rows, samples);
    if (rows->transform)
        nst_transform_apply(rows->transform, samples, rows->converted, layout->width);
    for (int x = 0; x < layout->width; x++) {
        int upright_x, upright_y;
        nst_orientation_map(rows->orientation, layout->width, layout->height, x, y, &upright_x,
                            &upright_y);
        size_t to = (size_t)upright_y * (size_t)image->width + (size_t)upright_x;
        size_t from = (size_t)x * each;
        float rgb[3];
        if (rows->transform)
            for (size_t c = 0; c < 3; c++)
                rgb[c] = (float)rows->converted[3 * (size_t)x + c] / 65535.0f;
        else
            plain_color(layout, samples, from, rgb);
        for (size_t c = 0; c < 3; c++)
            image->rgb[c * plane + to] = rgb[c];
        if (image->alpha)
            image->alpha[to] = sample(layout, samples, from + each - 1);
    }
}

void nst_rows_end(nst_rows *rows)
{
    nst_transform_close(rows->transform);
    free(rows->converted);
    free(rows->divided);
    rows->transform = NULL;
    rows->converted = NULL;
    rows->divided = NULL;
}

uint64_t nst_rows_bytes(int width, int height, bool has_alpha)
{
    uint64_t pixels = (uint64_t)width * (uint64_t)height;
    return (has_alpha ? 4 : 3) * sizeof(float) * pixels + 16 * (uint64_t)width;
}
