/* HEIF with HEVC inside (HEIC) and AVIF by libheif, which also turns the picture upright. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libheif/heif.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/metadata/metadata.h"
#include "imageio/pack.h"
#include "util/library.h"

/* ---- libheif, loaded when a picture needs it --------------------------------------------------
 */

/* clang-format off */
#define FUNCTIONS(X)                                                                               \
    X(image_handle_release) X(context_free) X(context_alloc)                                       \
    X(context_set_maximum_image_size_limit) X(context_set_max_decoding_threads)                    \
    X(context_read_from_reader) X(context_get_primary_image_handle)                                \
    X(have_decoder_for_format) X(image_handle_get_width) X(image_handle_get_height)                \
    X(image_handle_has_alpha_channel) X(image_handle_get_luma_bits_per_pixel)                      \
    X(image_handle_get_raw_color_profile_size) X(image_handle_get_raw_color_profile)               \
    X(image_handle_get_nclx_color_profile) X(nclx_color_profile_free)                              \
    X(image_get_bits_per_pixel_range) X(image_get_plane_readonly) X(image_get_width)               \
    X(image_get_height) X(decoding_options_alloc) X(decode_image)                                  \
    X(image_handle_is_premultiplied_alpha) X(image_release) X(decoding_options_free)               \
    X(image_handle_get_metadata_size) X(image_handle_get_metadata)                                 \
    X(image_handle_get_list_of_metadata_block_IDs) X(image_handle_get_metadata_type)               \
    X(image_handle_get_metadata_content_type) X(have_encoder_for_format) X(image_create)           \
    X(image_add_plane) X(image_get_plane) X(encoder_set_parameter_integer)                         \
    X(encoder_set_parameter_string) X(encoder_set_lossy_quality)                                   \
    X(context_add_exif_metadata) X(context_add_XMP_metadata) X(nclx_color_profile_alloc)           \
    X(context_get_encoder_for_format) X(image_set_nclx_color_profile)                              \
    X(context_encode_image) X(context_write) X(encoder_release)
/* clang-format on */
#define MEMBER(name)  __typeof__(heif_##name) *name;
#define NAME(name)    "heif_" #name,
#define ADDRESS(name) .name = heif_##name,

#ifdef NST_HEIF_FILE
static struct {
    FUNCTIONS(MEMBER)
} libheif;
#else
#define NST_HEIF_FILE NULL
static struct {
    FUNCTIONS(MEMBER)
} libheif = {FUNCTIONS(ADDRESS)};
#endif
static const char *const names[] = {FUNCTIONS(NAME)};
static nst_library library = {.file = NST_HEIF_FILE,
                              .names = names,
                              .count = sizeof names / sizeof *names,
                              .functions = &libheif};

/* ---- libheif's view of files ----------------------------------------------------------------- */

typedef struct {
    nst_view *view;
    int64_t at;
} stream;

static int64_t tell(void *user)
{
    return ((stream *)user)->at;
}

/* libheif has asked wait_for before, and before 1.16 it aborts the program when bytes that are said
 * to be there cannot be read: they read as zeros, which are damaged pictures. */
static int read_bytes(void *out, size_t count, void *user)
{
    stream *s = user;
    if (!nst_view_read(s->view, (uint64_t)s->at, out, count))
        memset(out, 0, count);
    s->at += (int64_t)count;
    return 0;
}

static int seek(int64_t to, void *user)
{
    stream *s = user;
    s->at = to;
    return to < 0 || (uint64_t)to > s->view->size ? -1 : 0;
}

static enum heif_reader_grow_status wait_for(int64_t size, void *user)
{
    const stream *s = user;
    return (uint64_t)size <= s->view->size ? heif_reader_grow_status_size_reached
                                           : heif_reader_grow_status_size_beyond_eof;
}

static const struct heif_reader reader = {.reader_api_version = 1,
                                          .get_position = tell,
                                          .read = read_bytes,
                                          .seek = seek,
                                          .wait_for_file_size = wait_for};

/* ---- opening --------------------------------------------------------------------------------- */

typedef struct {
    const char *name, *format; /* "HEIF" or "AVIF" */
    stream stream;
    struct heif_context *context;
    struct heif_image_handle *handle;
} opened;

static nst_status fail_heif(const char *name, const char *format, struct heif_error why,
                            nst_error *error)
{
    const char *message = why.message && why.message[0] ? why.message : "unknown error";
    switch (why.code) {
    case heif_error_Memory_allocation_error:
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for a %s image (%s)", name,
                        format, message);
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature:
    case heif_error_Plugin_loading_error:
        return nst_fail_kind(name, format, message, error);
    default:
        return nst_fail_damaged(name, format, message, error);
    }
}

static void close_file(opened *f)
{
    if (f->handle)
        libheif.image_handle_release(f->handle);
    if (f->context)
        libheif.context_free(f->context);
}

static nst_status open_file(opened *f, nst_error *error)
{
    nst_error cause = {0};
    if (nst_library_load(&library, &cause) != NST_OK)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s image: %s", f->name, f->format,
                        cause.message);
    f->context = libheif.context_alloc();
    if (!f->context)
        return nst_fail_memory_in(error, f->name);
    libheif.context_set_maximum_image_size_limit(f->context, 65535);
    libheif.context_set_max_decoding_threads(f->context, 0);
    struct heif_error why = libheif.context_read_from_reader(f->context, &reader, &f->stream, NULL);
    if (why.code == heif_error_Ok)
        why = libheif.context_get_primary_image_handle(f->context, &f->handle);
    return why.code == heif_error_Ok ? NST_OK : fail_heif(f->name, f->format, why, error);
}

/* ---- header ---------------------------------------------------------------------------------- */

/* In Debian the decoders are packages of their own from libheif 1.16 on. */
static nst_status check_decoder(const char *name, bool is_avif, nst_error *error)
{
    if (libheif.have_decoder_for_format(is_avif ? heif_compression_AV1 : heif_compression_HEVC))
        return NST_OK;
    return nst_fail(error, NST_ERR_FORMAT, "%s: %s image: libheif has no decoder for it (%s)", name,
                    is_avif ? "AVIF" : "HEIF",
                    is_avif ? "libheif-plugin-dav1d or libheif-plugin-aomdec brings it"
                            : "libheif-plugin-libde265 brings it");
}

static nst_status read_header(const char *name, nst_view *view, bool is_avif, nst_header *out,
                              nst_error *error)
{
    /* On opening, libheif reads more than headers: coded pictures, whatever their size. */
    nst_view whole = *view;
    whole.left = 4 * whole.size;
    opened f = {.name = name, .format = is_avif ? "AVIF" : "HEIF", .stream = {&whole, 0}};
    nst_status status = open_file(&f, error);
    if (status == NST_OK) {
        int width = libheif.image_handle_get_width(f.handle);
        int height = libheif.image_handle_get_height(f.handle);
        status = nst_header_size(name, width > 0 ? (uint64_t)width : 0,
                                 height > 0 ? (uint64_t)height : 0, out, error);
    }
    if (status == NST_OK) {
        out->has_alpha = libheif.image_handle_has_alpha_channel(f.handle);
        out->bits = libheif.image_handle_get_luma_bits_per_pixel(f.handle) > 8 ? 16 : 8;
        out->orientation = 1; /* libheif has turned it by then, and EXIF does not count */
        /* Planes of the decoder, of libheif and, turned, once more; then RGB. */
        out->workspace =
            (uint64_t)out->width * (uint64_t)out->height * (out->bits == 16 ? 20 : 12) + 16000000;
        status = check_decoder(name, is_avif, error);
    }
    close_file(&f);
    return status;
}

static nst_status header_heif(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    return read_header(name, view, false, out, error);
}

static nst_status header_avif(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    return read_header(name, view, true, out, error);
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* The profile, or else the code points of the coded picture. *owned is to be freed. */
static void read_color(struct heif_image_handle *handle, nst_colorimetry *color, void **owned)
{
    enum { ICC_MAX = 1 << 24 };
    struct heif_color_profile_nclx *points = NULL;
    size_t size = libheif.image_handle_get_raw_color_profile_size(handle);
    if (size > 0 && size <= ICC_MAX && (*owned = malloc(size)) &&
        libheif.image_handle_get_raw_color_profile(handle, *owned).code == heif_error_Ok) {
        color->icc = *owned;
        color->icc_size = size;
    }
    if (!color->icc &&
        libheif.image_handle_get_nclx_color_profile(handle, &points).code == heif_error_Ok) {
        color->primaries = points->color_primaries;
        color->transfer = points->transfer_characteristics;
    }
    if (points)
        libheif.nclx_color_profile_free(points);
}

/* libheif keeps the bits of the file, 10 say, in 16. */
static void widen(uint16_t *samples, size_t count, int bits)
{
    uint32_t most = (1u << bits) - 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = samples[i] < most ? samples[i] : most;
        samples[i] = (uint16_t)((value * 65535u + most / 2) / most);
    }
}

static nst_status put_rows(const nst_encoded *file, const struct heif_image *image,
                           const nst_layout *layout, const nst_colorimetry *color, nst_rows *rows,
                           nst_error *error)
{
    int stride = 0, bits = libheif.image_get_bits_per_pixel_range(image, heif_channel_interleaved);
    const uint8_t *pixels =
        libheif.image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    size_t count = (size_t)layout->width * (layout->has_alpha ? 4 : 3);
    if (!pixels || libheif.image_get_width(image, heif_channel_interleaved) != layout->width ||
        libheif.image_get_height(image, heif_channel_interleaved) != layout->height || bits > 16)
        return nst_fail_damaged(file->name, nst_format_name(file->header.format),
                                "its parts do not agree", error);
    uint16_t *line = malloc(count * sizeof *line);
    nst_status status = line ? nst_rows_begin(rows, layout, color, error)
                             : nst_fail_codec_memory(file->name, &file->header, error);
    for (int y = 0; status == NST_OK && y < layout->height; y++) {
        const uint8_t *row = pixels + (size_t)y * (size_t)stride;
        if (layout->bits == 16) {
            memcpy(line, row, count * sizeof *line);
            widen(line, count, bits);
        }
        nst_rows_put(rows, y, layout->bits == 16 ? (const void *)line : row);
    }
    free(line);
    return status;
}

static bool is_little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    opened f = {
        .name = file->name, .format = nst_format_name(file->header.format), .stream = {&view, 0}};
    struct heif_decoding_options *options = NULL;
    struct heif_image *image = NULL;
    nst_colorimetry color = {0};
    void *icc = NULL;
    bool alpha = file->header.has_alpha, deep = file->header.bits == 16;
    nst_status status = open_file(&f, error);
    if (status != NST_OK)
        goto cleanup;
    options = libheif.decoding_options_alloc();
    if (options && options->version >= 3)
        options->strict_decoding = 1;
    enum heif_chroma chroma =
        !deep ? (alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB)
        : is_little_endian()
            ? (alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE)
            : (alpha ? heif_chroma_interleaved_RRGGBBAA_BE : heif_chroma_interleaved_RRGGBB_BE);
    struct heif_error why =
        libheif.decode_image(f.handle, &image, heif_colorspace_RGB, chroma, options);
    if (why.code != heif_error_Ok) {
        status = fail_heif(file->name, f.format, why, error);
        goto cleanup;
    }
    read_color(f.handle, &color, &icc);
    const nst_layout layout = {.width = file->header.width,
                               .height = file->header.height,
                               .kind = NST_COLOR_RGB,
                               .bits = deep ? 16 : 8,
                               .has_alpha = alpha,
                               .is_premultiplied =
                                   alpha && libheif.image_handle_is_premultiplied_alpha(f.handle)};
    status = put_rows(file, image, &layout, &color, rows, error);
cleanup:
    free(icc);
    if (image)
        libheif.image_release(image);
    if (options)
        libheif.decoding_options_free(options);
    close_file(&f);
    return status;
}

/* A block's bytes to the end of out. */
static bool read_block(struct heif_image_handle *handle, heif_item_id id, nst_buffer *out)
{
    enum { BLOCK_MAX = 1 << 24 };
    size_t size = libheif.image_handle_get_metadata_size(handle, id);
    if (size == 0 || size > BLOCK_MAX)
        return false;
    nst_buffer_add_zeros(out, size);
    return !out->failed &&
           libheif.image_handle_get_metadata(handle, id, out->bytes + out->size - size).code ==
               heif_error_Ok;
}

/* EXIF begins with the offset of its header behind these four bytes. */
static void read_exif(struct heif_image_handle *handle, heif_item_id id, nst_buffer *out)
{
    nst_buffer block = {0};
    if (read_block(handle, id, &block) && block.size > 8) {
        uint64_t start = 4 + (uint64_t)nst_big32(block.bytes);
        if (start < block.size)
            nst_buffer_add(out, block.bytes + start, block.size - (size_t)start);
    }
    nst_buffer_destroy(&block);
}

static void read_metadata(const nst_encoded *file, nst_metadata *out)
{
    enum { BLOCKS_MAX = 16 };
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    opened f = {.name = file->name, .format = "HEIF", .stream = {&view, 0}};
    heif_item_id ids[BLOCKS_MAX];
    int count =
        open_file(&f, NULL) == NST_OK
            ? libheif.image_handle_get_list_of_metadata_block_IDs(f.handle, NULL, ids, BLOCKS_MAX)
            : 0;
    for (int i = 0; i < count && i < BLOCKS_MAX; i++) {
        const char *type = libheif.image_handle_get_metadata_type(f.handle, ids[i]);
        const char *content = libheif.image_handle_get_metadata_content_type(f.handle, ids[i]);
        if (type && strcmp(type, "Exif") == 0 && out->exif.size == 0)
            read_exif(f.handle, ids[i], &out->exif);
        if (content && strcmp(content, "application/rdf+xml") == 0 && out->xmp.size == 0 &&
            !read_block(f.handle, ids[i], &out->xmp))
            out->xmp.size = 0;
    }
    close_file(&f);
}

/* ---- encoding -------------------------------------------------------------------------------- */

static bool can_encode(void)
{
    return nst_library_load(&library, NULL) == NST_OK &&
           libheif.have_encoder_for_format(heif_compression_AV1);
}

static struct heif_error write_bytes(struct heif_context *context, const void *bytes, size_t size,
                                     void *user)
{
    (void)context;
    nst_buffer_add(user, bytes, size);
    return (struct heif_error){heif_error_Ok, heif_suberror_Unspecified, "Success"};
}

/* RGB, or RGBA, of 8 bits in libheif's own memory. */
static struct heif_error make_image(const nst_image *image, struct heif_image **out)
{
    bool with_alpha = image->alpha != NULL;
    int stride = 0;
    struct heif_error why = libheif.image_create(
        image->width, image->height, heif_colorspace_RGB,
        with_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, out);
    if (why.code == heif_error_Ok)
        why =
            libheif.image_add_plane(*out, heif_channel_interleaved, image->width, image->height, 8);
    if (why.code != heif_error_Ok)
        return why;
    uint8_t *pixels = libheif.image_get_plane(*out, heif_channel_interleaved, &stride);
    for (int y = 0; y < image->height; y++)
        nst_pack_row(image, y, with_alpha, 8, pixels + (size_t)y * (size_t)stride);
    return why;
}

static struct heif_error configure(struct heif_encoder *encoder, int quality)
{
    /* One thread, so that the bytes do not depend on how many processors there are. */
    libheif.encoder_set_parameter_integer(encoder, "threads", 1);
    libheif.encoder_set_parameter_string(encoder, "chroma", quality >= 91 ? "444" : "420");
    return libheif.encoder_set_lossy_quality(encoder, quality);
}

static struct heif_error add_metadata(struct heif_context *context,
                                      struct heif_image_handle *handle,
                                      const nst_metadata *metadata)
{
    struct heif_error why = {heif_error_Ok, heif_suberror_Unspecified, ""};
    if (metadata && metadata->exif.size > 0)
        why = libheif.context_add_exif_metadata(context, handle, metadata->exif.bytes,
                                                (int)metadata->exif.size);
    if (why.code == heif_error_Ok && metadata && metadata->xmp.size > 0)
        why = libheif.context_add_XMP_metadata(context, handle, metadata->xmp.bytes,
                                               (int)metadata->xmp.size);
    return why;
}

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    nst_status status = nst_library_load(&library, error);
    if (status != NST_OK)
        return status;
    struct heif_writer writer = {.writer_api_version = 1, .write = write_bytes};
    struct heif_context *context = libheif.context_alloc();
    struct heif_encoder *encoder = NULL;
    struct heif_image *pixels = NULL;
    struct heif_image_handle *handle = NULL;
    struct heif_color_profile_nclx *points = libheif.nclx_color_profile_alloc();
    struct heif_error why = {heif_error_Memory_allocation_error, heif_suberror_Unspecified, ""};
    if (context && points) {
        why = libheif.context_get_encoder_for_format(context, heif_compression_AV1, &encoder);
        if (why.code != heif_error_Ok) {
            nst_fail(error, NST_ERR_ARGUMENT,
                     "AVIF: libheif has no encoder for it (libheif-plugin-aomenc brings it)");
            goto cleanup;
        }
    }
    if (why.code == heif_error_Ok)
        why = make_image(image, &pixels);
    if (why.code == heif_error_Ok) { /* what nclx_alloc says already: sRGB, BT.601's matrix */
        points->color_primaries = heif_color_primaries_ITU_R_BT_709_5;
        points->transfer_characteristics = heif_transfer_characteristic_IEC_61966_2_1;
        points->matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6;
        points->full_range_flag = 1;
        why = libheif.image_set_nclx_color_profile(pixels, points);
    }
    if (why.code == heif_error_Ok)
        why = configure(encoder, options->quality);
    if (why.code == heif_error_Ok)
        why = libheif.context_encode_image(context, pixels, encoder, NULL, &handle);
    if (why.code == heif_error_Ok)
        why = add_metadata(context, handle, options->metadata);
    if (why.code == heif_error_Ok)
        why = libheif.context_write(context, &writer, out);
cleanup:
    if (handle)
        libheif.image_handle_release(handle);
    if (pixels)
        libheif.image_release(pixels);
    if (encoder)
        libheif.encoder_release(encoder);
    if (points)
        libheif.nclx_color_profile_free(points);
    if (context)
        libheif.context_free(context);
    if (why.code == heif_error_Ok)
        return NST_OK;
    return nst_fail(error, NST_ERR_MEMORY, "an AVIF of %dx%d pixels could not be encoded (%s)",
                    image->width, image->height, why.message ? why.message : "");
}

const nst_codec nst_codec_heif = {.library = "libheif " NST_HEIF_VERSION,
                                  .header = header_heif,
                                  .decode = decode,
                                  .read_metadata = read_metadata};
const nst_codec nst_codec_avif = {.library = "libheif " NST_HEIF_VERSION,
                                  .header = header_avif,
                                  .decode = decode,
                                  .encode = encode,
                                  .read_metadata = read_metadata,
                                  .can_encode = can_encode,
                                  .encoder_package = "libheif-plugin-aomenc"};
