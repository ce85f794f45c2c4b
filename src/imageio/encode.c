/* nst_image -> bytes of a picture file. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/output.h"
#include "files/path.h"
#include "imageio/format.h"

#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

typedef struct {
    unsigned char *bytes;
    size_t used, room;
    bool failed;
} growing;

static void append(void *context, void *data, int size)
{
    growing *out = context;
    if (out->failed || size <= 0)
        return;
    if ((size_t)size > out->room - out->used) {
        size_t room = 2 * (out->room + (size_t)size);
        unsigned char *larger = realloc(out->bytes, room);
        if (!larger) {
            out->failed = true;
            return;
        }
        out->bytes = larger;
        out->room = room;
    }
    memcpy(out->bytes + out->used, data, (size_t)size);
    out->used += (size_t)size;
}

static unsigned char to_byte(float value)
{
    if (!(value > 0.0f)) /* a NaN too */
        return 0;
    return value >= 1.0f ? 255 : (unsigned char)(value * 255.0f + 0.5f);
}

static unsigned char *pack(const nst_image *image, int channels)
{
    size_t plane = (size_t)image->width * (size_t)image->height, stride = (size_t)channels;
    unsigned char *pixels = malloc(plane * stride);
    if (!pixels)
        return NULL;
    for (size_t i = 0; i < plane; i++) {
        for (size_t c = 0; c < 3; c++)
            pixels[i * stride + c] = to_byte(image->rgb[c * plane + i]);
        if (channels == 4)
            pixels[i * stride + 3] = to_byte(image->alpha[i]);
    }
    return pixels;
}

/* stb counts bytes in int, and keeps no watch over fields of 16 bits. */
static nst_status check_size(nst_format format, int width, int height, int channels,
                             nst_error *error)
{
    enum { SIDE_MAX = 65535 };
    /* A row has up to 4 bytes more than its pixels: a filter in PNG, padding in BMP. */
    uint64_t row = (uint64_t)width * (uint64_t)channels + 4;
    if (((uint64_t)height + 1) * row > INT_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%dx%d pixels: expected fewer than 2^31 bytes of them", width, height);
    if ((format == NST_FORMAT_JPEG || format == NST_FORMAT_TGA) &&
        (width > SIDE_MAX || height > SIDE_MAX))
        return nst_fail(error, NST_ERR_ARGUMENT, "%dx%d pixels: a %s has at most %d on a side",
                        width, height, nst_format_name(format), SIDE_MAX);
    return NST_OK;
}

nst_status nst_encode(const nst_write_options *options, const nst_image *image, unsigned char **out,
                      size_t *size, nst_error *error)
{
    int channels = image->alpha && nst_format_has_alpha(options->format) ? 4 : 3;
    int width = image->width, height = image->height, done = 0;
    growing file = {0};
    nst_status status = check_size(options->format, width, height, channels, error);
    if (status != NST_OK)
        return status;
    unsigned char *pixels = pack(image, channels);
    if (pixels) {
        switch (options->format) {
        case NST_FORMAT_PNG:
            done = stbi_write_png_to_func(append, &file, width, height, channels, pixels,
                                          width * channels);
            break;
        case NST_FORMAT_JPEG:
            done = stbi_write_jpg_to_func(append, &file, width, height, channels, pixels,
                                          options->quality);
            break;
        case NST_FORMAT_BMP:
            done = stbi_write_bmp_to_func(append, &file, width, height, channels, pixels);
            break;
        case NST_FORMAT_TGA:
            done = stbi_write_tga_to_func(append, &file, width, height, channels, pixels);
            break;
        case NST_FORMAT_PNM:
        case NST_FORMAT_UNKNOWN:
            free(pixels);
            return nst_fail(error, NST_ERR_ARGUMENT, "a format that is not written: %s",
                            nst_format_name(options->format));
        }
    }
    free(pixels);
    if (!done || file.failed) {
        free(file.bytes);
        return nst_fail_memory_for(error, "a %s of %dx%d pixels", nst_format_name(options->format),
                                   width, height);
    }
    *out = file.bytes;
    *size = file.used;
    return NST_OK;
}

nst_status nst_image_write(const char *path, const nst_write_options *options,
                           const nst_image *image, nst_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_error cause = {0};
    nst_status status = nst_encode(options, image, &bytes, &size, &cause);
    if (status != NST_OK)
        return nst_fail(error, status, "%s: %s", nst_path_output_name(path), cause.message);
    status = nst_output_write(path, bytes, size, error);
    free(bytes);
    return status;
}
