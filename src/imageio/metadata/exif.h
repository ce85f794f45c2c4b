/* Walking over EXIF: a header, then directories of entries, each a tag with its value (TIFF 6.0,
 * section 2; EXIF 2.3, section 4.6). Nothing in it is believed. */
#ifndef NST_IMAGEIO_METADATA_EXIF_H
#define NST_IMAGEIO_METADATA_EXIF_H

#include "imageio/view.h"

/* Tags. */
enum {
    NST_EXIF_INTEROP_INDEX = 0x0001,
    NST_EXIF_IMAGE_WIDTH = 0x0100,
    NST_EXIF_IMAGE_HEIGHT = 0x0101,
    NST_EXIF_DESCRIPTION = 0x010e,
    NST_EXIF_STRIP_OFFSETS = 0x0111,
    NST_EXIF_ORIENTATION = 0x0112,
    NST_EXIF_ARTIST = 0x013b,
    NST_EXIF_THUMBNAIL = 0x0201, /* offset of a JPEG, in the second directory */
    NST_EXIF_THUMBNAIL_SIZE = 0x0202,
    NST_EXIF_XMP = 0x02bc,
    NST_EXIF_RELATED_WIDTH = 0x1001,
    NST_EXIF_RELATED_HEIGHT = 0x1002,
    NST_EXIF_COPYRIGHT = 0x8298,
    NST_EXIF_IPTC = 0x83bb,
    NST_EXIF_PHOTOSHOP = 0x8649,
    NST_EXIF_SUB_EXIF = 0x8769, /* offsets of further directories */
    NST_EXIF_SUB_GPS = 0x8825,
    NST_EXIF_MAKER_NOTE = 0x927c,
    NST_EXIF_COLOR_SPACE = 0xa001,
    NST_EXIF_WIDTH = 0xa002,
    NST_EXIF_HEIGHT = 0xa003,
    NST_EXIF_SUB_INTEROP = 0xa005
};

/* Types of values. */
enum {
    NST_EXIF_BYTE = 1,
    NST_EXIF_ASCII,
    NST_EXIF_SHORT,
    NST_EXIF_LONG,
    NST_EXIF_RATIONAL,
    NST_EXIF_SBYTE,
    NST_EXIF_UNDEFINED,
    NST_EXIF_SSHORT,
    NST_EXIF_SLONG,
    NST_EXIF_SRATIONAL,
    NST_EXIF_FLOAT,
    NST_EXIF_DOUBLE,
    NST_EXIF_IFD
};

enum { NST_EXIF_ENTRY_SIZE = 12 }; /* bytes of an entry: tag, type, count, value or its offset */

typedef struct nst_exif {
    nst_view *view;
    uint64_t start, size; /* offsets count from start, which is at "II" or "MM" */
    bool is_big_endian;
    uint32_t first; /* offset of the first directory */
} nst_exif;

typedef struct nst_exif_entry {
    uint32_t tag, type, count;
    uint32_t at;    /* offset of the entry's own 12 bytes */
    uint32_t value; /* offset of its value: within the entry when that has at most 4 bytes */
    uint64_t bytes; /* of the value; 0 when the type is unknown or the value is not in the block */
} nst_exif_entry;

/* False when there is no EXIF there. A prefix "Exif\0\0" is stepped over. */
bool nst_exif_open(nst_view *view, uint64_t start, uint64_t size, nst_exif *out);

/* Entry number i of the directory at this offset; false behind the last, and where the block ends
 * before. */
bool nst_exif_entry_at(const nst_exif *exif, uint32_t directory, uint32_t i, nst_exif_entry *out);

/* How many entries the directory says it has; 0 when it is not in the block. */
uint32_t nst_exif_count(const nst_exif *exif, uint32_t directory);

/* Offset of the next directory, 0 for none; its own place is told too. */
uint32_t nst_exif_next(const nst_exif *exif, uint32_t directory, uint32_t *at);

/* The first number of a value of whole numbers (or a byte of an undefined one). */
bool nst_exif_number(const nst_exif *exif, const nst_exif_entry *entry, uint32_t *out);

uint32_t nst_exif_get16(const nst_exif *exif, const unsigned char *p);
uint32_t nst_exif_get32(const nst_exif *exif, const unsigned char *p);
void nst_exif_put16(const nst_exif *exif, unsigned char *p, uint32_t value);
void nst_exif_put32(const nst_exif *exif, unsigned char *p, uint32_t value);

#endif
