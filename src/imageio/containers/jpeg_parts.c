#include "imageio/containers/jpeg_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imageio/metadata/metadata.h"
#include "imageio/orientation.h"

/* Real profiles end at about 3 MB (printers'). */
static const size_t ICC_MAX = 1 << 24;

static bool has_length(unsigned type)
{
    return type != 0x01 && !(type >= 0xd0 && type <= 0xd9);
}

bool nst_jpeg_next(nst_view *view, uint64_t *offset, nst_jpeg_part *out)
{
    unsigned char two[2];
    /* A marker is FF and a byte other than 00 (an FF among coded pixels) or FF (padding);
     * D0 to D7 restart the coder between pixels. */
    for (uint64_t at = nst_view_find(view, *offset, 0xff); nst_view_read(view, at, two, 2);
         at = nst_view_find(view, at + 1, 0xff)) {
        if (two[1] == 0 || two[1] == 0xff || (two[1] >= 0xd0 && two[1] <= 0xd7))
            continue;
        *out = (nst_jpeg_part){.type = two[1], .offset = at + 2};
        *offset = out->type == NST_JPEG_END ? view->size : at + 2;
        if (!has_length(out->type))
            return true;
        if (!nst_view_read(view, at + 2, two, 2) || nst_big16(two) < 2 ||
            nst_big16(two) > view->size - at - 2)
            return false;
        out->offset = at + 4;
        out->size = nst_big16(two) - 2;
        *offset = out->offset + out->size;
        return true;
    }
    return false;
}

bool nst_jpeg_is_frame(unsigned type)
{
    return type >= 0xc0 && type <= 0xcf && type != NST_JPEG_HUFFMAN && type != 0xc8 && type != 0xcc;
}

static uint64_t blocks(int pixels, unsigned sampling, unsigned sampling_max)
{
    return ((uint64_t)pixels * sampling + 8u * sampling_max - 1) / (8u * sampling_max);
}

static bool read_frame(nst_view *view, const nst_jpeg_part *part, nst_jpeg_frame *out)
{
    unsigned char bytes[6 + 3 * 4];
    unsigned across = 1, down = 1;
    if (part->size < 6 || !nst_view_read(view, part->offset, bytes, 6))
        return false;
    *out = (nst_jpeg_frame){.type = part->type,
                            .precision = bytes[0],
                            .height = (int)nst_big16(bytes + 1),
                            .width = (int)nst_big16(bytes + 3),
                            .components = bytes[5]};
    size_t size = 3 * (size_t)out->components;
    if (out->components < 1 || out->components > 4 || part->size < 6 + size ||
        !nst_view_read(view, part->offset + 6, bytes + 6, size))
        return false;
    for (int i = 0; i < 4 && i < out->components; i++) {
        const unsigned char *component = bytes + 6 + 3 * i;
        unsigned h = component[1] >> 4, v = component[1] & 15u;
        if (h < 1 || h > 4 || v < 1 || v > 4 || component[2] > 3)
            return false;
        out->ids[i] = component[0];
        out->sampling[i] = component[1];
        out->quantization[i] = component[2];
        across = h > across ? h : across;
        down = v > down ? v : down;
    }
    for (int i = 0; i < out->components; i++)
        out->coefficients += blocks(out->width, out->sampling[i] >> 4, across) *
                             blocks(out->height, out->sampling[i] & 15u, down);
    return true;
}

/* ---- header ---------------------------------------------------------------------------------- */

static void read_orientation(nst_view *view, const nst_jpeg_part *part, int *exif, int *xmp)
{
    static const char xmp_prefix[] = NST_XMP_PREFIX;
    char start[sizeof xmp_prefix] = {0};
    size_t got = nst_view_read_some(view, part->offset, start,
                                    part->size < sizeof start ? (size_t)part->size : sizeof start);
    if (got == sizeof start && memcmp(start, xmp_prefix, sizeof start) == 0) {
        if (!*xmp)
            *xmp = nst_orientation_of_xmp(view, part->offset + sizeof start,
                                          part->size - sizeof start);
    } else if (!*exif && got > 6 && memcmp(start, "Exif", 5) == 0) {
        *exif = nst_orientation_of_exif(view, part->offset, part->size);
    }
}

static nst_status check_frame(const char *name, const nst_jpeg_frame *frame, nst_header *out,
                              nst_error *error)
{
    static const char *const kinds[16] = {
        [3] = "lossless",  [5] = "hierarchical",  [6] = "hierarchical",  [7] = "hierarchical",
        [11] = "lossless", [13] = "hierarchical", [14] = "hierarchical", [15] = "hierarchical"};
    if (kinds[frame->type & 15])
        return nst_fail_kind(name, "JPEG", kinds[frame->type & 15], error);
    if (frame->precision != 8)
        return nst_fail_kind(name, "JPEG", "12 bits", error);
    if (frame->components == 2)
        return nst_fail_kind(name, "JPEG", "two components", error);
    return nst_header_size(name, (uint64_t)frame->width, (uint64_t)frame->height, out, error);
}

nst_status nst_jpeg_header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    nst_jpeg_part part = {0};
    nst_jpeg_frame frame = {0};
    uint64_t offset = 0;
    int exif = 0, xmp = 0;
    while (part.type != NST_JPEG_SCAN && nst_jpeg_next(view, &offset, &part)) {
        if (part.type == NST_JPEG_EXIF)
            read_orientation(view, &part, &exif, &xmp);
        if (nst_jpeg_is_frame(part.type) && !frame.type && !read_frame(view, &part, &frame))
            return nst_fail_damaged(name, "JPEG", "its frame makes no sense", error);
    }
    if (!frame.type)
        return part.type == NST_JPEG_SCAN || part.type == NST_JPEG_END
                   ? nst_fail_damaged(name, "JPEG", "it says no size", error)
                   : nst_fail_truncated(name, "JPEG", error);
    nst_status status = check_frame(name, &frame, out, error);
    if (status != NST_OK)
        return status;
    out->bits = 8;
    out->orientation = exif ? exif : xmp ? xmp : 1;
    /* Some rows of samples; of more than one scan all coefficients, 128 bytes a block. What scans
     * there are is not known yet, but baseline files have one, nearly always. */
    out->workspace = 64 * 4 * (uint64_t)frame.width + 65536;
    if (frame.type == 0xc2 || frame.type == 0xca)
        out->workspace += 128 * frame.coefficients;
    return NST_OK;
}

/* ---- whether everything is there ------------------------------------------------------------- */

typedef struct {
    const nst_encoded *file;
    nst_view view;
    nst_jpeg_frame frame;
    unsigned dc, ac, quantization; /* sets of tables that were defined, a bit each */
    int scans;
    bool ended;
} checked;

static bool note_huffman(checked *c, const nst_jpeg_part *part)
{
    enum { LENGTHS = 16, CODES_MAX = 256 };
    const unsigned char *data = c->file->bytes + part->offset;
    /* Which table, how many codes of 1 to 16 bits, their values; and again. */
    for (size_t at = 0; at < part->size;) {
        if (part->size - at < 1 + LENGTHS)
            return false;
        size_t codes = 0;
        for (size_t i = 1; i <= LENGTHS; i++)
            codes += data[at + i];
        if (data[at] & 0x10)
            c->ac |= 1u << (data[at] & 15);
        else
            c->dc |= 1u << (data[at] & 15);
        at += 1 + LENGTHS;
        if (codes > CODES_MAX || codes > part->size - at)
            return false;
        at += codes;
    }
    return true;
}

static void note_quantization(checked *c, const nst_jpeg_part *part)
{
    const unsigned char *data = c->file->bytes + part->offset;
    for (size_t at = 0; at < part->size;) {
        size_t size = data[at] >> 4 ? 129 : 65;
        if (part->size - at < size)
            return;
        c->quantization |= 1u << (data[at] & 15);
        at += size;
    }
}

/* Whether the tables that the scan names were defined. */
static bool has_tables(const checked *c, const nst_jpeg_part *part)
{
    const unsigned char *data = c->file->bytes + part->offset;
    size_t count = part->size ? data[0] : 0;
    if (count < 1 || count > 4 || part->size < 4 + 2 * count)
        return false;
    bool progressive = c->frame.type == 0xc2, arithmetic = c->frame.type >= 0xc9;
    unsigned first = data[1 + 2 * count], last = data[2 + 2 * count];
    unsigned refining = data[3 + 2 * count] >> 4;
    for (size_t i = 0; i < count; i++) {
        unsigned tables = data[2 + 2 * i];
        bool needs_dc = !arithmetic && (!progressive || (first == 0 && !refining));
        bool needs_ac = !arithmetic && (!progressive || (first > 0 && last > 0));
        if ((needs_dc && !(c->dc >> (tables >> 4) & 1)) ||
            (needs_ac && !(c->ac >> (tables & 15) & 1)))
            return false;
        for (int k = 0; k < c->frame.components; k++)
            if (c->frame.ids[k] == data[1 + 2 * i] &&
                !(c->quantization >> c->frame.quantization[k] & 1))
                return false;
    }
    return true;
}

static nst_status check_part(checked *c, const nst_jpeg_part *part, nst_error *error)
{
    const char *name = c->file->name;
    c->ended = part->type == NST_JPEG_END;
    if (part->type == NST_JPEG_HUFFMAN && !note_huffman(c, part))
        return nst_fail_damaged(name, "JPEG", "a Huffman table is too long", error);
    if (part->type == NST_JPEG_QUANTIZATION)
        note_quantization(c, part);
    if (nst_jpeg_is_frame(part->type) && !c->frame.type)
        read_frame(&c->view, part, &c->frame);
    if (part->type != NST_JPEG_SCAN)
        return NST_OK;
    if (!has_tables(c, part))
        return nst_fail_damaged(name, "JPEG", "a table that its pixels need is missing", error);
    c->scans++;
    return NST_OK;
}

nst_status nst_jpeg_check(const nst_encoded *file, nst_error *error)
{
    /* A decoder goes through all blocks for each scan, and a few bytes are a scan. */
    enum { SCANS_MAX = 100 };
    checked c = {.file = file, .view = nst_view_of_memory(file->bytes, file->size)};
    nst_jpeg_part part;
    nst_status status = NST_OK;
    uint64_t offset = 0, data = 0;
    while (status == NST_OK && nst_jpeg_next(&c.view, &offset, &part)) {
        if (c.scans == 0)
            data = part.offset + part.size;
        status = check_part(&c, &part, error);
    }
    if (status != NST_OK)
        return status;
    if (!c.ended)
        return nst_fail_truncated(file->name, "JPEG", error);
    if (c.scans == 0)
        return nst_fail_damaged(file->name, "JPEG", "it has no pixels", error);
    if (c.scans > SCANS_MAX)
        return nst_fail(error, NST_ERR_FORMAT, "%s: a JPEG of more than %d scans", file->name,
                        SCANS_MAX);
    /* A block takes two bits at least, or one where its first scan has only its average. */
    bool arithmetic = c.frame.type >= 0xc9;
    uint64_t least = c.frame.coefficients / (arithmetic ? 512 : c.frame.type <= 0xc1 ? 4 : 8);
    if (least > file->size - data)
        return nst_fail(error, NST_ERR_FORMAT, "%s: damaged: %zu bytes cannot be %dx%d JPEG pixels",
                        file->name, file->size, c.frame.width, c.frame.height);
    return NST_OK;
}

/* ---- profile --------------------------------------------------------------------------------- */

/* It is spread over segments: "ICC_PROFILE", zero, number from 1, count, data. */
void nst_jpeg_icc(const nst_encoded *file, unsigned char **icc, size_t *size)
{
    static const char prefix[] = NST_JPEG_ICC_PREFIX;
    enum { HEAD = sizeof prefix + 2 };
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_jpeg_part pieces[256] = {{0}}, part = {0};
    uint64_t offset = 0;
    size_t total = 0, used = 0;
    unsigned count = 0;
    *icc = NULL;
    while (part.type != NST_JPEG_SCAN && nst_jpeg_next(&view, &offset, &part)) {
        const unsigned char *data = file->bytes + part.offset;
        if (part.type != NST_JPEG_ICC || part.size <= HEAD ||
            memcmp(data, prefix, sizeof prefix) != 0)
            continue;
        unsigned number = data[HEAD - 2];
        if (number == 0 || pieces[number].size)
            return;
        count = data[HEAD - 1];
        pieces[number] = part;
        total += part.size - HEAD;
    }
    for (unsigned i = 1; i <= count; i++)
        if (!pieces[i].size)
            return;
    unsigned char *out = total > 0 && total <= ICC_MAX ? malloc(total) : NULL;
    for (unsigned i = 1; out && i <= count; i++) {
        size_t piece = (size_t)pieces[i].size - HEAD;
        memcpy(out + used, file->bytes + pieces[i].offset + HEAD, piece);
        used += piece;
    }
    *icc = out;
    *size = used;
}
