/* Building blocks of EXIF: from a TIFF file, whose directories lie between its pixels, and from
 * texts. */
#include <string.h>

#include "imageio/metadata/exif.h"
#include "imageio/metadata/metadata.h"

enum { ENTRIES_MAX = 512, VALUE_MAX = 1 << 20 };

/* What describes the pixels of a TIFF, or is kept elsewhere (XMP, IPTC, profile), or points to more
 * pixels. */
static bool is_structure(uint32_t tag)
{
    static const uint16_t tags[] = {
        254,   255,   256,   257,   258,   259,   262,   263,   264,   265,   266,   273,   277,
        278,   279,   280,   281,   284,   288,   289,   290,   291,   292,   293,   297,   301,
        317,   318,   319,   320,   321,   322,   323,   324,   325,   326,   327,   328,   330,
        332,   333,   334,   336,   338,   339,   340,   341,   342,   343,   347,   512,   513,
        514,   515,   517,   518,   519,   520,   521,   529,   530,   531,   532,   700,   32781,
        32995, 32996, 32997, 32998, 33723, 34377, 34665, 34675, 34853, 37724, 40965, 42112, 50706};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tags[i] == tag)
            return true;
    return false;
}

static void put16(const nst_exif *like, nst_buffer *out, uint32_t value)
{
    unsigned char bytes[2];
    nst_exif_put16(like, bytes, value);
    nst_buffer_add(out, bytes, 2);
}

static void put32(const nst_exif *like, nst_buffer *out, uint32_t value)
{
    unsigned char bytes[4];
    nst_exif_put32(like, bytes, value);
    nst_buffer_add(out, bytes, 4);
}

typedef struct {
    const nst_exif *from;
    nst_buffer *out;
    nst_exif_entry kept[ENTRIES_MAX];
    uint32_t subs[ENTRIES_MAX]; /* offset of a directory of ours that an entry points to, or 0 */
    uint32_t count;
} directory;

/* Entries that can be copied: all that lie in the file and are no structure. */
static void collect(directory *d, uint32_t offset, bool is_first)
{
    nst_exif_entry entry;
    for (uint32_t i = 0; d->count < ENTRIES_MAX && nst_exif_entry_at(d->from, offset, i, &entry);
         i++)
        if (entry.bytes > 0 && entry.bytes <= VALUE_MAX && entry.tag != NST_EXIF_SUB_INTEROP &&
            !(is_first && is_structure(entry.tag) && entry.tag != NST_EXIF_ORIENTATION))
            d->kept[d->count++] = entry;
}

static uint32_t find_sub(const nst_exif *from, uint32_t offset, uint32_t tag)
{
    nst_exif_entry entry;
    uint32_t value = 0;
    for (uint32_t i = 0; nst_exif_entry_at(from, offset, i, &entry); i++)
        if (entry.tag == tag && nst_exif_number(from, &entry, &value))
            return value;
    return 0;
}

/* An entry that points to a directory of ours, at its place in the order of tags. */
static void add_sub(directory *d, uint32_t tag, uint32_t offset)
{
    uint32_t at = d->count;
    if (offset == 0 || d->count == ENTRIES_MAX)
        return;
    while (at > 0 && d->kept[at - 1].tag > tag) {
        d->kept[at] = d->kept[at - 1];
        d->subs[at] = d->subs[at - 1];
        at--;
    }
    d->kept[at] = (nst_exif_entry){.tag = tag, .type = NST_EXIF_LONG, .count = 1};
    d->subs[at] = offset;
    d->count++;
}

/* Append the directory and then its values; returns its offset. */
static uint32_t write_directory(directory *d)
{
    nst_buffer *out = d->out;
    nst_buffer_add_zeros(out, out->size % 2);
    uint32_t offset = (uint32_t)out->size;
    uint32_t value = offset + 2 + NST_EXIF_ENTRY_SIZE * d->count + 4;
    const unsigned char *file = d->from->view->bytes + d->from->start;
    put16(d->from, out, d->count);
    for (uint32_t i = 0; i < d->count; i++) {
        const nst_exif_entry *entry = &d->kept[i];
        put16(d->from, out, entry->tag);
        put16(d->from, out, entry->type);
        put32(d->from, out, entry->count);
        if (d->subs[i]) {
            put32(d->from, out, d->subs[i]);
        } else if (entry->bytes <= 4) {
            nst_buffer_add(out, file + entry->at + 8, 4);
        } else {
            put32(d->from, out, value);
            value += (uint32_t)(entry->bytes + entry->bytes % 2);
        }
    }
    put32(d->from, out, 0);
    for (uint32_t i = 0; i < d->count; i++)
        if (!d->subs[i] && d->kept[i].bytes > 4) {
            nst_buffer_add(out, file + d->kept[i].value, (size_t)d->kept[i].bytes);
            nst_buffer_add_zeros(out, d->kept[i].bytes % 2);
        }
    return offset;
}

static uint32_t copy_sub(const nst_exif *from, uint32_t offset, nst_buffer *out)
{
    directory d = {.from = from, .out = out};
    collect(&d, offset, false);
    return d.count ? write_directory(&d) : 0;
}

static void begin(const nst_exif *like, nst_buffer *out)
{
    nst_buffer_add(out, like->is_big_endian ? "MM" : "II", 2);
    put16(like, out, 42);
    put32(like, out, 0); /* set at the end */
}

void nst_exif_from_tiff(const unsigned char *bytes, size_t size, nst_buffer *out)
{
    nst_view view = nst_view_of_memory(bytes, size);
    nst_exif from;
    if (!nst_exif_open(&view, 0, size, &from))
        return;
    directory first = {.from = &from, .out = out};
    collect(&first, from.first, true);
    begin(&from, out);
    add_sub(&first, NST_EXIF_SUB_EXIF,
            copy_sub(&from, find_sub(&from, from.first, NST_EXIF_SUB_EXIF), out));
    add_sub(&first, NST_EXIF_SUB_GPS,
            copy_sub(&from, find_sub(&from, from.first, NST_EXIF_SUB_GPS), out));
    uint32_t offset = first.count ? write_directory(&first) : 0;
    if (out->failed || offset == 0)
        out->size = 0;
    else
        nst_exif_put32(&from, out->bytes + 4, offset);
}

void nst_exif_from_texts(const char *description, const char *artist, const char *copyright,
                         nst_buffer *out)
{
    static const uint16_t tags[] = {NST_EXIF_DESCRIPTION, NST_EXIF_ARTIST, NST_EXIF_COPYRIGHT};
    const char *texts[] = {description, artist, copyright};
    const nst_exif like = {.is_big_endian = true};
    uint32_t count = 0;
    for (int i = 0; i < 3; i++)
        count += texts[i] != NULL;
    if (count == 0)
        return;
    uint32_t value = 8 + 2 + NST_EXIF_ENTRY_SIZE * count + 4;
    begin(&like, out);
    if (!out->failed)
        nst_exif_put32(&like, out->bytes + 4, 8);
    put16(&like, out, count);
    for (int i = 0; i < 3; i++) {
        uint32_t length = texts[i] ? (uint32_t)strlen(texts[i]) + 1 : 0;
        char inside[4] = {0};
        if (length == 0)
            continue;
        put16(&like, out, tags[i]);
        put16(&like, out, NST_EXIF_ASCII);
        put32(&like, out, length);
        if (length <= 4) {
            memcpy(inside, texts[i], length);
            nst_buffer_add(out, inside, 4);
        } else {
            put32(&like, out, value);
            value += length;
        }
    }
    put32(&like, out, 0);
    for (int i = 0; i < 3; i++)
        if (texts[i] && strlen(texts[i]) + 1 > 4)
            nst_buffer_add(out, texts[i], strlen(texts[i]) + 1);
}
