/* Metadata in the directories of a TIFF. */
#include <stdlib.h>
#include <string.h>

#include "imageio/containers/tiff_metadata.h"
#include "imageio/metadata/exif.h"

enum { ENTRIES_MAX = 256 };

void nst_tiff_read_metadata(const nst_encoded *file, nst_metadata *out)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_exif exif;
    nst_exif_entry entry;
    nst_buffer inside = {0};
    if (!nst_exif_open(&view, 0, file->size, &exif))
        return;
    for (uint32_t i = 0; nst_exif_entry_at(&exif, exif.first, i, &entry); i++) {
        const unsigned char *value = file->bytes + entry.value;
        size_t size = (size_t)entry.bytes;
        if (entry.tag == NST_EXIF_XMP)
            nst_buffer_add(&out->xmp, value, size);
        if (entry.tag == NST_EXIF_IPTC && size > 0 &&
            *value == 0x1c) /* some swap it; not to be trusted */
            nst_buffer_add(&out->iptc, value, size);
        if (entry.tag == NST_EXIF_PHOTOSHOP)
            nst_iptc_from_photoshop(value, size, &inside);
    }
    if (out->iptc.size == 0)
        nst_buffer_add(&out->iptc, inside.bytes, inside.size);
    nst_buffer_destroy(&inside);
    nst_exif_from_tiff(file->bytes, file->size, &out->exif);
}

bool nst_tiff_is_big_endian(const nst_metadata *metadata)
{
    return metadata && metadata->exif.size > 0 && metadata->exif.bytes[0] == 'M';
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The directory to be: entries as they will stand, in the order of tags. */
typedef struct {
    const nst_exif *order; /* of bytes */
    unsigned char entries[ENTRIES_MAX][NST_EXIF_ENTRY_SIZE];
    uint32_t count;
} directory;

static uint32_t tag_of(const directory *d, uint32_t i)
{
    return nst_exif_get16(d->order, d->entries[i]);
}

/* Insert an entry unless there is one of its tag. */
static void insert(directory *d, const unsigned char entry[NST_EXIF_ENTRY_SIZE])
{
    uint32_t tag = nst_exif_get16(d->order, entry), at = d->count;
    for (uint32_t i = 0; i < d->count; i++)
        if (tag_of(d, i) == tag)
            return;
    if (d->count == ENTRIES_MAX)
        return;
    for (; at > 0 && tag_of(d, at - 1) > tag; at--)
        memcpy(d->entries[at], d->entries[at - 1], NST_EXIF_ENTRY_SIZE);
    memcpy(d->entries[at], entry, NST_EXIF_ENTRY_SIZE);
    d->count++;
}

static void insert_value(directory *d, uint32_t tag, uint32_t type, uint32_t count, uint32_t value)
{
    unsigned char entry[NST_EXIF_ENTRY_SIZE];
    nst_exif_put16(d->order, entry, tag);
    nst_exif_put16(d->order, entry + 2, type);
    nst_exif_put32(d->order, entry + 4, count);
    nst_exif_put32(d->order, entry + 8, value);
    insert(d, entry);
}

/* Bytes at the end of the file, and an entry that points to them. */
static void insert_bytes(directory *d, uint32_t tag, uint32_t type, const nst_buffer *bytes,
                         nst_buffer *out)
{
    if (bytes->size <= 4)
        return;
    nst_buffer_add_zeros(out, out->size % 2);
    insert_value(d, tag, type, (uint32_t)bytes->size, (uint32_t)out->size);
    nst_buffer_add(out, bytes->bytes, bytes->size);
}

/* Offsets of the strips, each moved; a new array, as the old may have 16 bits. */
static void insert_strips(directory *d, const nst_exif *tiff, const nst_exif_entry *entry,
                          uint32_t shift, nst_buffer *out)
{
    const unsigned char *values = tiff->view->bytes + entry->value;
    size_t each = entry->type == NST_EXIF_SHORT ? 2 : 4;
    nst_buffer_add_zeros(out, out->size % 2);
    uint32_t array = (uint32_t)out->size, first = 0;
    for (uint32_t i = 0; i < entry->count; i++) {
        unsigned char moved[4];
        uint32_t value = each == 2 ? nst_exif_get16(tiff, values + 2 * (size_t)i)
                                   : nst_exif_get32(tiff, values + 4 * (size_t)i);
        first = i == 0 ? value + shift : first;
        nst_exif_put32(tiff, moved, value + shift);
        nst_buffer_add(out, moved, 4);
    }
    insert_value(d, NST_EXIF_STRIP_OFFSETS, NST_EXIF_LONG, entry->count,
                 entry->count == 1 ? first : array);
}

/* The picture's own entries, whose values have moved behind the block of EXIF. */
static void insert_picture(directory *d, const nst_exif *tiff, uint32_t shift, nst_buffer *out)
{
    nst_exif_entry entry;
    for (uint32_t i = 0; nst_exif_entry_at(tiff, tiff->first, i, &entry); i++) {
        unsigned char copy[NST_EXIF_ENTRY_SIZE];
        if (entry.tag == NST_EXIF_STRIP_OFFSETS && entry.bytes > 0) {
            insert_strips(d, tiff, &entry, shift, out);
            continue;
        }
        memcpy(copy, tiff->view->bytes + entry.at, NST_EXIF_ENTRY_SIZE);
        if (entry.bytes > 4)
            nst_exif_put32(tiff, copy + 8, entry.value + shift);
        insert(d, copy);
    }
}

void nst_tiff_embed(const nst_metadata *metadata, nst_buffer *file)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_buffer out = {0};
    nst_exif tiff, exif;
    nst_exif_entry entry;
    bool is_big_endian = nst_tiff_is_big_endian(metadata);
    if (nst_metadata_is_empty(metadata) || file->failed ||
        !nst_exif_open(&view, 0, file->size, &tiff) || tiff.is_big_endian != is_big_endian)
        return;
    nst_view block = nst_view_of_memory(metadata->exif.bytes, metadata->exif.size);
    bool has_exif = nst_exif_open(&block, 0, metadata->exif.size, &exif);
    uint64_t total = (uint64_t)metadata->exif.size + file->size + metadata->xmp.size +
                     metadata->iptc.size + (1u << 20);
    directory *d = total <= UINT32_MAX ? calloc(1, sizeof *d) : NULL;
    if (!d)
        return;
    d->order = &tiff;
    /* The block of EXIF comes first: it is a TIFF itself, and there its offsets hold. */
    if (has_exif)
        nst_buffer_add(&out, metadata->exif.bytes, metadata->exif.size);
    nst_buffer_add_zeros(&out, out.size % 2);
    uint32_t shift = (uint32_t)out.size;
    nst_buffer_add(&out, file->bytes, file->size);
    insert_picture(d, &tiff, shift, &out);
    for (uint32_t i = 0; has_exif && nst_exif_entry_at(&exif, exif.first, i, &entry); i++)
        insert(d, metadata->exif.bytes + entry.at);
    insert_bytes(d, NST_EXIF_XMP, NST_EXIF_BYTE, &metadata->xmp, &out);
    insert_bytes(d, NST_EXIF_IPTC, NST_EXIF_UNDEFINED, &metadata->iptc, &out);
    nst_buffer_add_zeros(&out, out.size % 2);
    unsigned char number[4];
    uint32_t place = (uint32_t)out.size;
    nst_exif_put16(&tiff, number, d->count);
    nst_buffer_add(&out, number, 2);
    nst_buffer_add(&out, d->entries, (size_t)d->count * NST_EXIF_ENTRY_SIZE);
    nst_buffer_add_zeros(&out, 4);
    free(d);
    if (out.failed) {
        nst_buffer_destroy(&out);
        file->failed = true;
        return;
    }
    nst_exif_put32(&tiff, out.bytes + 4, place);
    nst_buffer_destroy(file);
    *file = out;
}
