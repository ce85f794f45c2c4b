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
    uint64_t map, map_bytes; /* where it begins, and its length; the pixels lie behind it */
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

/* out: the size. */
static nst_status read_targa(const char *name, const unsigned char h[HEADER], targa *t,
                             nst_header *out, nst_error *error)
{
    *t = (targa){.type = h[2] & ~(unsigned)RUNS,
                 .depth = h[16],
                 .runs = h[2] & RUNS,
                 .from_right = h[17] & 16,
                 .from_top = h[17] & 32,
                 .map_first = nst_little16(h + 3),
                 .map_count = h[1] ? nst_little16(h + 5) : 0,
                 .map_depth = h[7],
                 .map = HEADER + (uint64_t)h[0]};
    t->map_bytes = (uint64_t)t->map_count * ((t->map_depth + 7u) / 8);
    if (t->type < MAPPED || t->type > GREY || !depths_fit(t) || (t->type == MAPPED && !h[1]))
        return nst_fail_kind(name, "TGA", "another type or depth", error);
    nst_status status =
        nst_header_size(name, nst_little16(h + 12), nst_little16(h + 14), out, error);
    t->width = out->width;
    t->height = out->height;
    return status;
}

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    targa t;
    unsigned char h[HEADER];
    if (!nst_view_read(view, 0, h, HEADER))
        return nst_fail_truncated(name, "TGA", error);
    nst_status status = read_targa(name, h, &t, out, error);
    if (status != NST_OK)
        return status;
    int extension = alpha_of_extension(view);
    unsigned stored = t.type == MAPPED ? t.map_depth : t.depth;
    bool room = t.type == GREY ? stored == 16 : stored == 16 || stored == 32;
    out->bits = 8;
    out->has_alpha = room && (extension == ALPHA_UNKNOWN ? (h[17] & 15) > 0
                                                         : extension == ALPHA_STRAIGHT ||
                                                               extension == ALPHA_PREMULTIPLIED);
    out->is_premultiplied = out->has_alpha && extension == ALPHA_PREMULTIPLIED;
    out->orientation = 1;
    out->in_order = true;
    out->workspace = 8 * (uint64_t)t.width + t.map_bytes;
    return NST_OK;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* The pixels one by one; in runs they are copies of one, or stored as they are. */
typedef struct {
    nst_stream *stream;
    size_t each; /* bytes of a pixel */
    bool runs, copies;
    unsigned left; /* of the run */
    unsigned char pixel[4];
} reader;

static bool next_pixel(reader *r)
{
    if (r->runs && r->left == 0) {
        unsigned char code;
        if (!nst_stream_read(r->stream, &code, 1))
            return false;
        r->left = (code & 127u) + 1u;
        r->copies = code & 128;
        if (r->copies && !nst_stream_read(r->stream, r->pixel, r->each))
            return false;
    }
    if (r->runs)
        r->left--;
    return r->copies || nst_stream_read(r->stream, r->pixel, r->each);
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

static void expand_pixel(const targa *t, const unsigned char *map, const unsigned char *from,
                         uint8_t rgba[4])
{
    if (t->type == GREY) {
        rgba[0] = rgba[1] = rgba[2] = from[0];
        rgba[3] = t->depth == 16 ? from[1] : 255;
    } else if (t->type == MAPPED) {
        uint32_t index = t->depth == 8 ? from[0] : nst_little16(from);
        memset(rgba, 0, 4); /* what the map does not have */
        if (index >= t->map_first && index - t->map_first < t->map_count)
            expand(map + (size_t)(index - t->map_first) * ((t->map_depth + 7u) / 8), t->map_depth,
                   rgba);
    } else {
        expand(from, t->depth, rgba);
    }
}

/* A row of samples; false when the file ends. *seen becomes true where some alpha is not zero. */
static bool read_row(const targa *t, const unsigned char *map, reader *r, bool with_alpha,
                     uint8_t *samples, bool *seen)
{
    size_t width = (size_t)t->width, channels = with_alpha ? 4 : 3;
    for (size_t x = 0; x < width; x++) {
        uint8_t rgba[4];
        if (!next_pixel(r))
            return false;
        expand_pixel(t, map, r->pixel, rgba);
        *seen |= rgba[3] != 0;
        memcpy(samples + (t->from_right ? width - 1 - x : x) * channels, rgba, channels);
    }
    return true;
}

static nst_status put_rows(const nst_encoded *file, const targa *t, const unsigned char *map,
                           nst_rows *rows, nst_error *error)
{
    const nst_header *header = &file->header;
    const nst_layout layout = {.width = t->width,
                               .height = t->height,
                               .kind = NST_COLOR_RGB,
                               .bits = 8,
                               .has_alpha = header->has_alpha,
                               .is_premultiplied = header->is_premultiplied};
    reader r = {.stream = file->stream, .each = (t->depth + 7) / 8, .runs = t->runs};
    bool seen = false;
    uint8_t *samples = malloc((size_t)t->width * 4);
    nst_status status = samples ? nst_rows_begin(rows, &layout, NULL, error)
                                : nst_fail_codec_memory(file->name, header, error);
    for (int y = 0; status == NST_OK && y < t->height; y++)
        if (read_row(t, map, &r, layout.has_alpha, samples, &seen))
            nst_rows_put(rows, t->from_top ? y : t->height - 1 - y, samples);
        else
            status = nst_fail_truncated(file->name, "TGA", error);
    /* Some programs leave alpha at zero everywhere and mean an opaque picture. */
    rows->alpha_unused = layout.has_alpha && !seen;
    free(samples);
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    targa t;
    nst_header again = file->header;
    unsigned char h[HEADER];
    if (!nst_stream_read(file->stream, h, HEADER))
        return nst_fail_truncated(file->name, "TGA", error);
    nst_status status = read_targa(file->name, h, &t, &again, error);
    if (status == NST_OK)
        status = nst_header_check(file->name, "TGA", &file->header, &again, error);
    if (status != NST_OK)
        return status;
    uint64_t bytes = (uint64_t)t.width * (uint64_t)t.height * ((t.depth + 7) / 8);
    uint64_t begin = t.map + t.map_bytes;
    /* A run is 128 pixels at most. */
    if (begin > file->size || (t.runs ? bytes / 128 : bytes) > file->size - begin)
        return nst_fail_truncated(file->name, "TGA", error);
    unsigned char *map = malloc((size_t)t.map_bytes + 1);
    if (!map)
        return nst_fail_codec_memory(file->name, &file->header, error);
    bool read = nst_stream_skip(file->stream, t.map - HEADER) &&
                nst_stream_read(file->stream, map, (size_t)t.map_bytes);
    status =
        read ? put_rows(file, &t, map, rows, error) : nst_fail_truncated(file->name, "TGA", error);
    free(map);
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
