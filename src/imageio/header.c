#include "imageio/header.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "imageio/container.h"
#include "imageio/format.h"
#include "imageio/pnm.h"
#include "imageio/stb.h"

static nst_status fail_unknown(const char *path, const unsigned char *bytes, size_t size,
                               nst_error *error)
{
    char why[64] = "the file is empty";
    const char *foreign = nst_format_foreign(bytes, size);
    if (foreign) {
        snprintf(why, sizeof why, "it is %s", foreign);
    } else if (size > 0) {
        int used = snprintf(why, sizeof why, "starts with");
        for (size_t i = 0; i < 4 && i < size; i++)
            used += snprintf(why + used, sizeof why - (size_t)used, " %02x", bytes[i]);
    }
    return nst_fail(error, NST_ERR_FORMAT, "%s: not a JPEG, PNG, BMP, TGA or PNM image (%s)", path,
                    why);
}

static nst_status fail_truncated(const char *path, nst_format format, nst_error *error)
{
    return nst_fail(error, NST_ERR_FORMAT, "%s: truncated: the %s image does not end", path,
                    nst_format_name(format));
}

static uint32_t little_endian(const unsigned char *p, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value |= (uint32_t)p[i] << 8 * i;
    return value;
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* ---- whether everything is there: stb reads what is missing as zeros ---------------------------
 */

static bool bmp_is_whole(const unsigned char *bytes, size_t size)
{
    enum { RUNS_OF_BYTES = 1, RUNS_OF_NIBBLES = 2 };
    if (size < 30)
        return false;
    uint64_t start = little_endian(bytes + 10, 4), width, height, depth;
    if (little_endian(bytes + 14, 4) == 12) { /* the header of OS/2 */
        width = little_endian(bytes + 18, 2);
        height = little_endian(bytes + 20, 2);
        depth = little_endian(bytes + 24, 2);
    } else {
        if (size < 34)
            return false;
        uint32_t rows = little_endian(bytes + 22, 4), method = little_endian(bytes + 30, 4);
        if (method == RUNS_OF_BYTES || method == RUNS_OF_NIBBLES)
            return true; /* refused by the decoder */
        width = little_endian(bytes + 18, 4);
        height = rows > INT32_MAX ? 0u - rows : rows; /* negative: from the top */
        depth = little_endian(bytes + 28, 2);
    }
    if (start > size || depth > 32)
        return false;
    uint64_t row = (width * depth + 31) / 32 * 4;
    return row == 0 || height <= (size - start) / row;
}

static bool tga_is_whole(const unsigned char *bytes, size_t size)
{
    enum { RUN_LENGTH = 8 };
    if (size < 18)
        return false;
    uint64_t colours = little_endian(bytes + 5, 2), colour_bytes = (bytes[7] + 7u) / 8;
    uint64_t at = 18 + (uint64_t)bytes[0] + (bytes[1] == 1 ? colours * colour_bytes : 0);
    uint64_t pixels = (uint64_t)little_endian(bytes + 12, 2) * little_endian(bytes + 14, 2);
    uint64_t depth = (bytes[16] + 7u) / 8;
    if (!(bytes[2] & RUN_LENGTH))
        return at + pixels * depth <= size;
    while (pixels > 0 && at < size) {
        uint64_t count = (bytes[at] & 127u) + 1u;
        at += 1 + (bytes[at] & 128 ? 1 : count) * depth;
        pixels -= count < pixels ? count : pixels;
    }
    return pixels == 0 && at <= size;
}

static bool is_whole(nst_format format, const unsigned char *bytes, size_t size)
{
    switch (format) {
    case NST_FORMAT_JPEG:
        return nst_jpeg_is_whole(bytes, size);
    case NST_FORMAT_PNG:
        return nst_png_is_whole(bytes, size);
    case NST_FORMAT_BMP:
        return bmp_is_whole(bytes, size);
    case NST_FORMAT_TGA:
        return tga_is_whole(bytes, size);
    case NST_FORMAT_PNM:
    case NST_FORMAT_UNKNOWN:
        break;
    }
    return true;
}

/* ---- headers ----------------------------------------------------------------------------------
 */

static bool png_has_transparent_colour(const unsigned char *bytes, size_t size)
{
    nst_walk walk = {bytes, size, 0};
    nst_part part;
    while (nst_png_next(&walk, &part))
        if (part.type == NST_PNG_TYPE('t', 'R', 'N', 'S'))
            return true;
    return false;
}

static nst_status check_size(const char *path, uint64_t width, uint64_t height, nst_error *error)
{
    if (width == 0 || height == 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %llux%llu pixels: there are none", path,
                        (unsigned long long)width, (unsigned long long)height);
    if (width > INT32_MAX || height > INT32_MAX || width > NST_PIXELS_MAX / height)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %llux%llu pixels: expected no more than %llu million", path,
                        (unsigned long long)width, (unsigned long long)height,
                        (unsigned long long)(NST_PIXELS_MAX >> 20));
    return NST_OK;
}

/* What a few bytes can make a JPEG decoder do: go through blocks that are not there, many times. */
static nst_status check_jpeg(const char *path, const unsigned char *bytes, size_t size, int width,
                             int height, nst_error *error)
{
    /* A block of 8x8 takes a bit at least; a quarter of them when channels have fewer samples. */
    enum { PIXELS_PER_BYTE_MAX = 8 * 64 * 4, SCANS_MAX = 100 };
    if ((uint64_t)width * (uint64_t)height / PIXELS_PER_BYTE_MAX > size)
        return nst_fail(error, NST_ERR_FORMAT, "%s: damaged: %zu bytes cannot be %dx%d JPEG pixels",
                        path, size, width, height);
    if (nst_jpeg_scans(bytes, size) > SCANS_MAX)
        return nst_fail(error, NST_ERR_FORMAT, "%s: a JPEG of more than %d scans", path, SCANS_MAX);
    return NST_OK;
}

static nst_status pnm_header(const char *path, const unsigned char *bytes, size_t size,
                             nst_header *out, nst_error *error)
{
    nst_pnm pnm;
    if (!nst_pnm_header(bytes, size, &pnm))
        return nst_fail(error, NST_ERR_FORMAT, "%s: not a PNM image (its header is damaged)", path);
    nst_status status = check_size(path, pnm.width, pnm.height, error);
    if (status != NST_OK)
        return status;
    if (!nst_pnm_is_whole(&pnm, size))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: truncated: %ux%u PNM pixels need more than %zu bytes", path, pnm.width,
                        pnm.height, size);
    out->width = (int)pnm.width;
    out->height = (int)pnm.height;
    out->bits = pnm.maximum < 256 ? 8 : 16;
    return NST_OK;
}

nst_status nst_header_read(const char *path, const unsigned char *bytes, size_t size,
                           nst_header *out, nst_error *error)
{
    int width = 0, height = 0, channels = 0;
    nst_format format = nst_format_sniff(bytes, size, path);
    *out = (nst_header){.format = format, .bits = 8};
    if (format == NST_FORMAT_UNKNOWN)
        return fail_unknown(path, bytes, size, error);
    if (format == NST_FORMAT_PNM)
        return pnm_header(path, bytes, size, out, error);
    /* stb writes past its memory for tables too large, wherever it meets them. */
    if (format == NST_FORMAT_JPEG && !nst_jpeg_is_whole(bytes, size))
        return fail_truncated(path, format, error);
    if (format == NST_FORMAT_JPEG && !nst_jpeg_tables_fit(bytes, size))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: damaged: a Huffman table of the JPEG is too long", path);
    if (format == NST_FORMAT_PNG && size >= 24) { /* stb would call any larger one damaged */
        nst_status status = check_size(path, big_endian(bytes + 16), big_endian(bytes + 20), error);
        if (status != NST_OK)
            return status;
    }
    bool readable = stbi_info_from_memory(bytes, (int)size, &width, &height, &channels);
    if (readable) {
        height = height > -INT_MAX ? abs(height) : INT_MAX; /* a BMP from the top says -height */
        nst_status status = check_size(path, (uint64_t)width, (uint64_t)height, error);
        if (status != NST_OK)
            return status;
    }
    if (readable && format == NST_FORMAT_JPEG) {
        nst_status status = check_jpeg(path, bytes, size, width, height, error);
        if (status != NST_OK)
            return status;
    }
    if (!is_whole(format, bytes, size))
        return fail_truncated(path, format, error);
    if (!readable)
        return nst_fail(error, NST_ERR_FORMAT, "%s: damaged, or a kind of %s not supported (%s)",
                        path, nst_format_name(format), stbi_failure_reason());
    out->width = width;
    out->height = height;
    out->has_alpha = channels == 2 || channels == 4;
    if (format == NST_FORMAT_PNG) {
        out->has_alpha |= png_has_transparent_colour(bytes, size);
        out->bits = stbi_is_16_bit_from_memory(bytes, (int)size) ? 16 : 8;
    }
    return NST_OK;
}
