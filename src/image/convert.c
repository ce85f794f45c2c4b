/* Pixels in the orders that other programs use, from and to nst_image. */
#include <stdint.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/image.h"
#include "image/check.h"

static size_t bytes_of(nst_pixel_kind kind)
{
    return kind == NST_PIXEL_F32 ? sizeof(float) : 1;
}

/* Adds the way of `count` steps of `stride` bytes to *end; false when no memory is so large. */
static bool can_step(ptrdiff_t stride, int count, size_t *end)
{
    size_t step = stride < 0 ? 0 - (size_t)stride : (size_t)stride, way;
    return nst_mul_size(step, (size_t)count - 1, &way) && nst_add_size(*end, way, end) &&
           *end <= PTRDIFF_MAX;
}

static nst_status check(const nst_pixels *pixels, nst_error *error)
{
    size_t end = 0;
    nst_status status;
    if ((status = nst_check_given("the description of pixels", pixels, error)) != NST_OK ||
        (status = nst_check_given("the data of pixels", pixels->data, error)) != NST_OK)
        return status;
    if (pixels->width < 1 || pixels->height < 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "%dx%d pixels: expected at least 1x1",
                        pixels->width, pixels->height);
    if (pixels->channels != 1 && pixels->channels != 3 && pixels->channels != 4)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "pixels of %d channels: expected 1 (grey), 3 (RGB) or 4 (RGB and alpha)",
                        pixels->channels);
    if (pixels->kind != NST_PIXEL_U8 && pixels->kind != NST_PIXEL_F32)
        return nst_fail(error, NST_ERR_ARGUMENT, "pixels of kind %d: unknown", (int)pixels->kind);
    if (!can_step(pixels->row_stride, pixels->height, &end) ||
        !can_step(pixels->pixel_stride, pixels->width, &end) ||
        !can_step(pixels->channel_stride, pixels->channels, &end))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "pixels with strides of %td, %td and %td bytes: no memory is so large",
                        pixels->row_stride, pixels->pixel_stride, pixels->channel_stride);
    return NST_OK;
}

static unsigned char *at(const nst_pixels *pixels, int y, int channel)
{
    return (unsigned char *)pixels->data + (ptrdiff_t)y * pixels->row_stride +
           (ptrdiff_t)channel * pixels->channel_stride;
}

/* ---- one row of one channel; floats may lie at any address ----------------------------------- */

static void read_row(const nst_pixels *pixels, int y, int channel, float *to)
{
    const unsigned char *from = at(pixels, y, channel);
    for (int x = 0; x < pixels->width; x++) {
        const unsigned char *value = from + (ptrdiff_t)x * pixels->pixel_stride;
        if (pixels->kind == NST_PIXEL_U8)
            to[x] = (float)*value / 255.0f;
        else
            memcpy(&to[x], value, sizeof *to);
    }
}

/* from NULL: all are 1. */
static void write_row(const nst_pixels *pixels, int y, int channel, const float *from)
{
    unsigned char *to = at(pixels, y, channel);
    for (int x = 0; x < pixels->width; x++) {
        unsigned char *value = to + (ptrdiff_t)x * pixels->pixel_stride;
        float number = from ? from[x] : 1.0f;
        if (pixels->kind == NST_PIXEL_U8)
            *value = (unsigned char)nst_quantize(number, 255.0f);
        else
            memcpy(value, &number, sizeof number);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static nst_status check_alpha(const nst_image *image, nst_error *error)
{
    for (size_t i = 0; image->alpha && i < nst_pixel_count(image); i++)
        if (!(image->alpha[i] >= 0.0f && image->alpha[i] <= 1.0f))
            return nst_fail(
                error, NST_ERR_ARGUMENT, "the pixels: an alpha of %g at %zu,%zu: expected 0 to 1",
                (double)image->alpha[i], i % (size_t)image->width, i / (size_t)image->width);
    return NST_OK;
}

nst_status nst_image_from_pixels(const nst_pixels *pixels, nst_image *out, nst_error *error)
{
    nst_image image = {0};
    nst_status status;
    if ((status = check(pixels, error)) != NST_OK ||
        (status = nst_check_given("a place for the image", out, error)) != NST_OK ||
        (status = nst_image_create(pixels->width, pixels->height, pixels->channels == 4, &image,
                                   error)) != NST_OK)
        return status;
    size_t width = (size_t)image.width, plane = nst_pixel_count(&image);
    for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < image.height; y++)
            read_row(pixels, y, pixels->channels == 1 ? 0 : channel,
                     image.rgb + (size_t)channel * plane + (size_t)y * width);
    for (int y = 0; image.alpha && y < image.height; y++)
        read_row(pixels, y, 3, image.alpha + (size_t)y * width);
    if ((status = nst_check_image("the pixels", &image, error)) != NST_OK ||
        (status = check_alpha(&image, error)) != NST_OK) {
        nst_image_destroy(&image);
        return status;
    }
    *out = image;
    return NST_OK;
}

nst_status nst_image_to_pixels(const nst_image *image, const nst_pixels *pixels, nst_error *error)
{
    nst_status status;
    if ((status = check(pixels, error)) != NST_OK ||
        (status = nst_check_image("the image", image, error)) != NST_OK)
        return status;
    if (pixels->width != image->width || pixels->height != image->height)
        return nst_fail(error, NST_ERR_ARGUMENT, "pixels of %dx%d: the image has %dx%d",
                        pixels->width, pixels->height, image->width, image->height);
    if (pixels->channels == 1)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "pixels of 1 channel: expected 3 (RGB) or 4 (RGB and alpha)");
    size_t width = (size_t)image->width, plane = nst_pixel_count(image);
    for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < image->height; y++)
            write_row(pixels, y, channel, image->rgb + (size_t)channel * plane + (size_t)y * width);
    for (int y = 0; pixels->channels == 4 && y < image->height; y++)
        write_row(pixels, y, 3, image->alpha ? image->alpha + (size_t)y * width : NULL);
    return NST_OK;
}

/* ---- the usual orders ------------------------------------------------------------------------ */

/* Strides are computed unsigned, so that an impossible product wraps and is defined. `check`
 * refuses sizes and strides that no memory has. */
static nst_pixels describe(void *data, int width, int height, int channels, nst_pixel_kind kind)
{
    return (nst_pixels){
        .data = data, .width = width, .height = height, .channels = channels, .kind = kind};
}

nst_pixels nst_pixels_interleaved(void *data, int width, int height, int channels,
                                  nst_pixel_kind kind)
{
    nst_pixels pixels = describe(data, width, height, channels, kind);
    size_t size = bytes_of(kind), pixel = size * (size_t)channels;
    pixels.channel_stride = (ptrdiff_t)size;
    pixels.pixel_stride = (ptrdiff_t)pixel;
    pixels.row_stride = (ptrdiff_t)(pixel * (size_t)width);
    return pixels;
}

nst_pixels nst_pixels_planar(void *data, int width, int height, int channels, nst_pixel_kind kind)
{
    nst_pixels pixels = describe(data, width, height, channels, kind);
    size_t size = bytes_of(kind), row = size * (size_t)width;
    pixels.pixel_stride = (ptrdiff_t)size;
    pixels.row_stride = (ptrdiff_t)row;
    pixels.channel_stride = (ptrdiff_t)(row * (size_t)height);
    return pixels;
}
