#include "imageio/metadata/metadata.h"

#include <stdlib.h>
#include <string.h>

#include "imageio/view.h"

nst_metadata *nst_metadata_settle(const nst_metadata *metadata, nst_metadata_choice choice,
                                  int width, int height)
{
    bool keep_gps = choice == NST_METADATA_KEEP;
    nst_metadata *out = metadata && choice != NST_METADATA_NONE ? calloc(1, sizeof *out) : NULL;
    if (!out)
        return NULL;
    nst_buffer_add(&out->exif, metadata->exif.bytes, metadata->exif.size);
    nst_buffer_add(&out->xmp, metadata->xmp.bytes, metadata->xmp.size);
    nst_buffer_add(&out->iptc, metadata->iptc.bytes, metadata->iptc.size);
    nst_buffer_add(&out->texts, metadata->texts.bytes, metadata->texts.size);
    if (out->exif.failed || out->xmp.failed || out->iptc.failed || out->texts.failed) {
        nst_metadata_destroy(out);
        return NULL;
    }
    nst_exif_settle(&out->exif, keep_gps, width, height);
    nst_xmp_settle(&out->xmp, keep_gps);
    return out;
}

void nst_metadata_destroy(nst_metadata *metadata)
{
    if (!metadata)
        return;
    nst_buffer_destroy(&metadata->exif);
    nst_buffer_destroy(&metadata->xmp);
    nst_buffer_destroy(&metadata->iptc);
    nst_buffer_destroy(&metadata->texts);
    free(metadata);
}

bool nst_metadata_is_empty(const nst_metadata *metadata)
{
    return !metadata ||
           metadata->exif.size + metadata->xmp.size + metadata->iptc.size + metadata->texts.size ==
               0;
}

/* ---- IPTC ------------------------------------------------------------------------------------ */

enum { RESOURCE_IPTC = 0x0404 };

/* A resource: "8BIM", number, a name with its length, padded to even, size, data, padded. */
void nst_iptc_from_photoshop(const unsigned char *bytes, size_t size, nst_buffer *out)
{
    size_t at = 0;
    while (size - at >= 12 && memcmp(bytes + at, "8BIM", 4) == 0) {
        uint32_t number = nst_big16(bytes + at + 4);
        size_t name = (size_t)bytes[at + 6] + 1;
        at += 6 + name + name % 2;
        if (at > size || size - at < 4)
            return;
        uint32_t length = nst_big32(bytes + at);
        at += 4;
        if (length > size - at)
            return;
        if (number == RESOURCE_IPTC)
            nst_buffer_add(out, bytes + at, length);
        at += length;
        at += at < size && length % 2;
    }
}

void nst_iptc_to_photoshop(const nst_buffer *iptc, nst_buffer *out)
{
    nst_buffer_add(out, "8BIM\4\4\0\0", 8);
    nst_buffer_add_big32(out, (unsigned)iptc->size);
    nst_buffer_add(out, iptc->bytes, iptc->size);
    nst_buffer_add_zeros(out, iptc->size % 2);
}
