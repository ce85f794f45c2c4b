/* The parts that JPEG and PNG files are made of. */
#ifndef NST_IMAGEIO_CONTAINER_H
#define NST_IMAGEIO_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

/* A walk over a file in memory; begin with {bytes, size, 0}. */
typedef struct nst_walk {
    const unsigned char *bytes;
    size_t size, offset;
} nst_walk;

typedef struct nst_part {
    unsigned type; /* JPEG: second byte of the marker; PNG: the four letters, first one highest */
    const unsigned char *data; /* the payload, inside the file */
    size_t size;
} nst_part;

enum {
    NST_JPEG_TABLES = 0xc4,
    NST_JPEG_END = 0xd9,
    NST_JPEG_SCAN = 0xda,
    NST_JPEG_EXIF = 0xe1,
    NST_JPEG_ICC = 0xe2
};

#define NST_PNG_TYPE(a, b, c, d)                                                                   \
    ((unsigned)(a) << 24 | (unsigned)(b) << 16 | (unsigned)(c) << 8 | (unsigned)(d))
#define NST_PNG_END NST_PNG_TYPE('I', 'E', 'N', 'D')

/* The next segment of a JPEG (coded pixels are stepped over), the next chunk of a PNG. False after
 * the end marker and where the file stops early. */
bool nst_jpeg_next(nst_walk *walk, nst_part *out);
bool nst_png_next(nst_walk *walk, nst_part *out);

/* Whether the walk reaches the end marker. */
bool nst_jpeg_is_whole(const unsigned char *bytes, size_t size);
bool nst_png_is_whole(const unsigned char *bytes, size_t size);

/* How many scans a JPEG has: a decoder goes through all blocks for each. */
size_t nst_jpeg_scans(const unsigned char *bytes, size_t size);

/* Whether every Huffman table of a JPEG has at most 256 codes and lies within its segment. */
bool nst_jpeg_tables_fit(const unsigned char *bytes, size_t size);

#endif
