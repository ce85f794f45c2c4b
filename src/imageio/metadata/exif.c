#include "imageio/metadata/exif.h"

#include <string.h>

enum { ENTRIES_MAX = 4096 };

uint32_t nst_exif_get16(const nst_exif *exif, const unsigned char *p)
{
    return exif->is_big_endian ? nst_big16(p) : nst_little16(p);
}

uint32_t nst_exif_get32(const nst_exif *exif, const unsigned char *p)
{
    return exif->is_big_endian ? nst_big32(p) : nst_little32(p);
}

void nst_exif_put16(const nst_exif *exif, unsigned char *p, uint32_t value)
{
    if (exif->is_big_endian)
        nst_put_big16(p, value);
    else
        nst_put_little16(p, value);
}

void nst_exif_put32(const nst_exif *exif, unsigned char *p, uint32_t value)
{
    if (exif->is_big_endian)
        nst_put_big32(p, value);
    else
        nst_put_little32(p, value);
}

static bool read_at(const nst_exif *exif, uint64_t offset, void *out, size_t count)
{
    return offset <= exif->size && count <= exif->size - offset &&
           nst_view_read(exif->view, exif->start + offset, out, count);
}

bool nst_exif_open(nst_view *view, uint64_t start, uint64_t size, nst_exif *out)
{
    unsigned char head[8];
    *out = (nst_exif){.view = view, .start = start, .size = size};
    if (!read_at(out, 0, head, sizeof head))
        return false;
    if (memcmp(head, "Exif", 5) == 0) { /* with its zero byte; then one for padding */
        out->start += 6;
        out->size -= 6;
        if (!read_at(out, 0, head, sizeof head))
            return false;
    }
    out->is_big_endian = head[0] == 'M';
    out->first = nst_exif_get32(out, head + 4);
    return (memcmp(head, "II", 2) == 0 || memcmp(head, "MM", 2) == 0) &&
           nst_exif_get16(out, head + 2) == 42;
}

uint32_t nst_exif_count(const nst_exif *exif, uint32_t directory)
{
    unsigned char bytes[2];
    return directory && read_at(exif, directory, bytes, 2) ? nst_exif_get16(exif, bytes) : 0;
}

bool nst_exif_entry_at(const nst_exif *exif, uint32_t directory, uint32_t i, nst_exif_entry *out)
{
    static const unsigned sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    unsigned char bytes[NST_EXIF_ENTRY_SIZE];
    uint64_t at = (uint64_t)directory + 2 + (uint64_t)NST_EXIF_ENTRY_SIZE * i;
    if (i >= ENTRIES_MAX || i >= nst_exif_count(exif, directory) ||
        !read_at(exif, at, bytes, NST_EXIF_ENTRY_SIZE))
        return false;
    *out = (nst_exif_entry){.tag = nst_exif_get16(exif, bytes),
                            .type = nst_exif_get16(exif, bytes + 2),
                            .count = nst_exif_get32(exif, bytes + 4),
                            .at = (uint32_t)at,
                            .value = (uint32_t)at + 8};
    unsigned each = out->type < sizeof sizes / sizeof sizes[0] ? sizes[out->type] : 0;
    out->bytes = (uint64_t)each * out->count;
    if (out->bytes > 4)
        out->value = nst_exif_get32(exif, bytes + 8);
    if (out->value > exif->size || out->bytes > exif->size - out->value)
        out->bytes = 0;
    return true;
}

uint32_t nst_exif_next(const nst_exif *exif, uint32_t directory, uint32_t *at)
{
    unsigned char bytes[4];
    uint64_t offset =
        (uint64_t)directory + 2 + (uint64_t)NST_EXIF_ENTRY_SIZE * nst_exif_count(exif, directory);
    if (directory == 0 || !read_at(exif, offset, bytes, 4))
        return 0;
    *at = (uint32_t)offset;
    return nst_exif_get32(exif, bytes);
}

bool nst_exif_number(const nst_exif *exif, const nst_exif_entry *entry, uint32_t *out)
{
    unsigned char bytes[4] = {0};
    size_t size = entry->bytes < 4 ? (size_t)entry->bytes : 4;
    if (size == 0 || !read_at(exif, entry->value, bytes, size))
        return false;
    switch (entry->type) {
    case NST_EXIF_BYTE:
    case NST_EXIF_SBYTE:
    case NST_EXIF_UNDEFINED:
        *out = bytes[0];
        return true;
    case NST_EXIF_SHORT:
    case NST_EXIF_SSHORT:
        *out = nst_exif_get16(exif, bytes);
        return true;
    case NST_EXIF_LONG:
    case NST_EXIF_SLONG:
    case NST_EXIF_IFD:
        *out = nst_exif_get32(exif, bytes);
        return true;
    default:
        return false;
    }
}
