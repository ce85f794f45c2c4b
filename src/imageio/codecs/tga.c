/* TGA: with and without a map, grey, runs, from any corner. "Truevision TGA File Format
 * Specification", version 2.0. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/codecs/stb.h"
#include "imageio/pack.h"

enum { HEADER = 18, FOOTER = 26 };

enum { MAPPED = 1, COLORED = 2, GREY = 3, RUNS = 8 };

enum { ALPHA_UNKNOWN = -1, ALPHA_STRAIGHT = 3, ALPHA_PREMULTIPLIED = 4 };

typedef struct {
    int width, height;
    unsigned type, depth;
    bool runs, from_right, from_top;
    unsigned map_first, map_count, map_depth;
    uint64_t map, pixels; /* where they begin */
    bool has_alpha, is_premultiplied;
} targa;

/* ---- header ---------------------------------------------------------------------------------- */

/* What version 2 says of alpha, in the extension that its footer points to. */
static int alpha_of_extension(nst_view *view)
{
    enum { ATTRIBUTES = 494 };
    unsigned char footer[FOOTER], type;
    if (view->size < HEADER + FOOTER || !nst_view_read(view, view->size - FOOTER, footer, FOOTER) ||
        memcmp(footer + 8, "TRUEVISION-XFILE.", 17) != 0)
        return ALPHA_UNKNOWN;
    uint32_t extension = nst_little32(footer);
    return extension && nst_view_read(view, (uint64_t)extension + ATTRIBUTES, &type, 1)
               ? type
               : ALPHA_UNKNOWN;
}

static bool depths_fit(const targa *t)
{
    unsigned d = t->depth, m = t->map_depth;
    if (t->type == MAPPED)
        return (d == 8 || d == 16) && (m == 15 || m == 16 || m == 24 || m == 32);
    return t->type == GREY ? d == 8 || d == 16 : d == 15 || d == 16 || d == 24 || d == 32;
}

static nst_status read_targa(const char *name, nst_view *view, targa *t, nst_header *out,
                             nst_error *error)
{
    unsigned char h[HEADER];
    if (!nst_view_read(view, 0, h, HEADER))
        return nst_fail_truncated(name, "TGA", error);
    *t = (targa){.type = h[2] & ~(unsigned)RUNS,
                 .depth = h[16],
                 .runs = h[2] & RUNS,
                 .from_right = h[17] & 16,
                 .from_top = h[17] & 32,
                 .map_first = nst_little16(h + 3),
                 .map_count = h[1] ? nst_little16(h + 5) : 0,
                 .map_depth = h[7],
                 .map = HEADER + (uint64_t)h[0]};
    t->pixels = t->map + (uint64_t)t->map_count * ((t->map_depth + 7u) / 8);
    if (t->type < MAPPED || t->type > GREY || !depths_fit(t) || (t->type == MAPPED && !h[1]))
        return nst_fail_kind(name, "TGA", "another type or depth", error);
    nst_status status =
        nst_header_size(name, nst_little16(h + 12), nst_little16(h + 14), out, error);
    if (status != NST_OK)
        return status;
    t->width = out->width;
    t->height = out->height;
    int extension = alpha_of_extension(view);
    unsigned stored = t->type == MAPPED ? t->map_depth : t->depth;
    bool room = t->type == GREY ? stored == 16 : stored == 16 || stored == 32;
    t->has_alpha = room && (extension == ALPHA_UNKNOWN
                                ? (h[17] & 15) > 0
                                : extension == ALPHA_STRAIGHT || extension == ALPHA_PREMULTIPLIED);
    t->is_premultiplied = t->has_alpha && extension == ALPHA_PREMULTIPLIED;
    out->bits = 8;
    out->has_alpha = t->has_alpha;
    out->orientation = 1;
    out->workspace = 8 * (uint64_t)t->width;
    if (t->runs)
        out->workspace += (uint64_t)t->width * (uint64_t)t->height * ((t->depth + 7) / 8);
    return NST_OK;
}

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    targa t;
    return read_targa(name, view, &t, out, error);
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* Copies of one pixel, or pixels as they are; out holds all of them. */
static bool unpack_runs(const nst_encoded *file, const targa *t, unsigned char *out)
{
    size_t each = (t->depth + 7) / 8, left = (size_t)t->width * (size_t)t->height;
    const unsigned char *at = file->bytes + t->pixels, *end = file->bytes + file->size;
    while (left > 0) {
        if (at == end)
            return false;
        size_t count = (*at & 127u) + 1u, stored = *at & 128 ? 1 : count;
        at++;
        if ((size_t)(end - at) < stored * each)
            return false;
        if (count > left)
            count = left;
        for (size_t i = 0; i < count; i++, out += each)
            memcpy(out, at + (stored == 1 ? 0 : i * each), each);
        at += stored * each;
        left -= count;
    }
    return true;
}

static uint8_t widen(uint32_t five_bits)
{
    return (uint8_t)((five_bits * 255 + 15) / 31);
}

/* A color of the file's depth to RGB and alpha. */
static void expand(const unsigned char *from, unsigned depth, uint8_t rgba[4])
{
    if (depth <= 16) {
        uint32_t value = nst_little16(from);
        for (int c = 0; c < 3; c++)
            rgba[c] = widen(value >> (10 - 5 * c) & 31);
        rgba[3] = value & 0x8000 ? 255 : 0;
        return;
    }
    for (int c = 0; c < 3; c++)
        rgba[c] = from[2 - c];
    rgba[3] = depth == 32 ? from[3] : 255;
}

static void expand_pixel(const nst_encoded *file, const targa *t, const unsigned char *from,
                         uint8_t rgba[4])
{
    if (t->type == GREY) {
        rgba[0] = rgba[1] = rgba[2] = from[0];
        rgba[3] = t->depth == 16 ? from[1] : 255;
    } else if (t->type == MAPPED) {
        uint32_t index = t->depth == 8 ? from[0] : nst_little16(from);
        memset(rgba, 0, 4); /* what the map does not have */
        if (index >= t->map_first && index - t->map_first < t->map_count)
            expand(file->bytes + t->map +
                       (size_t)(index - t->map_first) * ((t->map_depth + 7u) / 8),
                   t->map_depth, rgba);
    } else {
        expand(from, t->depth, rgba);
    }
}

/* Some programs leave alpha at zero everywhere and mean an opaque picture. */
static bool alpha_is_unused(const nst_encoded *file, const targa *t, const unsigned char *pixels)
{
    size_t each = (t->depth + 7) / 8, count = (size_t)t->width * (size_t)t->height;
    uint8_t rgba[4];
    for (size_t i = 0; t->has_alpha && i < count; i++) {
        expand_pixel(file, t, pixels + i * each, rgba);
        if (rgba[3])
            return false;
    }
    return true;
}

static nst_status put_rows(const nst_encoded *file, const targa *t, const unsigned char *pixels,
                           nst_rows *rows, nst_error *error)
{
    size_t width = (size_t)t->width, each = (t->depth + 7) / 8, channels = t->has_alpha ? 4 : 3;
    bool opaque = alpha_is_unused(file, t, pixels);
    const nst_layout layout = {.width = t->width,
                               .height = t->height,
                               .kind = NST_COLOR_RGB,
                               .bits = 8,
                               .has_alpha = t->has_alpha,
                               .is_premultiplied = t->is_premultiplied && !opaque};
    uint8_t *samples = malloc(width * 4), rgba[4];
    nst_status status = samples ? nst_rows_begin(rows, &layout, NULL, error)
                                : nst_fail_codec_memory(file->name, &file->header, error);
    for (int y = 0; status == NST_OK && y < t->height; y++) {
        for (size_t x = 0; x < width; x++) {
            size_t to = t->from_right ? width - 1 - x : x;
            expand_pixel(file, t, pixels + ((size_t)y * width + x) * each, rgba);
            rgba[3] = opaque ? 255 : rgba[3];
            memcpy(samples + to * channels, rgba, channels);
        }
        nst_rows_put(rows, t->from_top ? y : t->height - 1 - y, samples);
    }
    free(samples);
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    targa t;
    nst_header again = {0};
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_status status = read_targa(file->name, &view, &t, &again, error);
    if (status != NST_OK)
        return status;
    uint64_t bytes = (uint64_t)t.width * (uint64_t)t.height * ((t.depth + 7) / 8);
    if (t.pixels > file->size || (!t.runs && bytes > file->size - t.pixels) ||
        (t.runs && bytes / 128 > file->size - t.pixels)) /* a run is 128 pixels at most */
        return nst_fail_truncated(file->name, "TGA", error);
    if (!t.runs)
        return put_rows(file, &t, file->bytes + t.pixels, rows, error);
    unsigned char *pixels = malloc((size_t)bytes);
    if (!pixels)
        return nst_fail_codec_memory(file->name, &file->header, error);
    status = unpack_runs(file, &t, pixels) ? put_rows(file, &t, pixels, rows, error)
                                           : nst_fail_truncated(file->name, "TGA", error);
    free(pixels);
    return status;
}

/* ---- encoding -------------------------------------------------------------------------------- */

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    (void)options;
    bool with_alpha = image->alpha != NULL;
    unsigned char *pixels = nst_pack(image, with_alpha, 8);
    int done = pixels && stbi_write_tga_to_func(nst_stb_append, out, image->width, image->height,
                                                with_alpha ? 4 : 3, pixels);
    free(pixels);
    return done ? NST_OK
                : nst_fail_memory_for(error, "a TGA of %dx%d pixels", image->width, image->height);
}

const nst_codec nst_codec_tga = {
    .library = "own reader, stb_image_write", .header = header, .decode = decode, .encode = encode};
