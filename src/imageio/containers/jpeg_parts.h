/* The segments of a JPEG, and whether it has all that a decoder needs. */
#ifndef NST_IMAGEIO_CONTAINERS_JPEG_PARTS_H
#define NST_IMAGEIO_CONTAINERS_JPEG_PARTS_H

#include "imageio/codec.h"

enum {
    NST_JPEG_HUFFMAN = 0xc4, /* second bytes of the markers */
    NST_JPEG_END = 0xd9,
    NST_JPEG_SCAN = 0xda,
    NST_JPEG_QUANTIZATION = 0xdb,
    NST_JPEG_APP0 = 0xe0,
    NST_JPEG_EXIF = 0xe1, /* XMP too */
    NST_JPEG_ICC = 0xe2,
    NST_JPEG_PHOTOSHOP = 0xed,
    NST_JPEG_ADOBE = 0xee
};

/* What a segment with a part of the ICC profile begins with; its 0, its number and how many there
 * are follow. */
#define NST_JPEG_ICC_PREFIX "ICC_PROFILE"

typedef struct nst_jpeg_part {
    unsigned type;
    uint64_t offset, size; /* of the payload, behind the two bytes of its length */
} nst_jpeg_part;

typedef struct nst_jpeg_frame {
    unsigned type; /* the marker: C0 baseline, C2 progressive ... */
    int width, height, components, precision;
    uint64_t coefficients; /* of all components, in blocks of 64 */
    unsigned char sampling[4], quantization[4], ids[4];
} nst_jpeg_frame;

/* The next segment from *offset, which begins as 0; stray bytes and coded pixels are stepped over.
 * False after the end marker and where the file stops early. */
bool nst_jpeg_next(nst_view *view, uint64_t *offset, nst_jpeg_part *out);

bool nst_jpeg_is_frame(unsigned type);

/* nst_codec.header of both decoders. */
nst_status nst_jpeg_header(const char *name, nst_view *view, nst_header *out, nst_error *error);

/* Fail unless the file ends, has a frame before its scans, has every table that a scan uses, and so
 * many bytes as its blocks take at least. */
nst_status nst_jpeg_check(const nst_encoded *file, nst_error *error);

/* Metadata; and putting it, settled, or NULL, and the profile of sRGB into an encoded file. */
void nst_jpeg_read_metadata(const nst_encoded *file, nst_metadata *out);
void nst_jpeg_embed(const nst_metadata *metadata, nst_buffer *file);

/* The ICC profile, gathered from its segments; *icc is to be freed, NULL when there is none. */
void nst_jpeg_icc(const nst_encoded *file, unsigned char **icc, size_t *size);

#endif
