/* The chunks of a PNG. */
#ifndef NST_IMAGEIO_CONTAINERS_PNG_PARTS_H
#define NST_IMAGEIO_CONTAINERS_PNG_PARTS_H

#include "imageio/codec.h"

#define NST_PNG_TYPE(a, b, c, d)                                                                   \
    ((unsigned)(a) << 24 | (unsigned)(b) << 16 | (unsigned)(c) << 8 | (unsigned)(d))
#define NST_PNG_DATA NST_PNG_TYPE('I', 'D', 'A', 'T')
#define NST_PNG_END  NST_PNG_TYPE('I', 'E', 'N', 'D')

/* The keyword of a text that is a packet of XMP. */
#define NST_PNG_XMP_KEYWORD "XML:com.adobe.xmp"

typedef struct nst_png_part {
    unsigned type;         /* the four letters, first one highest */
    uint64_t offset, size; /* of the data */
} nst_png_part;

/* The color types of a PNG are bits. */
enum { NST_PNG_HAS_PALETTE = 1, NST_PNG_HAS_COLOR = 2, NST_PNG_HAS_ALPHA = 4 };

typedef struct nst_png_info {
    uint32_t width, height;
    int depth, type;
    bool interlaced, has_transparent_color;
} nst_png_info;

/* The next chunk from *offset, which begins as 0. False after IEND and where the file stops. */
bool nst_png_next(nst_view *view, uint64_t *offset, nst_png_part *out);

/* Header with what decoders want to know beside it; info may be NULL. */
nst_status nst_png_read_header(const char *name, nst_view *view, nst_header *out,
                               nst_png_info *info, nst_error *error);

/* Bytes that the rows are once inflated, filters and interlacing counted. */
uint64_t nst_png_raw_bytes(const nst_png_info *info);

/* Fail unless the file reaches IEND and has so many bytes as its rows take at least. */
nst_status nst_png_check(const nst_encoded *file, const nst_png_info *info, nst_error *error);

/* What it says of its colors: cICP, else iCCP, else sRGB, else gAMA and cHRM. *owned is to be
 * freed. */
void nst_png_color(const nst_encoded *file, nst_colorimetry *color, unsigned char **owned);

/* Metadata; and putting it, settled, or NULL, into an encoded file. */
void nst_png_read_metadata(const nst_encoded *file, nst_metadata *out);
void nst_png_embed(const nst_metadata *metadata, nst_buffer *file);

/* The CRC that ends a chunk: of its type and data. */
uint32_t nst_png_crc(const unsigned char *bytes, size_t size);

#endif
