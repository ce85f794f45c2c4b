/* Metadata in the segments of a JPEG. */
#include <string.h>

#include "imageio/containers/jpeg_parts.h"
#include "imageio/metadata/metadata.h"

static const char exif_prefix[] = "Exif\0"; /* and one more zero byte: 6 in all */
static const char xmp_prefix[] = NST_XMP_PREFIX;
static const char photoshop_prefix[] = "Photoshop 3.0";

static bool begins(const unsigned char *data, size_t size, const char *prefix, size_t length)
{
    return size > length && memcmp(data, prefix, length) == 0;
}

void nst_jpeg_read_metadata(const nst_encoded *file, nst_metadata *out)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_jpeg_part part = {0};
    uint64_t offset = 0;
    while (part.type != NST_JPEG_SCAN && nst_jpeg_next(&view, &offset, &part)) {
        const unsigned char *data = file->bytes + part.offset;
        size_t size = (size_t)part.size;
        if (part.type == NST_JPEG_EXIF && out->exif.size == 0 && size > sizeof exif_prefix + 8 &&
            begins(data, size, exif_prefix, 5))
            nst_buffer_add(&out->exif, data + sizeof exif_prefix, size - sizeof exif_prefix);
        if (part.type == NST_JPEG_EXIF && out->xmp.size == 0 &&
            begins(data, size, xmp_prefix, sizeof xmp_prefix))
            nst_buffer_add(&out->xmp, data + sizeof xmp_prefix, size - sizeof xmp_prefix);
        if (part.type == NST_JPEG_PHOTOSHOP &&
            begins(data, size, photoshop_prefix, sizeof photoshop_prefix))
            nst_iptc_from_photoshop(data + sizeof photoshop_prefix, size - sizeof photoshop_prefix,
                                    &out->iptc);
    }
}

/* A segment holds 65533 bytes; what is longer is left out. */
static void add_segment(nst_buffer *out, unsigned type, const void *prefix, size_t prefix_size,
                        const void *data, size_t size)
{
    unsigned char head[4] = {0xff, (unsigned char)type};
    if (size == 0 || prefix_size + size > 65533)
        return;
    nst_put_big16(head + 2, (uint32_t)(2 + prefix_size + size));
    nst_buffer_add(out, head, sizeof head);
    nst_buffer_add(out, prefix, prefix_size);
    nst_buffer_add(out, data, size);
}

void nst_jpeg_embed(const nst_metadata *metadata, nst_buffer *file)
{
    /* The first of one, and no 0 behind it. */
    static const char icc_head[sizeof NST_JPEG_ICC_PREFIX + 2] = NST_JPEG_ICC_PREFIX "\0\1\1";
    unsigned char icc[NST_SRGB_PROFILE_MAX];
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_buffer out = {0}, photoshop = {0};
    nst_jpeg_part part;
    uint64_t offset = 2;
    size_t head = 2; /* the beginning, and JFIF's segment, which wants to be the first */
    if (file->failed)
        return;
    if (nst_jpeg_next(&view, &offset, &part) && part.type == NST_JPEG_APP0)
        head = (size_t)offset;
    nst_buffer_add(&out, file->bytes, head);
    if (metadata) {
        add_segment(&out, NST_JPEG_EXIF, exif_prefix, sizeof exif_prefix, metadata->exif.bytes,
                    metadata->exif.size);
        add_segment(&out, NST_JPEG_EXIF, xmp_prefix, sizeof xmp_prefix, metadata->xmp.bytes,
                    metadata->xmp.size);
        if (metadata->iptc.size > 0)
            nst_iptc_to_photoshop(&metadata->iptc, &photoshop);
        add_segment(&out, NST_JPEG_PHOTOSHOP, photoshop_prefix, sizeof photoshop_prefix,
                    photoshop.bytes, photoshop.size);
    }
    add_segment(&out, NST_JPEG_ICC, icc_head, sizeof icc_head, icc, nst_srgb_profile(icc));
    nst_buffer_add(&out, file->bytes + head, file->size - head);
    nst_buffer_destroy(&photoshop);
    nst_buffer_destroy(file);
    *file = out;
}
