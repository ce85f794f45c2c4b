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

/* Where pixel (x, y) of the stored picture is in the planes of the image, in two parts: what x
 * adds, and what y does. */
static void place(const nst_rows *rows, int x, int y, size_t *of_x, size_t *of_y)
{
    int upright_x, upright_y;
    nst_orientation_map(rows->orientation, rows->layout.width, rows->layout.height, x, y,
                        &upright_x, &upright_y);
    size_t across = (size_t)(upright_x / rows->shrink);
    size_t down = (size_t)(upright_y / rows->shrink) * (size_t)rows->image->width;
    bool sideways = nst_orientation_is_sideways(rows->orientation);
    *of_x = sideways ? down : across;
    *of_y = sideways ? across : down;
}

nst_status nst_rows_begin(nst_rows *rows, const nst_layout *layout, const nst_colorimetry *color,
                          nst_error *error)
{
    static const nst_colorimetry unknown = {0};
    size_t width = (size_t)layout->width, of_y;
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
    rows->values = malloc(4 * width * sizeof *rows->values);
    rows->places = malloc(width * sizeof *rows->places);
    if ((rows->transform && !rows->converted) || (layout->is_premultiplied && !rows->divided) ||
        !rows->values || !rows->places)
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for a row of %d pixels",
                        rows->name, layout->width);
    for (int x = 0; x < layout->width; x++)
        place(rows, x, 0, &rows->places[x], &of_y);
    for (int i = 0; i < 256; i++)
        rows->levels[i] = (float)i / 255.0f;
    return NST_OK;
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

/* One channel of a row, from 0 to 1. */
static void take_channel(const nst_rows *rows, const void *samples, size_t channel, float *out)
{
    const nst_layout *layout = &rows->layout;
    size_t each = samples_of(layout), width = (size_t)layout->width;
    const uint16_t *from16 = (const uint16_t *)samples + channel;
    const uint8_t *from8 = (const uint8_t *)samples + channel;
    if (layout->bits == 16)
        for (size_t x = 0; x < width; x++)
            out[x] = (float)from16[x * each] / 65535.0f;
    else
        for (size_t x = 0; x < width; x++)
            out[x] = rows->levels[from8[x * each]];
}

/* Without a profile for it, ink takes its part of the light. */
static void take_ink(const nst_rows *rows, const void *samples)
{
    size_t width = (size_t)rows->layout.width;
    float *black = rows->values + 3 * width;
    take_channel(rows, samples, 3, black);
    for (size_t c = 0; c < 3; c++) {
        float *out = rows->values + c * width;
        take_channel(rows, samples, c, out);
        for (size_t x = 0; x < width; x++)
            out[x] = (1.0f - out[x]) * (1.0f - black[x]);
    }
}

static void take_converted(const nst_rows *rows)
{
    size_t width = (size_t)rows->layout.width;
    for (size_t c = 0; c < 3; c++)
        for (size_t x = 0; x < width; x++)
            rows->values[c * width + x] = (float)rows->converted[3 * x + c] / 65535.0f;
}

/* rows->values = the colors of a row, then its alpha where the image has any. */
static void take_row(const nst_rows *rows, const void *samples)
{
    const nst_layout *layout = &rows->layout;
    size_t width = (size_t)layout->width;
    if (rows->transform)
        take_converted(rows);
    else if (layout->kind == NST_COLOR_CMYK)
        take_ink(rows, samples);
    else
        for (size_t c = 0; c < 3; c++)
            take_channel(rows, samples, layout->kind == NST_COLOR_GREY ? 0 : c,
                         rows->values + c * width);
    if (rows->image->alpha)
        take_channel(rows, samples, samples_of(layout) - 1, rows->values + 3 * width);
}

/* Added to the alpha by which a color counts, so that a square without any alpha has a color too.
 */
static const float UNSEEN = 1e-4f;

/* Colors count by their alpha in the sum over a square. */
static void weigh_row(const nst_rows *rows)
{
    size_t width = (size_t)rows->layout.width;
    const float *alpha = rows->values + 3 * width;
    for (size_t c = 0; c < 3; c++)
        for (size_t x = 0; x < width; x++)
            rows->values[c * width + x] *= alpha[x] + UNSEEN;
}

/* One channel of a row into its plane, `first` for the row. */
static void store_channel(const nst_rows *rows, const float *values, float *first)
{
    size_t width = (size_t)rows->layout.width;
    if (rows->shrink > 1)
        for (size_t x = 0; x < width; x++)
            first[rows->places[x]] += values[x];
    else
        for (size_t x = 0; x < width; x++)
            first[rows->places[x]] = values[x];
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
    size_t plane = nst_pixel_count(image), width = (size_t)layout->width, of_x, of_y;
    if (nst_parallel_cancelled()) /* the picture is thrown away */
        return;
    if (layout->is_premultiplied)
        samples = divide(rows, samples);
    if (rows->transform)
        nst_transform_apply(rows->transform, samples, rows->converted, layout->width);
    take_row(rows, samples);
    if (rows->shrink > 1 && image->alpha)
        weigh_row(rows);
    place(rows, 0, y, &of_x, &of_y);
    for (size_t c = 0; c < 3; c++)
        store_channel(rows, rows->values + c * width, image->rgb + c * plane + of_y);
    if (image->alpha)
        store_channel(rows, rows->values + 3 * width, image->alpha + of_y);
}

void nst_rows_end(nst_rows *rows)
{
    nst_transform_close(rows->transform);
    free(rows->converted);
    free(rows->divided);
    free(rows->values);
    free(rows->places);
    rows->transform = NULL;
    rows->converted = NULL;
    rows->divided = NULL;
    rows->values = NULL;
    rows->places = NULL;
}

int nst_rows_shrunk(int pixels, int shrink)
{
    return pixels / shrink + (pixels % shrink != 0);
}

/* For each pixel of a row: converted and without alpha's factor, as floats, and its place. */
enum { ROW_BYTES = 16 + 4 * sizeof(float) + sizeof(size_t) };

uint64_t nst_rows_bytes(int width, int height, bool has_alpha, int shrink)
{
    uint64_t pixels =
        (uint64_t)nst_rows_shrunk(width, shrink) * (uint64_t)nst_rows_shrunk(height, shrink);
    return (has_alpha ? 4 : 3) * sizeof(float) * pixels + ROW_BYTES * (uint64_t)width;
}
