/* What a picture file says of itself, and whether it can be true. */
#ifndef NST_IMAGEIO_HEADER_H
#define NST_IMAGEIO_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "imageio/imageio.h"

typedef struct nst_header {
    nst_format format;
    int width, height; /* as stored, before orientation */
    bool has_alpha;
    int bits; /* per sample, 8 or 16 */
} nst_header;

/* Recognise the file, read its header, and check the pixel count against NST_PIXELS_MAX and the
 * length of the file against what the header promises. path is for messages, and tells TGA. */
nst_status nst_header_read(const char *path, const unsigned char *bytes, size_t size,
                           nst_header *out, nst_error *error);

#endif
