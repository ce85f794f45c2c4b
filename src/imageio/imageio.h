/* Picture files <-> nst_image. What is read comes out upright, in sRGB, with its transparency;
 * format.c says which library does what. */
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
    NST_FORMAT_PNM, /* read only, PAM and PFM among them */
    NST_FORMAT_WEBP,
    NST_FORMAT_TIFF,
    NST_FORMAT_HEIF, /* read only: HEIC */
    NST_FORMAT_AVIF
} nst_format;
enum { NST_FORMATS = NST_FORMAT_AVIF };

const char *nst_format_name(nst_format format);      /* "PNG" */
const char *nst_format_extension(nst_format format); /* "png" */
nst_format nst_format_from_name(const char *name);   /* "png", "jpg", "tif": what is written */
nst_format nst_format_from_path(const char *path);   /* by extension, case ignored */

/* Whether results can be of this format, in some build; and the endings of all such, for messages.
 */
bool nst_format_is_for_results(nst_format format);
#define NST_FORMAT_ENDINGS ".png, .jpg, .webp, .tif, .avif, .bmp or .tga"

bool nst_format_is_read(nst_format format);             /* by this build */
bool nst_format_has_encoder(nst_format format);         /* in this build */
bool nst_format_is_written(nst_format format);          /* and its library does it here and now */
bool nst_format_has_alpha(nst_format format);           /* carries transparency when written */
bool nst_format_has_depth(nst_format format, int bits); /* is written with 8 or 16 bits */
const char *nst_format_library(nst_format format);      /* "libpng 1.6.39"; NULL when left out */
const char *nst_format_package(nst_format format);      /* what brings it: "libtiff-dev"; or NULL */
/* "Little CMS 2.14", which converts profiles, or NULL when it was left out. */
const char *nst_color_library(void);

/* Decoding refuses more pixels than this (width * height), before it allocates for them. */
#define NST_PIXELS_MAX ((uint64_t)1 << 29)

typedef struct nst_file_info {
    nst_format format;
    int width, height; /* upright */
    int bits;          /* per channel in the file: 8 or 16 */
    bool has_alpha;
    bool profile_applied;  /* colors were converted to sRGB */
    bool profile_ignored;  /* they should have been, but this build cannot */
    int orientation;       /* as stored; EXIF's number, 1..8 */
    uint64_t decode_bytes; /* memory at the peak of reading it, about: file, decoder and image */
    char sha256[65];       /* of the whole file, hexadecimal */
} nst_file_info;

/* What a picture file says of itself. At most 64 KB of it are read and no pixel is decoded, so a
 * file that is damaged or cut further on is not noticed (sha256 stays empty). Errors as
 * nst_image_read. */
nst_status nst_image_probe(const char *path, nst_file_info *info, nst_error *error);

/* Read a picture; path "-" is standard input. *out is owned by the caller; info may be NULL.
 * Errors name the path and say what was expected, e.g.
 *   photo.gif: not an image of a format that is read (it is GIF) */
nst_status nst_image_read(const char *path, nst_image *out, nst_file_info *info, nst_error *error);

/* What a file says beside its pixels (metadata.h), and how much of it goes into a result. */
typedef struct nst_metadata nst_metadata;
typedef enum nst_metadata_choice {
    NST_METADATA_KEEP = 0,
    NST_METADATA_NO_GPS, /* without positions */
    NST_METADATA_NONE
} nst_metadata_choice;

void nst_metadata_destroy(nst_metadata *metadata); /* NULL is fine */
bool nst_metadata_is_empty(const nst_metadata *metadata);

/* A picture that will be looked at in a smaller size is reduced while it is read, and so is never
 * in memory as a whole. When its longest side is at least 4 * side, squares of its pixels become
 * their averages; the squares are as large as leave 2 * side pixels or more. Free memory plays no
 * part. */
typedef struct nst_read_options {
    int side; /* longest side at which the picture will be looked at; 0: read it as it is */
    /* Tells the side by what the header says, where it depends on that; NULL: `side` is it. */
    int (*side_of)(const nst_file_info *header, const void *user);
    const void *user;
    uint64_t max_bytes; /* of memory, for file, decoder and image; 0 is no limit. A picture that by
                           its header needs more is NST_ERR_MEMORY before it is decoded. */
    nst_metadata **metadata; /* set to what there is, the caller's to destroy; NULL: not wanted */
} nst_read_options;

/* Memory at the peak of reading a picture with this `side`, about. */
uint64_t nst_image_read_bytes(const nst_file_info *info, int side);

/* The size in which it comes. */
void nst_image_read_size(const nst_file_info *info, int side, int *width, int *height);

/* nst_image_read with options; NULL for none. info tells the file's own size, also where the image
 * is smaller. */
nst_status nst_image_read_with(const char *path, const nst_read_options *options, nst_image *out,
                               nst_file_info *info, nst_error *error);

/* The same for the bytes of a file; name stands in for its path. */
nst_status nst_image_read_memory_with(const char *name, const unsigned char *bytes, size_t size,
                                      const nst_read_options *options, nst_image *out,
                                      nst_file_info *info, nst_error *error);
nst_status nst_image_read_memory(const char *name, const unsigned char *bytes, size_t size,
                                 nst_image *out, nst_file_info *info, nst_error *error);

typedef struct nst_write_options {
    nst_format format;
    int quality; /* JPEG, WebP and AVIF, 1..100 */
    int depth;   /* bits per channel: 8 or, PNG and TIFF, 16; 0 is 8 */
    /* What the photo said, or NULL. It is put right for the result; formats take what they have
     * a place for: JPEG and TIFF all, PNG all, WebP and AVIF no IPTC, BMP and TGA nothing. */
    const nst_metadata *metadata;
    nst_metadata_choice metadata_choice;
} nst_write_options;

/* The bytes of a picture file; values are clamped to [0,1] and rounded. They say that they are
 * sRGB, where the format has words for it. Alpha is dropped where the format has none. *out is
 * malloc'ed. Fails when memory runs out or the picture is larger than the format can count. */
nst_status nst_encode(const nst_write_options *options, const nst_image *image, unsigned char **out,
                      size_t *size, nst_error *error);

/* Write a picture by nst_output_write: whole or not at all; path "-" is standard output. */
nst_status nst_image_write(const char *path, const nst_write_options *options,
                           const nst_image *image, nst_error *error);

#endif
