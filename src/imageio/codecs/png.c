/* PNG by libpng. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/containers/png_parts.h"
#include "imageio/pack.h"

typedef struct {
    const unsigned char *bytes; /* to be read */
    size_t size, offset;
    nst_buffer *out; /* or written */
    char message[128];
} stream;

_Noreturn static void give_up(png_structp png, const char *message)
{
    stream *s = png_get_error_ptr(png);
    snprintf(s->message, sizeof s->message, "%s", message);
    longjmp(png_jmpbuf(png), 1);
}

/* The checksum of all pixels is only warned of, as the rows are out by then. Bytes beyond them do
 * no harm. */
static void hear(png_structp png, const char *message)
{
    if (strncmp(message, "IDAT", 4) == 0 && !strstr(message, "Extra compressed data") &&
        !strstr(message, "Too much image data"))
        give_up(png, message);
}

static void read_bytes(png_structp png, png_bytep out, size_t count)
{
    stream *s = png_get_io_ptr(png);
    if (count > s->size - s->offset)
        give_up(png, "it ends too early");
    memcpy(out, s->bytes + s->offset, count);
    s->offset += count;
}

static bool is_little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

/* ---- decoding -------------------------------------------------------------------------------- */

static nst_layout layout_of(const nst_encoded *file, const nst_png_info *info)
{
    return (nst_layout){.width = file->header.width,
                        .height = file->header.height,
                        .kind = info->type & NST_PNG_HAS_COLOR ? NST_COLOR_RGB : NST_COLOR_GREY,
                        .bits = file->header.bits,
                        .has_alpha = file->header.has_alpha};
}

static size_t bytes_of_row(const nst_layout *layout)
{
    int channels = nst_color_channels(layout->kind) + (layout->has_alpha ? 1 : 0);
    return (size_t)layout->width * (size_t)channels * (size_t)layout->bits / 8;
}

/* Rows as the layout says, whatever the file has. */
static void configure(png_structp png, png_infop png_info)
{
    png_read_info(png, png_info);
    png_set_expand(png);
    if (is_little_endian())
        png_set_swap(png);
}

static void read_rows(png_structp png, unsigned char *pixels, size_t row, nst_rows *rows,
                      const nst_png_info *info)
{
    int height = (int)info->height, passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < height; y++) {
            unsigned char *line = pixels + (passes > 1 ? (size_t)y * row : 0);
            png_read_row(png, line, NULL);
            if (pass == passes - 1)
                nst_rows_put(rows, y, line);
        }
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_header again = {0};
    nst_png_info info;
    nst_colorimetry color;
    unsigned char *owned = NULL, *volatile pixels = NULL;
    stream s = {.bytes = file->bytes, .size = file->size};
    png_infop png_info = NULL;
    volatile nst_status status = nst_png_read_header(file->name, &view, &again, &info, error);
    if (status != NST_OK || (status = nst_png_check(file, &info, error)) != NST_OK)
        return status;
    nst_layout layout = layout_of(file, &info);
    nst_png_color(file, &color, &owned);
    status = nst_rows_begin(rows, &layout, &color, error);
    free(owned);
    if (status != NST_OK)
        return status;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, give_up, hear);
    if (!png || !(png_info = png_create_info_struct(png))) {
        status = nst_fail_codec_memory(file->name, &file->header, error);
        goto cleanup;
    }
    if (setjmp(png_jmpbuf(png))) {
        status = nst_fail_damaged(file->name, "PNG", s.message, error);
        goto cleanup;
    }
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_read_fn(png, &s, read_bytes);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1); /* we looked at them */
    configure(png, png_info);
    int passes = info.interlaced ? 7 : 1;
    size_t row = bytes_of_row(&layout);
    pixels = malloc(row * (passes > 1 ? (size_t)layout.height : 1));
    if (!pixels) {
        status = nst_fail_codec_memory(file->name, &file->header, error);
        goto cleanup;
    }
    if (passes > 1)
        png_set_interlace_handling(png);
    png_read_update_info(png, png_info);
    if (png_get_rowbytes(png, png_info) != row) {
        status = nst_fail_damaged(file->name, "PNG", "its rows have another length", error);
        goto cleanup;
    }
    read_rows(png, pixels, row, rows, &info);
    png_read_end(png, NULL);
cleanup:
    png_destroy_read_struct(png ? &png : NULL, &png_info, NULL);
    free(pixels);
    return status;
}

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    nst_png_info info;
    nst_status status = nst_png_read_header(name, view, out, &info, error);
    if (status == NST_OK) {
        uint64_t row = (uint64_t)out->width * 8;
        out->workspace = 4 * row + 200000;
        if (info.interlaced)
            out->workspace +=
                (uint64_t)out->height * (uint64_t)out->width * 4 * (unsigned)out->bits / 8;
    }
    return status;
}

/* ---- encoding -------------------------------------------------------------------------------- */

static void write_bytes(png_structp png, png_bytep bytes, size_t count)
{
    stream *s = png_get_io_ptr(png);
    nst_buffer_add(s->out, bytes, count);
}

static void flush(png_structp png)
{
    (void)png;
}

/* zlib's Z_FILTERED, for rows of small differences: some percent less than its default. Large IDAT
 * chunks, because each costs 12 bytes. */
enum { STRATEGY_FILTERED = 1, IDAT_BYTES = 1 << 20 };

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    bool with_alpha = image->alpha != NULL;
    stream s = {.out = out};
    png_infop info = NULL;
    volatile nst_status status = NST_OK;
    unsigned char *row =
        malloc((size_t)image->width * (with_alpha ? 4 : 3) * (size_t)options->depth / 8);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &s, give_up, hear);
    if (!row || !png || !(info = png_create_info_struct(png))) {
        status = nst_fail_memory_for(error, "a row");
        goto cleanup;
    }
    if (setjmp(png_jmpbuf(png))) {
        status = nst_fail(error, NST_ERR_MEMORY, "%s", s.message);
        goto cleanup;
    }
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_write_fn(png, &s, write_bytes, flush);
    png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, options->depth,
                 with_alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB_gAMA_and_cHRM(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_set_compression_level(png, 9);
    png_set_compression_mem_level(png, 9);
    png_set_compression_buffer_size(png, IDAT_BYTES);
    png_set_compression_strategy(png, STRATEGY_FILTERED);
    png_set_filter(png, 0, PNG_ALL_FILTERS);
    png_write_info(png, info);
    if (options->depth == 16 && is_little_endian())
        png_set_swap(png);
    for (int y = 0; y < image->height; y++) {
        nst_pack_row(image, y, with_alpha, options->depth, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
cleanup:
    png_destroy_write_struct(png ? &png : NULL, &info);
    free(row);
    if (status == NST_OK)
        nst_png_embed(options->metadata, out);
    return status;
}

const nst_codec nst_codec_png = {.library = "libpng " NST_PNG_VERSION,
                                 .header = header,
                                 .decode = decode,
                                 .encode = encode,
                                 .read_metadata = nst_png_read_metadata};
