#include "imageio/containers/png_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imageio/codecs/stb.h"
#include "imageio/orientation.h"

enum { SIGNATURE = 8, FRAME = 12 }; /* a chunk's length, type and CRC */

/* Real profiles end at about 3 MB (printers'); a compressed one cannot ask for more. */
enum { PROFILE_MAX = 1 << 24 };

bool nst_png_next(nst_view *view, uint64_t *offset, nst_png_part *out)
{
    unsigned char head[8];
    uint64_t at = *offset ? *offset : SIGNATURE;
    if (!nst_view_read(view, at, head, sizeof head))
        return false;
    uint32_t size = nst_big32(head);
    if (view->size - at < FRAME || size > view->size - at - FRAME)
        return false;
    *out = (nst_png_part){nst_big32(head + 4), at + 8, size};
    *offset = out->type == NST_PNG_END ? view->size : at + FRAME + size;
    return true;
}

uint32_t nst_png_crc(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0xffffffffu, table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
    }
    for (size_t i = 0; i < size; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 255];
    return ~crc;
}

/* ---- header ---------------------------------------------------------------------------------- */

static nst_status read_size(const char *name, nst_view *view, const nst_png_part *part,
                            nst_header *out, nst_png_info *info, nst_error *error)
{
    static const unsigned depths[8] = {0x10116, 0, 0x10100, 0x116, 0x10100, 0, 0x10100, 0};
    unsigned char bytes[13];
    if (part->type != NST_PNG_TYPE('I', 'H', 'D', 'R') || part->size != sizeof bytes ||
        !nst_view_read(view, part->offset, bytes, sizeof bytes))
        return nst_fail_damaged(name, "PNG", "it does not begin with its size", error);
    *info = (nst_png_info){.width = nst_big32(bytes),
                           .height = nst_big32(bytes + 4),
                           .depth = bytes[8],
                           .type = bytes[9],
                           .interlaced = bytes[12] == 1};
    if (info->depth > 16 || info->type > 6 || !(depths[info->type] >> info->depth & 1))
        return nst_fail_damaged(name, "PNG", "a depth or a color type that there is not", error);
    return nst_header_size(name, info->width, info->height, out, error);
}

static bool is_xmp(nst_view *view, const nst_png_part *part, uint64_t *start)
{
    static const char keyword[] = NST_PNG_XMP_KEYWORD;
    char begin[sizeof keyword + 4]; /* compression flag and method, language, translation */
    *start = part->offset + sizeof begin;
    return part->type == NST_PNG_TYPE('i', 'T', 'X', 't') && part->size >= sizeof begin &&
           nst_view_read(view, part->offset, begin, sizeof begin) &&
           memcmp(begin, keyword, sizeof keyword) == 0 && begin[sizeof keyword] == 0;
}

nst_status nst_png_read_header(const char *name, nst_view *view, nst_header *out,
                               nst_png_info *info, nst_error *error)
{
    nst_png_part part;
    nst_png_info own;
    uint64_t offset = 0, xmp_start;
    int exif = 0, xmp = 0;
    bool before_data = true;
    info = info ? info : &own;
    if (!nst_png_next(view, &offset, &part))
        return nst_fail_truncated(name, "PNG", error);
    nst_status status = read_size(name, view, &part, out, info, error);
    if (status != NST_OK)
        return status;
    while (nst_png_next(view, &offset, &part)) {
        before_data &= part.type != NST_PNG_DATA;
        if (part.type == NST_PNG_TYPE('t', 'R', 'N', 'S') && before_data)
            info->has_transparent_color = true;
        if (part.type == NST_PNG_TYPE('e', 'X', 'I', 'f') && !exif)
            exif = nst_orientation_of_exif(view, part.offset, part.size);
        if (!xmp && is_xmp(view, &part, &xmp_start))
            xmp = nst_orientation_of_xmp(view, xmp_start, part.size - (xmp_start - part.offset));
    }
    /* Alpha of its own wins; and transparent colors mean nothing beside it. */
    info->has_transparent_color &= !(info->type & NST_PNG_HAS_ALPHA);
    out->has_alpha = (info->type & NST_PNG_HAS_ALPHA) || info->has_transparent_color;
    out->bits = info->depth == 16 ? 16 : 8;
    out->orientation = exif ? exif : xmp ? xmp : 1;
    return NST_OK;
}

static uint64_t row_bytes(const nst_png_info *info, uint64_t width)
{
    static const unsigned channels[7] = {1, 0, 3, 1, 2, 0, 4};
    return width ? 1 + (width * channels[info->type] * (unsigned)info->depth + 7) / 8 : 0;
}

uint64_t nst_png_raw_bytes(const nst_png_info *info)
{
    /* Adam7: where each pass begins and its steps, across and down. */
    static const unsigned passes[7][4] = {{0, 8, 0, 8}, {4, 8, 0, 8}, {0, 4, 4, 8}, {2, 4, 0, 4},
                                          {0, 2, 2, 4}, {1, 2, 0, 2}, {0, 1, 1, 2}};
    uint64_t sum = 0;
    if (!info->interlaced)
        return row_bytes(info, info->width) * info->height;
    for (int i = 0; i < 7; i++) {
        const unsigned *p = passes[i];
        uint64_t width = (info->width + (uint64_t)p[1] - 1 - p[0]) / p[1];
        uint64_t height = (info->height + (uint64_t)p[3] - 1 - p[2]) / p[3];
        sum += row_bytes(info, width) * height;
    }
    return sum;
}

nst_status nst_png_check(const nst_encoded *file, const nst_png_info *info, nst_error *error)
{
    enum { DEFLATE_RATIO_MAX = 1032 }; /* a match of 258 bytes takes two bits at least */
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_png_part part = {0};
    uint64_t offset = 0, data = 0;
    while (nst_png_next(&view, &offset, &part))
        data += part.type == NST_PNG_DATA ? part.size : 0;
    if (part.type != NST_PNG_END)
        return nst_fail_truncated(file->name, "PNG", error);
    if (nst_png_raw_bytes(info) / DEFLATE_RATIO_MAX > data)
        return nst_fail(error, NST_ERR_FORMAT, "%s: damaged: %llu bytes cannot be %ux%u PNG pixels",
                        file->name, (unsigned long long)data, info->width, info->height);
    return NST_OK;
}

/* ---- colors ---------------------------------------------------------------------------------- */

/* In the chunk: a name, zero, method (0: zlib), data. */
static unsigned char *inflate_profile(const unsigned char *data, size_t size, size_t *length)
{
    const unsigned char *name_end = memchr(data, 0, size);
    size_t head = name_end ? (size_t)(name_end - data) + 2 : size;
    if (head >= size || size - head > PROFILE_MAX)
        return NULL;
    char *out = malloc(PROFILE_MAX);
    int got = out ? stbi_zlib_decode_buffer(out, PROFILE_MAX, (const char *)data + head,
                                            (int)(size - head))
                  : -1;
    if (got <= 0) {
        free(out);
        return NULL;
    }
    *length = (size_t)got;
    return (unsigned char *)out;
}

static void read_primaries(const unsigned char *data, nst_colorimetry *color)
{
    bool possible = true;
    for (int i = 0; i < 8; i++)
        color->xy[i] = nst_big32(data + 4 * i) / 100000.0;
    for (int i = 0; i < 8; i += 2)
        possible &= color->xy[i] >= 0.0 && color->xy[i] <= 1.0 && color->xy[i + 1] > 0.0 &&
                    color->xy[i + 1] <= 1.0;
    color->has_primaries = possible && !nst_color_primaries_are_srgb(color->xy);
}

void nst_png_color(const nst_encoded *file, nst_colorimetry *color, unsigned char **owned)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_png_part part = {0};
    uint64_t offset = 0;
    nst_colorimetry code_points = {0}, measured = {0};
    bool is_srgb = false;
    size_t icc_size = 0;
    *color = (nst_colorimetry){0};
    *owned = NULL;
    while (part.type != NST_PNG_DATA && nst_png_next(&view, &offset, &part)) {
        const unsigned char *data = file->bytes + part.offset;
        size_t size = (size_t)part.size;
        if (part.type == NST_PNG_TYPE('c', 'I', 'C', 'P') && size == 4 && data[2] == 0)
            code_points = (nst_colorimetry){.primaries = data[0], .transfer = data[1]};
        if (part.type == NST_PNG_TYPE('i', 'C', 'C', 'P') && !*owned)
            *owned = inflate_profile(data, size, &icc_size);
        if (part.type == NST_PNG_TYPE('s', 'R', 'G', 'B'))
            is_srgb = true;
        if (part.type == NST_PNG_TYPE('g', 'A', 'M', 'A') && size == 4 && nst_big32(data) > 0)
            measured.gamma = 100000.0 / nst_big32(data);
        if (part.type == NST_PNG_TYPE('c', 'H', 'R', 'M') && size == 32)
            read_primaries(data, &measured);
    }
    if (measured.gamma < 0.1 || measured.gamma > 10.0)
        measured.gamma = 0.0;
    if (code_points.primaries)
        *color = code_points;
    else if (*owned)
        *color = (nst_colorimetry){.icc = *owned, .icc_size = icc_size};
    else if (!is_srgb)
        *color = measured;
}
