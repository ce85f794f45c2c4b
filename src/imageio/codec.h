/* What a format's code offers to the rest: header, decode, encode. Each codec is a file of its own
 * in codecs/; format.c lists them. */
#ifndef NST_IMAGEIO_CODEC_H
#define NST_IMAGEIO_CODEC_H

#include "imageio/buffer.h"
#include "imageio/imageio.h"
#include "imageio/rows.h"
#include "imageio/stream.h"
#include "imageio/view.h"

/* What a file says of itself before any pixel is decoded. */
typedef struct nst_header {
    nst_format format;
    int width, height; /* as stored, before orientation */
    int bits;          /* of the samples that decoding hands out: 8 or 16 */
    bool has_alpha;
    bool is_premultiplied; /* colors were multiplied by alpha; only where the header alone tells */
    int orientation;       /* 1..8, as EXIF counts */
    bool in_order;         /* can be decoded from a stream */
    uint64_t workspace;    /* bytes that decoding takes beside the file and the picture, about */
} nst_header;

/* A file to be decoded. All of it is in memory and its header has been read; or, where that says in
 * order, it comes by a stream that stands at its beginning. */
typedef struct nst_encoded {
    const char *name;           /* for messages */
    const unsigned char *bytes; /* NULL with a stream */
    size_t size;
    nst_stream *stream; /* or NULL */
    nst_header header;
} nst_encoded;

typedef struct nst_codec {
    const char *library; /* what does the work, "libpng 1.6.39" */

    /* Fill *out, but for the format, from the beginning of the file. Sizes are checked by
     * nst_header_size before anything is computed from them. */
    nst_status (*header)(const char *name, nst_view *view, nst_header *out, nst_error *error);

    /* Decode: begin rows, then put them. A file that is damaged or not complete is an error, even
     * when pixels could be made up. */
    nst_status (*decode)(const nst_encoded *file, nst_rows *rows, nst_error *error);

    /* Append the encoded picture; NULL when the format is only read. The depth is settled, and so
     * is the metadata, which may be NULL. The message of an error names no file. */
    nst_status (*encode)(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error);

    /* What the file says beside its pixels; NULL when there is no place for it. */
    void (*read_metadata)(const nst_encoded *file, nst_metadata *out);

    /* Whether encoding works here and now; NULL when it does if it was built. */
    bool (*can_encode)(void);
    const char *encoder_package; /* what brings it, if not */
} nst_codec;

/* Check a size that a file claims: at least one pixel, at most NST_PIXELS_MAX. */
nst_status nst_header_size(const char *name, uint64_t width, uint64_t height, nst_header *out,
                           nst_error *error);

/* For a codec that reads the header again: an error when it is not what it was. */
nst_status nst_header_check(const char *name, const char *format, const nst_header *before,
                            const nst_header *now, nst_error *error);

/* The usual errors, for files that end too early and for files that cannot be right. */
nst_status nst_fail_truncated(const char *name, const char *format, nst_error *error);
nst_status nst_fail_damaged(const char *name, const char *format, const char *reason,
                            nst_error *error);
/* For what the format allows and this program does not read. */
nst_status nst_fail_kind(const char *name, const char *format, const char *kind, nst_error *error);

nst_status nst_fail_codec_memory(const char *name, const nst_header *header, nst_error *error);

#endif
