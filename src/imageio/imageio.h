/* Picture files <-> nst_image. stb_image decodes and encodes; libexif says which way is up,
 * Little CMS turns an embedded profile into sRGB. */
#ifndef NST_IMAGEIO_IMAGEIO_H
#define NST_IMAGEIO_IMAGEIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nst.h"

typedef enum nst_format {
    NST_FORMAT_UNKNOWN = 0,
    NST_FORMAT_PNG,
    NST_FORMAT_JPEG,
    NST_FORMAT_BMP,
    NST_FORMAT_TGA,
    NST_FORMAT_PNM /* read only */
} nst_format;

const char *nst_format_name(nst_format format);      /* "PNG" */
const char *nst_format_extension(nst_format format); /* "png" */
nst_format nst_format_from_name(
    const char *name); /* "png", "jpg", "jpeg", "bmp", "tga": what can be written */
nst_format nst_format_from_path(const char *path); /* by extension, case ignored */

/* Decoding refuses more pixels than this (width * height), before it allocates for them. */
#define NST_PIXELS_MAX ((uint64_t)1 << 29)

typedef struct nst_file_info {
    nst_format format;
    int width, height; /* upright, i.e. after EXIF orientation */
    int bits;          /* per channel in the file: 8 or 16 */
    bool has_alpha;
    bool profile_applied; /* an embedded ICC profile other than sRGB was converted */
    int orientation;      /* EXIF, 1..8 */
    char sha256[65];      /* of the whole file, hexadecimal */
} nst_file_info;

/* What a picture file says of itself, read from its header without decoding the pixels (sha256
 * stays empty). Errors as nst_image_read. */
nst_status nst_image_probe(const char *path, nst_file_info *info, nst_error *error);

/* Read a picture; path "-" is standard input. *out is owned by the caller; info may be NULL.
 * Errors name the path and say what was expected, e.g.
 *   photo.jpg: not a JPEG, PNG, BMP, TGA or PNM image (starts with 00 00 00 18) */
nst_status nst_image_read(const char *path, nst_image *out, nst_file_info *info, nst_error *error);

/* The same for the bytes of a file; name stands in for its path. */
nst_status nst_image_read_memory(const char *name, const unsigned char *bytes, size_t size,
                                 nst_image *out, nst_file_info *info, nst_error *error);

typedef struct nst_write_options {
    nst_format format;
    int quality; /* JPEG only, 1..100 */
} nst_write_options;

/* Write the file whole or not at all: a temporary file beside it, synced, then renamed over the
 * path, keeping the permissions of a file that was there. Alpha goes into PNG and TGA; JPEG and
 * BMP drop it. Path "-" is standard output. Values are clamped to [0,1] and rounded to 8 bits. */
nst_status nst_image_write(const char *path, const nst_write_options *options,
                           const nst_image *image, nst_error *error);

#endif
