/* Walking over EXIF: a header, then directories of entries, each a tag with its value (TIFF 6.0,
 * section 2; EXIF 2.3, section 4.6). Nothing in it is believed. */
#ifndef NST_IMAGEIO_METADATA_EXIF_H
#define NST_IMAGEIO_METADATA_EXIF_H

#include "imageio/view.h"

enum {
    NST_EXIF_ORIENTATION = 0x0112,
    NST_EXIF_THUMBNAIL = 0x0201, /* offset of a JPEG, in the second directory */
    NST_EXIF_THUMBNAIL_SIZE = 0x0202,
    NST_EXIF_SUB_EXIF = 0x8769, /* offsets of further directories */
    NST_EXIF_SUB_GPS = 0x8825,
    NST_EXIF_SUB_INTEROP = 0xa005,
    NST_EXIF_COLOR_SPACE = 0xa001,
    NST_EXIF_WIDTH = 0xa002,
    NST_EXIF_HEIGHT = 0xa003
};

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
