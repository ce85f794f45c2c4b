#include "imageio/rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"
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
    rows->shrink = rows->shrink > 1 ? rows->shrink : 1;
    int stored_width = nst_rows_shrunk(layout->width, rows->shrink);
    int stored_height = nst_rows_shrunk(layout->height, rows->shrink);
    nst_status status = nst_image_create(sideways ? stored_height : stored_width,
                                         sideways ? stored_width : stored_height, layout->has_alpha,
                                         rows->image, NULL);
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

/* Added to the alpha by which a color counts, so that a square without any alpha has a color too.
 */
static const float UNSEEN = 1e-4f;

static void add_to_square(nst_image *image, size_t plane, size_t to, const float rgb[3],
                          float alpha)
{
    float weight = image->alpha ? alpha + UNSEEN : 1.0f;
    for (size_t c = 0; c < 3; c++)
        image->rgb[c * plane + to] += weight * rgb[c];
    if (image->alpha)
        image->alpha[to] += alpha;
}

static void average(nst_rows *rows)
{
    nst_image *image = rows->image;
    bool sideways = nst_orientation_is_sideways(rows->orientation);
    int width = sideways ? rows->layout.height : rows->layout.width;
    int height = sideways ? rows->layout.width : rows->layout.height;
    size_t plane = nst_pixel_count(image), at = 0;
    for (int y = 0; y < image->height; y++)
        for (int x = 0; x < image->width; x++, at++) {
            int across = width - x * rows->shrink, down = height - y * rows->shrink;
            across = across < rows->shrink ? across : rows->shrink;
            down = down < rows->shrink ? down : rows->shrink;
            float count = (float)across * (float)down, weight = count;
            if (image->alpha) {
                weight = image->alpha[at] + UNSEEN * count;
                image->alpha[at] = fminf(image->alpha[at] / count, 1.0f);
            }
            for (size_t c = 0; c < 3; c++)
                image->rgb[c * plane + at] = fminf(image->rgb[c * plane + at] / weight, 1.0f);
        }
}

void nst_rows_complete(nst_rows *rows)
{
    if (rows->shrink > 1)
        average(rows);
    for (size_t i = 0; rows->alpha_unused && i < nst_pixel_count(rows->image); i++)
        rows->image->alpha[i] = 1.0f;
}

void nst_rows_put(nst_rows *rows, int y, const void *samples)
{
    const nst_layout *layout = &rows->layout;
    nst_image *image = rows->image;
    size_t plane = nst_pixel_count(image), each = samples_of(layout);
    if (nst_parallel_cancelled()) /* the picture is thrown away */
        return;
    if (layout->is_premultiplied)
        samples = divide(rows, samples);
    if (rows->transform)
        nst_transform_apply(rows->transform, samples, rows->converted, layout->width);
    for (int x = 0; x < layout->width; x++) {
        int upright_x, upright_y;
        nst_orientation_map(rows->orientation, layout->width, layout->height, x, y, &upright_x,
                            &upright_y);
        size_t to = (size_t)(upright_y / rows->shrink) * (size_t)image->width +
                    (size_t)(upright_x / rows->shrink);
        size_t from = (size_t)x * each;
        float rgb[3];
        if (rows->transform)
            for (size_t c = 0; c < 3; c++)
                rgb[c] = (float)rows->converted[3 * (size_t)x + c] / 65535.0f;
        else
            plain_color(layout, samples, from, rgb);
        float alpha = image->alpha ? sample(layout, samples, from + each - 1) : 1.0f;
        if (rows->shrink > 1) {
            add_to_square(image, plane, to, rgb, alpha);
            continue;
        }
        for (size_t c = 0; c < 3; c++)
            image->rgb[c * plane + to] = rgb[c];
        if (image->alpha)
            image->alpha[to] = alpha;
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

int nst_rows_shrunk(int pixels, int shrink)
{
    return pixels / shrink + (pixels % shrink != 0);
}

uint64_t nst_rows_bytes(int width, int height, bool has_alpha, int shrink)
{
    uint64_t pixels =
        (uint64_t)nst_rows_shrunk(width, shrink) * (uint64_t)nst_rows_shrunk(height, shrink);
    return (has_alpha ? 4 : 3) * sizeof(float) * pixels + 16 * (uint64_t)width;
}
