#include "imageio/container.h"

#include <stdint.h>

static bool is_lone_marker(unsigned type) /* without a length */
{
    return type == 0x01 || (type >= 0xd0 && type <= 0xd9);
}

bool nst_jpeg_next(nst_walk *walk, nst_part *out)
{
    const unsigned char *bytes = walk->bytes;
    size_t at = walk->offset;
    /* A marker is FF and a byte other than 00 (an FF among coded pixels) or FF (padding);
     * D0 to D7 restart the coder between pixels. */
    while (at + 1 < walk->size &&
           !(bytes[at] == 0xff && bytes[at + 1] != 0 && bytes[at + 1] != 0xff &&
             !(bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7)))
        at++;
    if (at + 1 >= walk->size)
        return false;
    *out = (nst_part){.type = bytes[at + 1]};
    at += 2;
    walk->offset = out->type == NST_JPEG_END ? walk->size : at;
    if (is_lone_marker(out->type))
        return true;
    if (walk->size - at < 2)
        return false;
    size_t length = (size_t)bytes[at] << 8 | bytes[at + 1];
    if (length < 2 || length > walk->size - at)
        return false;
    out->data = bytes + at + 2;
    out->size = length - 2;
    walk->offset = at + length;
    return true;
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

bool nst_png_next(nst_walk *walk, nst_part *out)
{
    size_t at = walk->offset ? walk->offset : 8; /* after the signature */
    if (at > walk->size || walk->size - at < 12)
        return false;
    uint32_t length = big_endian(walk->bytes + at);
    if (length > walk->size - at - 12)
        return false;
    *out = (nst_part){big_endian(walk->bytes + at + 4), walk->bytes + at + 8, length};
    walk->offset = out->type == NST_PNG_END ? walk->size : at + 12 + length;
    return true;
}

bool nst_jpeg_is_whole(const unsigned char *bytes, size_t size)
{
    nst_walk walk = {bytes, size, 0};
    nst_part part = {0};
    bool more;
    do
        more = nst_jpeg_next(&walk, &part);
    while (more && part.type != NST_JPEG_END);
    return more;
}

bool nst_png_is_whole(const unsigned char *bytes, size_t size)
{
    nst_walk walk = {bytes, size, 0};
    nst_part part = {0};
    bool more;
    do
        more = nst_png_next(&walk, &part);
    while (more && part.type != NST_PNG_END);
    return more;
}

size_t nst_jpeg_scans(const unsigned char *bytes, size_t size)
{
    nst_walk walk = {bytes, size, 0};
    nst_part part;
    size_t count = 0;
    while (nst_jpeg_next(&walk, &part))
        count += part.type == NST_JPEG_SCAN;
    return count;
}

bool nst_jpeg_tables_fit(const unsigned char *bytes, size_t size)
{
    enum { LENGTHS = 16, CODES_MAX = 256 };
    nst_walk walk = {bytes, size, 0};
    nst_part part;
    while (nst_jpeg_next(&walk, &part)) {
        if (part.type != NST_JPEG_TABLES)
            continue;
        /* Which table, how many codes of 1 to 16 bits, their values; and again. */
        for (size_t at = 0; at < part.size;) {
            if (part.size - at < 1 + LENGTHS)
                return false;
            size_t codes = 0;
            for (size_t i = 1; i <= LENGTHS; i++)
                codes += part.data[at + i];
            at += 1 + LENGTHS;
            if (codes > CODES_MAX || codes > part.size - at)
                return false;
            at += codes;
        }
    }
    return true;
}
