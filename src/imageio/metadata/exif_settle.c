/* Editing EXIF in place: every value that stays keeps its place, because a maker's note may hold
 * offsets that only its maker knows. */
#include <string.h>

#include "imageio/metadata/exif.h"
#include "imageio/metadata/metadata.h"

enum { COLOR_SPACE_SRGB = 1 };

typedef struct {
    nst_exif exif;
    nst_view view;
    unsigned char *bytes; /* the block */
    int width, height;
    uint64_t end; /* of what directories refer to */
} editing;

static void reach(editing *e, uint64_t end)
{
    if (end > e->end)
        e->end = end;
}

static void wipe(editing *e, uint64_t at, uint64_t count)
{
    if (at <= e->exif.size && count <= e->exif.size - at)
        memset(e->bytes + at, 0, (size_t)count);
}

/* A single whole number, inside the entry; 16 bits become 32 where the value needs them. */
static void set_number(const editing *e, const nst_exif_entry *entry, uint32_t value)
{
    unsigned char *at = e->bytes + entry->at;
    if (entry->count != 1 || (entry->type != NST_EXIF_SHORT && entry->type != NST_EXIF_LONG))
        return;
    nst_exif_put16(&e->exif, at + 2, value > 0xffff ? NST_EXIF_LONG : entry->type);
    memset(at + 8, 0, 4);
    if (value > 0xffff || entry->type == NST_EXIF_LONG)
        nst_exif_put32(&e->exif, at + 8, value);
    else
        nst_exif_put16(&e->exif, at + 8, value);
}

static void set_orientation(const editing *e, const nst_exif_entry *entry)
{
    unsigned char *at = e->bytes + entry->at;
    uint32_t value;
    if (!nst_exif_number(&e->exif, entry, &value))
        return;
    nst_exif_put16(&e->exif, at + 2, NST_EXIF_SHORT);
    nst_exif_put32(&e->exif, at + 4, 1);
    memset(at + 8, 0, 4);
    nst_exif_put16(&e->exif, at + 8, 1);
}

/* Take entry number i out of its directory, and its value out of the block. */
static void remove_entry(editing *e, uint32_t directory, uint32_t i)
{
    nst_exif_entry entry;
    uint32_t count = nst_exif_count(&e->exif, directory);
    uint64_t end = (uint64_t)directory + 2 + (uint64_t)NST_EXIF_ENTRY_SIZE * count + 4;
    if (!nst_exif_entry_at(&e->exif, directory, i, &entry) || end > e->exif.size)
        return;
    if (entry.bytes > 4)
        wipe(e, entry.value, entry.bytes);
    memmove(e->bytes + entry.at, e->bytes + entry.at + NST_EXIF_ENTRY_SIZE,
            (size_t)(end - entry.at) - NST_EXIF_ENTRY_SIZE);
    wipe(e, end - NST_EXIF_ENTRY_SIZE, NST_EXIF_ENTRY_SIZE);
    nst_exif_put16(&e->exif, e->bytes + directory, count - 1);
}

/* A directory with all its values. */
static void wipe_directory(editing *e, uint32_t directory)
{
    nst_exif_entry entry;
    uint32_t count = nst_exif_count(&e->exif, directory);
    for (uint32_t i = 0; nst_exif_entry_at(&e->exif, directory, i, &entry); i++)
        if (entry.bytes > 4)
            wipe(e, entry.value, entry.bytes);
    wipe(e, directory, 2 + (uint64_t)NST_EXIF_ENTRY_SIZE * count + 4);
}

/* The thumbnail's directory and the JPEG that it points to. */
static void remove_thumbnail(editing *e)
{
    uint32_t link, start = 0, size = 0, value;
    uint32_t second = nst_exif_next(&e->exif, e->exif.first, &link);
    nst_exif_entry entry;
    if (second == 0)
        return;
    for (uint32_t i = 0; nst_exif_entry_at(&e->exif, second, i, &entry); i++)
        if (nst_exif_number(&e->exif, &entry, &value)) {
            start = entry.tag == NST_EXIF_THUMBNAIL ? value : start;
            size = entry.tag == NST_EXIF_THUMBNAIL_SIZE ? value : size;
        }
    wipe(e, start, size);
    if (second != e->exif.first)
        wipe_directory(e, second);
    wipe(e, link, 4);
}

static void settle_interop(editing *e, uint32_t directory)
{
    nst_exif_entry entry;
    for (uint32_t i = 0; nst_exif_entry_at(&e->exif, directory, i, &entry); i++) {
        if (entry.tag == NST_EXIF_RELATED_WIDTH)
            set_number(e, &entry, (uint32_t)e->width);
        if (entry.tag == NST_EXIF_RELATED_HEIGHT)
            set_number(e, &entry, (uint32_t)e->height);
        if (entry.tag == NST_EXIF_INTEROP_INDEX && entry.bytes == 4)
            memcpy(e->bytes + entry.value, "R98", 4); /* sRGB */
    }
}

static void settle_exif(editing *e, uint32_t directory, bool keep_gps)
{
    nst_exif_entry entry;
    uint32_t sub;
    for (uint32_t i = 0; nst_exif_entry_at(&e->exif, directory, i, &entry); i++) {
        if (entry.tag == NST_EXIF_WIDTH)
            set_number(e, &entry, (uint32_t)e->width);
        if (entry.tag == NST_EXIF_HEIGHT)
            set_number(e, &entry, (uint32_t)e->height);
        if (entry.tag == NST_EXIF_COLOR_SPACE)
            set_number(e, &entry, COLOR_SPACE_SRGB);
        if (entry.tag == NST_EXIF_SUB_INTEROP && nst_exif_number(&e->exif, &entry, &sub))
            settle_interop(e, sub);
        if (entry.tag == NST_EXIF_MAKER_NOTE && !keep_gps)
            remove_entry(e, directory, i--);
    }
}

static void settle_first(editing *e, bool keep_gps)
{
    nst_exif_entry entry;
    uint32_t sub;
    for (uint32_t i = 0; nst_exif_entry_at(&e->exif, e->exif.first, i, &entry); i++) {
        if (entry.tag == NST_EXIF_ORIENTATION)
            set_orientation(e, &entry);
        if (entry.tag == NST_EXIF_IMAGE_WIDTH)
            set_number(e, &entry, (uint32_t)e->width);
        if (entry.tag == NST_EXIF_IMAGE_HEIGHT)
            set_number(e, &entry, (uint32_t)e->height);
        if (entry.tag == NST_EXIF_SUB_EXIF && nst_exif_number(&e->exif, &entry, &sub))
            settle_exif(e, sub, keep_gps);
        if (entry.tag == NST_EXIF_SUB_GPS && !keep_gps) {
            if (nst_exif_number(&e->exif, &entry, &sub))
                wipe_directory(e, sub);
            remove_entry(e, e->exif.first, i--);
        }
    }
}

/* Where the last of the directories and values ends. */
static void measure(editing *e, uint32_t directory, int depth)
{
    nst_exif_entry entry;
    uint32_t sub, count = nst_exif_count(&e->exif, directory);
    if (depth > 3)
        return;
    reach(e, (uint64_t)directory + 2 + (uint64_t)NST_EXIF_ENTRY_SIZE * count + 4);
    for (uint32_t i = 0; nst_exif_entry_at(&e->exif, directory, i, &entry); i++) {
        reach(e, entry.value + entry.bytes);
        if ((entry.tag == NST_EXIF_SUB_EXIF || entry.tag == NST_EXIF_SUB_GPS ||
             entry.tag == NST_EXIF_SUB_INTEROP) &&
            nst_exif_number(&e->exif, &entry, &sub))
            measure(e, sub, depth + 1);
    }
}

void nst_exif_settle(nst_buffer *exif, bool keep_gps, int width, int height)
{
    editing e = {.view = nst_view_of_memory(exif->bytes, exif->size),
                 .bytes = exif->bytes,
                 .width = width,
                 .height = height};
    if (exif->size == 0)
        return;
    if (!nst_exif_open(&e.view, 0, exif->size, &e.exif) || e.exif.start != 0) {
        exif->size = 0;
        return;
    }
    remove_thumbnail(&e);
    settle_first(&e, keep_gps);
    measure(&e, e.exif.first, 0);
    if (e.end < exif->size)
        exif->size = (size_t)e.end; /* thumbnails, previews and padding lie at the end */
}
