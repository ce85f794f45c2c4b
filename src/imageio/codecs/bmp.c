/* BMP: OS/2 and Windows headers of every version, 1 to 32 bits, masks, runs. Microsoft's "Bitmap
 * Storage" and OS/2's "Bitmap File Format" say what is in them. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/codecs/stb.h"
#include "imageio/pack.h"

enum { FILE_HEADER = 14, CORE = 12, LONGEST = 124 };

enum { PLAIN = 0, RUNS_8 = 1, RUNS_4 = 2, MASKS = 3, JPEG = 4, PNG = 5, MASKS_ALPHA = 6, RUNS_24 };

typedef struct {
    uint32_t header;            /* its length, which tells the version */
    unsigned char dib[LONGEST]; /* it, zeros where it is shorter */
    int width, height;
    bool from_top;
    unsigned depth, method;
    uint64_t pixels;              /* where they begin */
    uint64_t palette;             /* where it begins */
    unsigned colors, color_bytes; /* of the palette */
    unsigned char table[4 << 8];  /* it, when decoding */
    uint32_t masks[4];            /* red, green, blue, alpha */
} bitmap;

/* ---- header ---------------------------------------------------------------------------------- */

static nst_status read_sizes(const char *name, bitmap *b, nst_header *out, nst_error *error)
{
    int64_t width, height;
    if (b->header == CORE) {
        width = nst_little16(b->dib + 4);
        height = nst_little16(b->dib + 6);
        b->depth = nst_little16(b->dib + 10);
    } else {
        width = (int32_t)nst_little32(b->dib + 4);
        height = (int32_t)nst_little32(b->dib + 8);
        b->depth = nst_little16(b->dib + 14);
        b->method = nst_little32(b->dib + 16);
        b->colors = nst_little32(b->dib + 32);
    }
    if (width < 0)
        return nst_fail_damaged(name, "BMP", "its width is below zero", error);
    b->from_top = height < 0;
    nst_status status = nst_header_size(name, (uint64_t)width,
                                        (uint64_t)(height < 0 ? -height : height), out, error);
    b->width = out->width;
    b->height = out->height;
    return status;
}

static bool is_of_runs(const bitmap *b)
{
    return b->method == RUNS_8 || b->method == RUNS_4 || b->method == RUNS_24;
}

static nst_status check_kind(const char *name, bitmap *b, nst_error *error)
{
    /* The long header of OS/2 counts on in another way. */
    if (b->header == 64 && b->method == JPEG)
        b->method = RUNS_24;
    else if (b->header == 64 && b->method == MASKS)
        return nst_fail_kind(name, "BMP", "pixels coded like a fax", error);
    bool masks = b->method == MASKS || b->method == MASKS_ALPHA;
    if (b->method == JPEG || b->method == PNG)
        return nst_fail_kind(name, "BMP", b->method == JPEG ? "a JPEG inside" : "a PNG inside",
                             error);
    if (b->method > RUNS_24)
        return nst_fail_kind(name, "BMP", "another compression", error);
    unsigned d = b->depth;
    bool possible = b->method == RUNS_8    ? d == 8
                    : b->method == RUNS_4  ? d == 4
                    : b->method == RUNS_24 ? d == 24
                    : masks                ? d == 16 || d == 32
                            : d == 1 || d == 2 || d == 4 || d == 8 || d == 16 || d == 24 || d == 32;
    if (!possible || (is_of_runs(b) && b->from_top))
        return nst_fail_damaged(name, "BMP", "depth and compression do not go together", error);
    return NST_OK;
}

static nst_status read_masks(const char *name, nst_view *view, bitmap *b, uint64_t *end,
                             nst_error *error)
{
    unsigned char bytes[16] = {0};
    if (b->method != MASKS && b->method != MASKS_ALPHA) {
        if (b->depth == 16)
            memcpy(b->masks, (uint32_t[]){0x7c00, 0x3e0, 0x1f, 0}, sizeof b->masks);
        else
            memcpy(b->masks, (uint32_t[]){0xff0000, 0xff00, 0xff, 0}, sizeof b->masks);
        return NST_OK;
    }
    if (b->header >= 52) {
        memcpy(bytes, b->dib + 40, b->header >= 56 ? 16 : 12);
    } else {
        size_t size = b->method == MASKS ? 12 : 16;
        if (!nst_view_read(view, *end, bytes, size))
            return nst_fail_truncated(name, "BMP", error);
        *end += size;
    }
    for (int i = 0; i < 4; i++) {
        uint32_t mask = b->masks[i] = nst_little32(bytes + 4 * i);
        uint32_t run = mask ? mask >> __builtin_ctz(mask) : 0;
        if (run & (run + 1))
            return nst_fail_damaged(name, "BMP", "a mask has gaps", error);
    }
    if (!(b->masks[0] | b->masks[1] | b->masks[2]))
        return nst_fail_damaged(name, "BMP", "its masks are empty", error);
    return NST_OK;
}

/* A palette ends where the pixels begin, whatever it says of its length. */
static void place_palette(bitmap *b, uint64_t end, uint64_t pixels)
{
    unsigned most = b->depth <= 8 ? 1u << b->depth : 0;
    b->palette = end;
    b->color_bytes = b->header == CORE ? 3 : 4;
    if (b->colors == 0 || b->colors > most)
        b->colors = most;
    b->pixels = pixels ? pixels : end + (uint64_t)b->colors * b->color_bytes;
    uint64_t room = b->pixels > end ? (b->pixels - end) / b->color_bytes : 0;
    if (b->colors > room)
        b->colors = (unsigned)room;
}

/* Of a version 5 header. The profile mostly lies behind the pixels. */
static bool has_profile(const bitmap *b)
{
    enum { EMBEDDED = 0x4d424544 };
    return b->header >= 124 && nst_little32(b->dib + 56) == EMBEDDED;
}

static int mask_bits(uint32_t mask)
{
    return __builtin_popcount(mask);
}

static nst_status read_bitmap(const char *name, nst_view *view, bitmap *b, nst_header *out,
                              nst_error *error)
{
    unsigned char file[FILE_HEADER + 4];
    *b = (bitmap){0};
    if (!nst_view_read(view, 0, file, sizeof file))
        return nst_fail_truncated(name, "BMP", error);
    b->header = nst_little32(file + FILE_HEADER);
    if (b->header < CORE || (b->header > CORE && b->header < 16) || b->header > 1024)
        return nst_fail_kind(name, "BMP", "a header of another length", error);
    if (!nst_view_read(view, FILE_HEADER, b->dib, b->header < LONGEST ? b->header : LONGEST))
        return nst_fail_truncated(name, "BMP", error);
    nst_status status = read_sizes(name, b, out, error);
    if (status == NST_OK)
        status = check_kind(name, b, error);
    uint64_t end = FILE_HEADER + (uint64_t)b->header;
    if (status == NST_OK)
        status = read_masks(name, view, b, &end, error);
    if (status != NST_OK)
        return status;
    place_palette(b, end, nst_little32(file + 10));
    bool deep = false;
    for (int i = 0; i < 3; i++)
        deep |= mask_bits(b->masks[i]) > 8;
    out->bits = deep ? 16 : 8;
    out->has_alpha = b->masks[3] != 0;
    out->orientation = 1;
    out->in_order = !is_of_runs(b) && !has_profile(b);
    return NST_OK;
}

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    bitmap b;
    nst_status status = read_bitmap(name, view, &b, out, error);
    if (status == NST_OK) {
        uint64_t pixels = (uint64_t)out->width * (uint64_t)out->height;
        out->workspace = 12 * (uint64_t)out->width; /* a row, and its samples */
        if (is_of_runs(&b))
            out->workspace += b.method == RUNS_24 ? 3 * pixels : pixels;
    }
    return status;
}

/* ---- colors ---------------------------------------------------------------------------------- */

/* What a version 4 or 5 header says: a profile at its end, or primaries and gamma. */
static void read_color(const nst_encoded *file, const bitmap *b, nst_colorimetry *color)
{
    enum { CALIBRATED = 0 };
    uint32_t type = nst_little32(b->dib + 56);
    uint32_t offset = nst_little32(b->dib + 112), size = nst_little32(b->dib + 116);
    double sums[4] = {0}, gamma = 0.0;
    *color = (nst_colorimetry){0};
    if (has_profile(b) && offset <= file->size - FILE_HEADER &&
        size <= file->size - FILE_HEADER - offset) {
        color->icc = file->bytes + FILE_HEADER + offset;
        color->icc_size = size;
    }
    if (b->header < 108 || type != CALIBRATED)
        return;
    double white[3] = {0};
    for (int i = 0; i < 3; i++) {
        double xyz[3];
        for (int k = 0; k < 3; k++) { /* fixed point with 30 bits */
            xyz[k] = nst_little32(b->dib + 60 + 12 * i + 4 * k) / 1073741824.0;
            sums[i] += xyz[k];
            white[k] += xyz[k];
        }
        if (sums[i] > 0.0) {
            color->xy[2 + 2 * i] = xyz[0] / sums[i];
            color->xy[3 + 2 * i] = xyz[1] / sums[i];
        }
        gamma += nst_little32(b->dib + 96 + 4 * i) / 65536.0 / 3.0;
    }
    sums[3] = white[0] + white[1] + white[2];
    if (sums[0] > 0.0 && sums[1] > 0.0 && sums[2] > 0.0 && white[1] > 0.0) {
        color->xy[0] = white[0] / sums[3];
        color->xy[1] = white[1] / sums[3];
        color->has_primaries = !nst_color_primaries_are_srgb(color->xy);
    }
    if (gamma >= 0.1 && gamma <= 10.0)
        color->gamma = gamma;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

static unsigned index_at(const unsigned char *row, unsigned depth, size_t x)
{
    size_t bit = x * depth;
    return (unsigned)row[bit / 8] >> (8 - depth - bit % 8) & ((1u << depth) - 1);
}

static void from_palette(const bitmap *b, unsigned index, uint8_t *rgb)
{
    const unsigned char *entry = b->table + (size_t)index * b->color_bytes;
    bool known = index < b->colors; /* else black */
    for (int c = 0; c < 3; c++)
        rgb[c] = known ? entry[2 - c] : 0;
}

static uint32_t masked(uint32_t pixel, uint32_t mask, uint32_t white)
{
    if (!mask)
        return 0;
    uint64_t value = (pixel & mask) >> __builtin_ctz(mask), most = mask >> __builtin_ctz(mask);
    return (uint32_t)((value * white + most / 2) / most);
}

/* A row of the file, or of indices or colors that runs made, to samples of so many bits. Returns
 * whether some alpha is not zero. */
static bool convert_row(const bitmap *b, const unsigned char *row, int bits, void *out)
{
    bool seen = false;
    size_t channels = b->masks[3] ? 4 : 3;
    uint8_t *to8 = out;
    uint16_t *to16 = out;
    for (size_t x = 0; x < (size_t)b->width; x++) {
        if (b->depth <= 8) {
            from_palette(b, index_at(row, b->method ? 8 : b->depth, x), to8 + 3 * x);
        } else if (b->depth == 24) {
            for (size_t c = 0; c < 3; c++)
                to8[3 * x + c] = row[3 * x + 2 - c];
        } else {
            uint32_t pixel = b->depth == 16 ? nst_little16(row + 2 * x) : nst_little32(row + 4 * x);
            seen |= (pixel & b->masks[3]) != 0;
            for (size_t c = 0; c < channels; c++)
                if (bits == 16)
                    to16[channels * x + c] = (uint16_t)masked(pixel, b->masks[c], 65535);
                else
                    to8[channels * x + c] = (uint8_t)masked(pixel, b->masks[c], 255);
        }
    }
    return seen;
}

/* ---- runs ------------------------------------------------------------------------------------ */

typedef struct {
    const unsigned char *at, *end;
    unsigned char *out; /* [height][width] of 1 or 3 bytes, from the bottom */
    const bitmap *b;
    size_t x, y, each;
} runs;

static void put_run_pixel(runs *r, const unsigned char *value)
{
    size_t width = (size_t)r->b->width;
    if (r->x < width && r->y < (size_t)r->b->height)
        memcpy(r->out + (r->y * width + r->x) * r->each, value, r->each);
    r->x++;
}

/* Pixels that are the same, or one after another, from the bytes at from. */
static void put_run(runs *r, unsigned count, const unsigned char *from, bool literal)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned char nibble;
        if (r->b->method == RUNS_4) {
            unsigned char byte = from[literal ? i / 2 : 0];
            nibble = i % 2 ? byte & 15 : byte >> 4;
            put_run_pixel(r, &nibble);
        } else {
            put_run_pixel(r, from + (literal ? i * r->each : 0));
        }
    }
}

/* One code; false at the end of the bitmap, and where the bytes stop, which sets *cut. */
static bool run_step(runs *r, bool *cut)
{
    size_t left = (size_t)(r->end - r->at);
    *cut = true;
    if (left < 2)
        return false;
    unsigned count = r->at[0], code = r->at[1];
    size_t size = count ? 1 + r->each : 2; /* of what is read next */
    if (count == 0 && code == 2)
        size = 4;
    if (count == 0 && code > 2) {
        size_t bytes = r->b->method == RUNS_4 ? (code + 1) / 2 : code * r->each;
        size = 2 + (bytes + 1) / 2 * 2;
        /* The last padding may be missing. */
        if (left < size && left >= 2 + bytes)
            size = left;
    }
    if (left < size)
        return false;
    *cut = false;
    if (count > 0) {
        put_run(r, count, r->at + 1, false);
    } else if (code == 0) {
        r->x = 0;
        r->y++;
    } else if (code == 1) {
        return false;
    } else if (code == 2) {
        r->x += r->at[2];
        r->y += r->at[3];
    } else {
        put_run(r, code, r->at + 2, true);
    }
    r->at += size;
    return true;
}

static nst_status unpack_runs(const nst_encoded *file, const bitmap *b, unsigned char *out,
                              nst_error *error)
{
    runs r = {.at = file->bytes + b->pixels,
              .end = file->bytes + file->size,
              .out = out,
              .b = b,
              .each = b->method == RUNS_24 ? 3 : 1};
    bool cut;
    while (run_step(&r, &cut))
        ;
    /* Enough when all rows are there, though the mark of the end is not. */
    bool all =
        r.y >= (size_t)b->height || (r.y + 1 == (size_t)b->height && r.x >= (size_t)b->width);
    return cut && !all ? nst_fail_truncated(file->name, "BMP", error) : NST_OK;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* Rows of `row` bytes, the last one of `used`. */
static nst_status put_rows(const nst_encoded *file, const bitmap *b, nst_stream *stream, size_t row,
                           size_t used, nst_rows *rows, nst_error *error)
{
    nst_colorimetry color;
    const nst_layout layout = {.width = b->width,
                               .height = b->height,
                               .kind = NST_COLOR_RGB,
                               .bits = file->header.bits,
                               .has_alpha = b->masks[3] != 0};
    bool seen = false;
    unsigned char *bytes = malloc(row);
    void *samples = malloc((size_t)b->width * 8);
    read_color(file, b, &color);
    nst_status status = bytes && samples ? nst_rows_begin(rows, &layout, &color, error)
                                         : nst_fail_codec_memory(file->name, &file->header, error);
    for (int y = 0; status == NST_OK && y < b->height; y++) {
        if (!nst_stream_read(stream, bytes, y + 1 < b->height ? row : used)) {
            status = nst_fail_truncated(file->name, "BMP", error);
            break;
        }
        seen |= convert_row(b, bytes, file->header.bits, samples);
        nst_rows_put(rows, b->from_top ? y : b->height - 1 - y, samples);
    }
    /* Some programs leave alpha at zero everywhere and mean an opaque picture. */
    rows->alpha_unused = layout.has_alpha && !seen;
    free(samples);
    free(bytes);
    return status;
}

static nst_status decode_runs(const nst_encoded *file, const bitmap *b, nst_rows *rows,
                              nst_error *error)
{
    size_t row = (size_t)b->width * (b->method == RUNS_24 ? 3 : 1);
    unsigned char *pixels = calloc((size_t)b->height, row);
    nst_stream stream = nst_stream_of_memory(pixels, (size_t)b->height * row);
    nst_status status = pixels ? unpack_runs(file, b, pixels, error)
                               : nst_fail_codec_memory(file->name, &file->header, error);
    if (status == NST_OK)
        status = put_rows(file, b, &stream, row, row, rows, error);
    free(pixels);
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    bitmap b;
    nst_header again = {0};
    nst_stream whole = nst_stream_of_memory(file->bytes, file->size);
    nst_stream *stream = file->stream ? file->stream : &whole;
    (void)nst_stream_more(stream);
    /* The first block of a stream is longer than headers and palette. */
    nst_view view = nst_view_of_memory(stream->bytes, stream->size);
    nst_status status = read_bitmap(file->name, &view, &b, &again, error);
    if (status == NST_OK)
        status = nst_header_check(file->name, "BMP", &file->header, &again, error);
    if (status != NST_OK)
        return status;
    if (b.pixels > file->size ||
        !nst_view_read(&view, b.palette, b.table, (size_t)b.colors * b.color_bytes))
        return nst_fail_truncated(file->name, "BMP", error);
    if (is_of_runs(&b))
        return decode_runs(file, &b, rows, error);
    uint64_t used = ((uint64_t)b.width * b.depth + 7) / 8, row = (used + 3) / 4 * 4;
    if (row * ((uint64_t)b.height - 1) + used > file->size - b.pixels ||
        !nst_stream_skip(stream, b.pixels))
        return nst_fail_truncated(file->name, "BMP", error);
    b.method = PLAIN;
    return put_rows(file, &b, stream, (size_t)row, (size_t)used, rows, error);
}

/* ---- encoding -------------------------------------------------------------------------------- */

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    (void)options;
    if (((uint64_t)image->width * 3 + 4) * (uint64_t)image->height > INT_MAX - 1000)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%dx%d pixels: expected fewer than 2^31 bytes of them", image->width,
                        image->height);
    unsigned char *pixels = nst_pack(image, false, 8);
    int done = pixels &&
               stbi_write_bmp_to_func(nst_stb_append, out, image->width, image->height, 3, pixels);
    free(pixels);
    return done ? NST_OK
                : nst_fail_memory_for(error, "a BMP of %dx%d pixels", image->width, image->height);
}

const nst_codec nst_codec_bmp = {
    .library = "own reader, stb_image_write", .header = header, .decode = decode, .encode = encode};
