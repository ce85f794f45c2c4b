/* Picture file -> nst_image. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/parallel.h"
#include "files/file.h"
#include "files/path.h"
#include "files/source.h"
#include "imageio/format.h"
#include "imageio/metadata/metadata.h"
#include "imageio/orientation.h"

static nst_status fail_unknown(const char *name, nst_view *view, nst_error *error)
{
    char why[80] = "the file is empty";
    unsigned char start[4];
    const char *foreign = nst_format_foreign(view);
    size_t got = nst_view_read_some(view, 0, start, sizeof start);
    if (foreign) {
        snprintf(why, sizeof why, "it is %s", foreign);
    } else if (got > 0) {
        int used = snprintf(why, sizeof why, "starts with");
        for (size_t i = 0; i < got; i++)
            used += snprintf(why + used, sizeof why - (size_t)used, " %02x", start[i]);
    }
    return nst_fail(error, NST_ERR_FORMAT, "%s: not an image of a format that is read (%s)", name,
                    why);
}

static nst_status read_header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    *out = (nst_header){.format = nst_format_sniff(view, name), .bits = 8, .orientation = 1};
    if (out->format == NST_FORMAT_UNKNOWN)
        return fail_unknown(name, view, error);
    const nst_codec *codec = nst_format_codec(out->format);
    if (!codec)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: a %s image, and this nst was built without %s (install it and build "
                        "again)",
                        name, nst_format_name(out->format), nst_format_package(out->format));
    return codec->header(name, view, out, error);
}

/* What there is in memory of a file of this size while it is decoded. */
static uint64_t bytes_of_file(const nst_header *header, uint64_t size, bool is_in_memory)
{
    return !is_in_memory && header->in_order ? NST_STREAM_BLOCK : size;
}

static void describe(const nst_header *header, uint64_t file_bytes, nst_file_info *out)
{
    bool sideways = nst_orientation_is_sideways(header->orientation);
    *out = (nst_file_info){.format = header->format,
                           .width = sideways ? header->height : header->width,
                           .height = sideways ? header->width : header->height,
                           .bits = header->bits,
                           .has_alpha = header->has_alpha,
                           .orientation = header->orientation,
                           .decode_bytes =
                               file_bytes + header->workspace +
                               nst_rows_bytes(header->width, header->height, header->has_alpha, 1)};
}

/* ---- header only ----------------------------------------------------------------------------- */

static nst_status probe_bytes(const char *name, nst_view *view, nst_file_info *info,
                              nst_error *error)
{
    nst_header header;
    nst_status status = read_header(name, view, &header, error);
    if (status == NST_OK)
        describe(&header, bytes_of_file(&header, view->size, view->bytes != NULL), info);
    return status;
}

nst_status nst_image_probe(const char *path, nst_file_info *info, nst_error *error)
{
    struct stat file;
    int fd = nst_path_is_standard(path) ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    nst_status status;
    if (fd >= 0 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode)) {
        nst_view view = nst_view_of_file(fd, (uint64_t)file.st_size);
        status = probe_bytes(path, &view, info, error);
    } else { /* what cannot be read piece by piece, or not at all, which is told there */
        unsigned char *bytes = NULL;
        size_t size = 0;
        status = nst_source_read(path, &bytes, &size, error);
        nst_view view = nst_view_of_memory(bytes, size);
        if (status == NST_OK)
            status = probe_bytes(nst_path_input_name(path), &view, info, error);
        free(bytes);
    }
    if (fd >= 0)
        close(fd);
    return status;
}

/* ---- everything ------------------------------------------------------------------------------ */

/* Squares of this side become one pixel. */
static int shrink_of(const nst_file_info *info, int side)
{
    int longest = info->width > info->height ? info->width : info->height;
    int shrink = side > 0 ? longest / (2 * side) : 1;
    return shrink > 1 ? shrink : 1;
}

void nst_image_read_size(const nst_file_info *info, int side, int *width, int *height)
{
    int shrink = shrink_of(info, side);
    *width = nst_rows_shrunk(info->width, shrink);
    *height = nst_rows_shrunk(info->height, shrink);
}

uint64_t nst_image_read_bytes(const nst_file_info *info, int side)
{
    return info->decode_bytes - nst_rows_bytes(info->width, info->height, info->has_alpha, 1) +
           nst_rows_bytes(info->width, info->height, info->has_alpha, shrink_of(info, side));
}

static nst_status decode(const nst_encoded *file, int side, nst_image *out, nst_file_info *info,
                         nst_error *error)
{
    int width, height;
    nst_rows rows = {.orientation = file->header.orientation,
                     .name = file->name,
                     .shrink = shrink_of(info, side),
                     .image = out};
    nst_image_read_size(info, side, &width, &height);
    nst_status status = nst_format_codec(file->header.format)->decode(file, &rows, error);
    info->profile_applied = rows.profile_applied;
    info->profile_ignored = rows.profile_ignored;
    if (nst_parallel_cancelled())
        status = NST_STOPPED;
    if (status == NST_OK)
        nst_rows_complete(&rows);
    nst_rows_end(&rows);
    if (status == NST_OK &&
        (out->width != width || out->height != height || (out->alpha != NULL) != info->has_alpha))
        status = nst_fail_damaged(file->name, nst_format_name(file->header.format),
                                  "its parts do not agree", error);
    if (status != NST_OK)
        nst_image_destroy(out);
    return status;
}

static nst_status read_metadata(const nst_encoded *file, nst_metadata **out, nst_error *error)
{
    const nst_codec *codec = nst_format_codec(file->header.format);
    nst_metadata *metadata = calloc(1, sizeof *metadata);
    if (metadata && codec->read_metadata)
        codec->read_metadata(file, metadata);
    bool failed = !metadata || metadata->exif.failed || metadata->xmp.failed ||
                  metadata->iptc.failed || metadata->texts.failed;
    if (failed) {
        nst_metadata_destroy(metadata);
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for its metadata", file->name);
    }
    *out = metadata;
    return NST_OK;
}

static int side_of(const nst_file_info *header, const nst_read_options *options)
{
    if (!options)
        return 0;
    return options->side_of ? options->side_of(header, options->user) : options->side;
}

static nst_status check_limit(const char *name, const nst_file_info *info,
                              const nst_read_options *options, nst_error *error)
{
    uint64_t limit = options ? options->max_bytes : 0;
    uint64_t needed = nst_image_read_bytes(info, side_of(info, options));
    if (!limit || needed <= limit)
        return NST_OK;
    return nst_fail(error, NST_ERR_MEMORY,
                    "%s: reading %dx%d pixels takes %.0f MB of memory, more than the %.0f MB that "
                    "there are for it",
                    name, info->width, info->height, (double)needed / 1e6, (double)limit / 1e6);
}

/* A file whose header has been read; all of facts but its checksum. */
static nst_status read_encoded(const nst_encoded *file, const nst_read_options *options,
                               nst_image *out, nst_file_info *facts, nst_error *error)
{
    bool is_in_memory = file->bytes || file->stream->fd < 0;
    describe(&file->header, bytes_of_file(&file->header, file->size, is_in_memory), facts);
    nst_status status = check_limit(file->name, facts, options, error);
    if (status == NST_OK)
        status = decode(file, side_of(facts, options), out, facts, error);
    if (status != NST_OK || !options || !options->metadata)
        return status;
    if ((status = read_metadata(file, options->metadata, error)) != NST_OK)
        nst_image_destroy(out);
    return status;
}

nst_status nst_image_read_memory_with(const char *name, const unsigned char *bytes, size_t size,
                                      const nst_read_options *options, nst_image *out,
                                      nst_file_info *info, nst_error *error)
{
    nst_encoded file = {.name = name, .bytes = bytes, .size = size};
    nst_view view = nst_view_of_memory(bytes, size);
    nst_stream stream = nst_stream_of_memory(bytes, size);
    nst_file_info facts;
    nst_image image = {0};
    nst_status status = read_header(name, &view, &file.header, error);
    if (status != NST_OK)
        return status;
    if (file.header.in_order) {
        file.bytes = NULL;
        file.stream = &stream;
    }
    if ((status = read_encoded(&file, options, &image, &facts, error)) != NST_OK)
        return status;
    nst_bytes_sha256(bytes, size, facts.sha256);
    *out = image;
    if (info)
        *info = facts;
    return NST_OK;
}

/* An open file of this size, header read, that can be decoded in order. */
static nst_status read_in_order(nst_encoded *file, int fd, const nst_read_options *options,
                                nst_image *out, nst_file_info *info, nst_error *error)
{
    nst_stream stream;
    nst_file_info facts;
    nst_image image = {0};
    if (!nst_stream_open(&stream, fd))
        return nst_fail_memory_in(error, file->name);
    file->stream = &stream;
    nst_error cause = {0};
    nst_status status = read_encoded(file, options, &image, &facts, &cause);
    bool complete = status == NST_OK && nst_stream_finish(&stream, facts.sha256);
    int reason = stream.reason;
    nst_stream_close(&stream);
    if (complete) {
        *out = image;
        if (info)
            *info = facts;
        return NST_OK;
    }
    nst_image_destroy(&image);
    if (status == NST_OK && options && options->metadata) {
        nst_metadata_destroy(*options->metadata);
        *options->metadata = NULL;
    }
    if (reason == ECANCELED)
        return NST_STOPPED;
    return reason ? nst_fail(error, NST_ERR_IO, "%s: %s", file->name, strerror(reason))
                  : nst_fail(error, status, "%s", cause.message);
}

nst_status nst_image_read_memory(const char *name, const unsigned char *bytes, size_t size,
                                 nst_image *out, nst_file_info *info, nst_error *error)
{
    return nst_image_read_memory_with(name, bytes, size, NULL, out, info, error);
}

/* The header decides before the file is in memory, where it can be looked at alone: what is too
 * large is refused, what can be read in order is read. *done: there is nothing more to do. */
static nst_status read_by_header(const char *path, const nst_read_options *options, nst_image *out,
                                 nst_file_info *info, bool *done, nst_error *error)
{
    struct stat file;
    nst_status status = NST_OK;
    *done = false;
    bool regular = !nst_path_is_standard(path) && stat(path, &file) == 0 && S_ISREG(file.st_mode);
    int fd = regular ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &file) != 0)
        goto cleanup; /* which is told when it is read */
    nst_view view = nst_view_of_file(fd, (uint64_t)file.st_size);
    nst_encoded encoded = {.name = path, .size = (size_t)file.st_size};
    nst_file_info facts;
    if ((status = read_header(path, &view, &encoded.header, error)) != NST_OK)
        goto cleanup;
    if (encoded.header.in_order) {
        *done = true;
        status = read_in_order(&encoded, fd, options, out, info, error);
    } else {
        describe(&encoded.header, view.size, &facts);
        status = check_limit(path, &facts, options, error);
    }
cleanup:
    if (fd >= 0)
        close(fd);
    return status;
}

nst_status nst_image_read_with(const char *path, const nst_read_options *options, nst_image *out,
                               nst_file_info *info, nst_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    bool done;
    nst_status status = read_by_header(path, options, out, info, &done, error);
    if (status != NST_OK || done)
        return status;
    status = nst_source_read(path, &bytes, &size, error);
    if (status == NST_OK)
        status = nst_image_read_memory_with(nst_path_input_name(path), bytes, size, options, out,
                                            info, error);
    free(bytes);
    return status;
}

nst_status nst_image_read(const char *path, nst_image *out, nst_file_info *info, nst_error *error)
{
    return nst_image_read_with(path, NULL, out, info, error);
}
