/* WebP by libwebp. Of an animation the first frame is taken. */
#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/containers/webp_parts.h"
#include "imageio/metadata/metadata.h"
#include "imageio/orientation.h"
#include "imageio/pack.h"

/* ---- header ---------------------------------------------------------------------------------- */

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    unsigned char start[64];
    nst_riff_part part;
    uint64_t offset = 0;
    int exif = 0, xmp = 0;
    WebPBitstreamFeatures features;
    size_t got = nst_view_read_some(view, 0, start, sizeof start);
    VP8StatusCode code = WebPGetFeatures(start, got, &features);
    if (code == VP8_STATUS_NOT_ENOUGH_DATA)
        return nst_fail_truncated(name, "WebP", error);
    if (code != VP8_STATUS_OK)
        return nst_fail_damaged(name, "WebP", "its header makes no sense", error);
    nst_status status =
        nst_header_size(name, (uint64_t)features.width, (uint64_t)features.height, out, error);
    if (status != NST_OK)
        return status;
    while (nst_riff_next(view, &offset, &part)) {
        if (memcmp(part.type, "EXIF", 4) == 0 && !exif)
            exif = nst_orientation_of_exif(view, part.offset, part.size);
        if (memcmp(part.type, "XMP ", 4) == 0 && !xmp)
            xmp = nst_orientation_of_xmp(view, part.offset, part.size);
    }
    out->orientation = exif ? exif : xmp ? xmp : 1;
    out->has_alpha = features.has_alpha;
    /* The pixels, and as much again for what they are made from. */
    out->workspace = 10 * (uint64_t)out->width * (uint64_t)out->height + 1000000;
    return NST_OK;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* The first frame on a canvas that is transparent elsewhere. */
static bool decode_frame(const WebPIterator *frame, uint8_t *canvas, size_t stride, int height)
{
    size_t at = (size_t)frame->y_offset * stride + 4 * (size_t)frame->x_offset;
    return WebPDecodeRGBAInto(frame->fragment.bytes, frame->fragment.size, canvas + at,
                              stride * (size_t)height - at, (int)stride) != NULL;
}

static nst_status put_rows(const nst_encoded *file, const uint8_t *pixels, nst_colorimetry *color,
                           nst_rows *rows, nst_error *error)
{
    const nst_layout layout = {.width = file->header.width,
                               .height = file->header.height,
                               .kind = NST_COLOR_RGB,
                               .bits = 8,
                               .has_alpha = file->header.has_alpha};
    size_t width = (size_t)layout.width;
    uint8_t *line = malloc(4 * width);
    nst_status status = line ? nst_rows_begin(rows, &layout, color, error)
                             : nst_fail_codec_memory(file->name, &file->header, error);
    for (int y = 0; status == NST_OK && y < layout.height; y++) {
        const uint8_t *from = pixels + 4 * width * (size_t)y;
        for (size_t x = 0; x < width; x++)
            memcpy(line + x * (layout.has_alpha ? 4 : 3), from + 4 * x, layout.has_alpha ? 4 : 3);
        nst_rows_put(rows, y, line);
    }
    free(line);
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    WebPData data = {file->bytes, file->size};
    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    WebPDemuxer *demuxer = WebPDemuxPartial(&data, &state);
    WebPIterator frame = {0};
    WebPChunkIterator profile = {0};
    nst_colorimetry color = {0};
    size_t stride = 4 * (size_t)file->header.width;
    uint8_t *pixels = NULL;
    nst_status status = NST_OK;
    if (state == WEBP_DEMUX_PARSED_HEADER || state == WEBP_DEMUX_PARSING_HEADER) {
        status = nst_fail_truncated(file->name, "WebP", error);
        goto cleanup;
    }
    if (!demuxer || state == WEBP_DEMUX_PARSE_ERROR || !WebPDemuxGetFrame(demuxer, 1, &frame) ||
        !frame.complete || frame.x_offset + frame.width > file->header.width ||
        frame.y_offset + frame.height > file->header.height) {
        status = nst_fail_damaged(file->name, "WebP", "its frame is not there", error);
        goto cleanup;
    }
    if (!(pixels = calloc((size_t)file->header.height, stride))) {
        status = nst_fail_codec_memory(file->name, &file->header, error);
        goto cleanup;
    }
    if (!decode_frame(&frame, pixels, stride, file->header.height)) {
        status = nst_fail_damaged(file->name, "WebP", "its pixels", error);
        goto cleanup;
    }
    if (WebPDemuxGetChunk(demuxer, "ICCP", 1, &profile)) {
        color.icc = profile.chunk.bytes;
        color.icc_size = profile.chunk.size;
    }
    status = put_rows(file, pixels, &color, rows, error);
cleanup:
    WebPDemuxReleaseChunkIterator(&profile);
    WebPDemuxReleaseIterator(&frame);
    WebPDemuxDelete(demuxer);
    free(pixels);
    return status;
}

static void read_metadata(const nst_encoded *file, nst_metadata *out)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_riff_part part;
    uint64_t offset = 0;
    while (nst_riff_next(&view, &offset, &part)) {
        const unsigned char *data = file->bytes + part.offset;
        bool prefixed = part.size > 6 && memcmp(data, "Exif\0", 5) == 0;
        if (memcmp(part.type, "EXIF", 4) == 0 && out->exif.size == 0)
            nst_buffer_add(&out->exif, data + (prefixed ? 6 : 0),
                           (size_t)part.size - (prefixed ? 6 : 0));
        if (memcmp(part.type, "XMP ", 4) == 0 && out->xmp.size == 0)
            nst_buffer_add(&out->xmp, data, (size_t)part.size);
    }
}

/* ---- encoding -------------------------------------------------------------------------------- */

static int write_bytes(const uint8_t *bytes, size_t size, const WebPPicture *picture)
{
    nst_buffer_add(picture->custom_ptr, bytes, size);
    return 1;
}

static bool set_chunk(WebPMux *mux, const char *type, const void *bytes, size_t size)
{
    const WebPData data = {bytes, size};
    return size == 0 || WebPMuxSetChunk(mux, type, &data, 1) == WEBP_MUX_OK;
}

/* Metadata, and the profile of sRGB, into the encoded file. */
static bool embed(const nst_metadata *metadata, nst_buffer *file)
{
    unsigned char icc[NST_SRGB_PROFILE_MAX];
    const WebPData plain = {file->bytes, file->size};
    WebPData whole = {0};
    WebPMux *mux = WebPMuxCreate(&plain, 1);
    bool done = mux && set_chunk(mux, "ICCP", icc, nst_srgb_profile(icc)) &&
                (!metadata || (set_chunk(mux, "EXIF", metadata->exif.bytes, metadata->exif.size) &&
                               set_chunk(mux, "XMP ", metadata->xmp.bytes, metadata->xmp.size))) &&
                WebPMuxAssemble(mux, &whole) == WEBP_MUX_OK;
    WebPMuxDelete(mux);
    if (done) {
        file->size = 0;
        nst_buffer_add(file, whole.bytes, whole.size);
        WebPDataClear(&whole);
    }
    return done && !file->failed;
}

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    bool with_alpha = image->alpha != NULL;
    uint8_t *pixels = nst_pack(image, with_alpha, 8);
    WebPConfig config;
    WebPPicture picture;
    int stride = image->width * (with_alpha ? 4 : 3);
    bool done = pixels && WebPPictureInit(&picture) &&
                WebPConfigPreset(&config, WEBP_PRESET_PHOTO, (float)options->quality);
    if (!done) {
        free(pixels);
        return nst_fail_memory_for(error, "a WebP of %dx%d pixels", image->width, image->height);
    }
    config.use_sharp_yuv = 1; /* or the color of fine strokes is lost */
    if (options->quality == 100) {
        config.lossless = 1;
        config.exact = 1;
    }
    picture.width = image->width;
    picture.height = image->height;
    picture.use_argb = 1;
    picture.writer = write_bytes;
    picture.custom_ptr = out;
    done = (with_alpha ? WebPPictureImportRGBA(&picture, pixels, stride)
                       : WebPPictureImportRGB(&picture, pixels, stride)) &&
           WebPEncode(&config, &picture);
    int code = picture.error_code;
    WebPPictureFree(&picture);
    free(pixels);
    done = done && !out->failed && embed(options->metadata, out);
    return done ? NST_OK
                : nst_fail(error, NST_ERR_MEMORY,
                           "a WebP of %dx%d pixels could not be encoded (libwebp's error %d)",
                           image->width, image->height, code);
}

const nst_codec nst_codec_webp = {.library = "libwebp " NST_WEBP_VERSION,
                                  .header = header,
                                  .decode = decode,
                                  .encode = encode,
                                  .read_metadata = read_metadata};
