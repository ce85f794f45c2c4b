/* nst_image -> picture file. */
#include <stdlib.h>

#include "base/error.h"
#include "files/output.h"
#include "files/path.h"
#include "imageio/format.h"
#include "imageio/metadata/metadata.h"

/* Most pixels on a side, where it is less than nst_image can have. */
static int side_max(nst_format format)
{
    switch (format) {
    case NST_FORMAT_JPEG:
        return 65500; /* a limit of libjpeg; the format's is 65535 */
    case NST_FORMAT_TGA:
    case NST_FORMAT_AVIF:
        return 65535;
    case NST_FORMAT_WEBP:
        return 16383;
    default:
        return 0;
    }
}

/* Far above what there is memory for, and what codecs can count. */
static const uint64_t PIXELS_MAX = (uint64_t)1 << 32;

static nst_status check(const nst_write_options *options, const nst_image *image, nst_error *error)
{
    nst_format format = options->format;
    int most = side_max(format);
    if (!nst_format_is_written(format) && nst_format_package(format))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s cannot be written here: %s brings that",
                        nst_format_name(format), nst_format_package(format));
    if (!nst_format_is_written(format))
        return nst_fail(error, NST_ERR_ARGUMENT, "a format that is not written: %s",
                        nst_format_name(format));
    if (most > 0 && (image->width > most || image->height > most))
        return nst_fail(error, NST_ERR_ARGUMENT, "%dx%d pixels: a %s has at most %d on a side",
                        image->width, image->height, nst_format_name(format), most);
    if ((uint64_t)image->width * (uint64_t)image->height > PIXELS_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT, "%dx%d pixels: expected no more than %llu million",
                        image->width, image->height, (unsigned long long)(PIXELS_MAX >> 20));
    if (options->depth && !nst_format_has_depth(format, options->depth))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s has no %d bits", nst_format_name(format),
                        options->depth);
    return NST_OK;
}

nst_status nst_encode(const nst_write_options *options, const nst_image *image, unsigned char **out,
                      size_t *size, nst_error *error)
{
    nst_write_options settled = *options;
    nst_image shown = *image;
    nst_buffer file = {0};
    nst_status status = check(options, image, error);
    if (status != NST_OK)
        return status;
    settled.depth = options->depth ? options->depth : 8;
    if (!nst_format_has_alpha(options->format))
        shown.alpha = NULL;
    nst_metadata *metadata = nst_metadata_settle(options->metadata, options->metadata_choice,
                                                 image->width, image->height);
    settled.metadata = metadata;
    status = nst_format_codec(options->format)->encode(&settled, &shown, &file, error);
    nst_metadata_destroy(metadata);
    if (status == NST_OK && file.failed)
        status = nst_fail_memory_for(error, "a %s of %dx%d pixels",
                                     nst_format_name(options->format), image->width, image->height);
    if (status != NST_OK) {
        nst_buffer_destroy(&file);
        return status;
    }
    *out = file.bytes;
    *size = file.size;
    return NST_OK;
}

nst_status nst_image_write(const char *path, const nst_write_options *options,
                           const nst_image *image, nst_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_error cause = {0};
    nst_status status = nst_encode(options, image, &bytes, &size, &cause);
    if (status != NST_OK)
        return nst_fail(error, status, "%s: %s", nst_path_output_name(path), cause.message);
    status = nst_output_write(path, bytes, size, error);
    free(bytes);
    return status;
}
