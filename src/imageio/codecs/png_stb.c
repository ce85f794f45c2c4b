/* PNG by stb, which needs nothing, with the checks that it leaves out. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/codecs/stb.h"
#include "imageio/containers/png_parts.h"
#include "imageio/pack.h"

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    nst_png_info info;
    nst_status status = nst_png_read_header(name, view, out, &info, error);
    if (status == NST_OK) { /* the inflated rows, and pixels, and these once more when expanded */
        uint64_t pixels = (uint64_t)out->width * (uint64_t)out->height;
        out->workspace = nst_png_raw_bytes(&info) + pixels * 8 * (unsigned)out->bits / 8;
    }
    return status;
}

/* ---- checksums ------------------------------------------------------------------------------- */

static uint32_t adler(const unsigned char *bytes, size_t size)
{
    uint32_t low = 1, high = 0;
    for (size_t i = 0; i < size; i++) {
        low = (low + bytes[i]) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

/* What all IDAT chunks hold, one behind the other. */
static nst_status gather(const nst_encoded *file, nst_buffer *out, nst_error *error)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_png_part part;
    uint64_t offset = 0;
    while (nst_png_next(&view, &offset, &part)) {
        bool is_needed = !(part.type >> 24 & 32); /* a capital first */
        const unsigned char *data = file->bytes + part.offset;
        size_t size = (size_t)part.size;
        if (is_needed && nst_png_crc(data - 4, size + 4) != nst_big32(data + size))
            return nst_fail_damaged(file->name, "PNG", "a checksum is wrong", error);
        if (part.type == NST_PNG_DATA)
            nst_buffer_add(out, data, size);
    }
    return out->failed ? nst_fail_codec_memory(file->name, &file->header, error) : NST_OK;
}

/* stb reads rows that are missing as nothing, and looks at no checksum. */
static nst_status check_data(const nst_encoded *file, const nst_png_info *info, nst_error *error)
{
    nst_buffer data = {0};
    nst_status status = gather(file, &data, error);
    uint64_t expected = nst_png_raw_bytes(info);
    char *raw = NULL;
    if (status != NST_OK)
        goto cleanup;
    if (data.size > INT_MAX || expected >= INT_MAX) {
        status = nst_fail_kind(file->name, "PNG", "2 GB or more", error);
        goto cleanup;
    }
    if (!(raw = malloc((size_t)expected + 1))) {
        status = nst_fail_codec_memory(file->name, &file->header, error);
        goto cleanup;
    }
    int got = stbi_zlib_decode_buffer(raw, (int)expected, (const char *)data.bytes, (int)data.size);
    if (got < 0 || (uint64_t)got != expected || data.size < 6 ||
        nst_big32(data.bytes + data.size - 4) != adler((unsigned char *)raw, (size_t)got))
        status = nst_fail_damaged(file->name, "PNG", "rows or their checksum are wrong", error);
cleanup:
    free(raw);
    nst_buffer_destroy(&data);
    return status;
}

/* ---- decoding -------------------------------------------------------------------------------- */

static nst_status put_all(const nst_encoded *file, const void *pixels, int channels, nst_rows *rows,
                          nst_error *error)
{
    nst_colorimetry color;
    unsigned char *owned;
    const nst_layout layout = {.width = file->header.width,
                               .height = file->header.height,
                               .kind = channels < 3 ? NST_COLOR_GREY : NST_COLOR_RGB,
                               .bits = file->header.bits,
                               .has_alpha = channels % 2 == 0};
    size_t row = (size_t)layout.width * (size_t)channels * (size_t)layout.bits / 8;
    nst_png_color(file, &color, &owned);
    nst_status status = nst_rows_begin(rows, &layout, &color, error);
    free(owned);
    for (int y = 0; status == NST_OK && y < layout.height; y++)
        nst_rows_put(rows, y, (const char *)pixels + (size_t)y * row);
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_header again = {0};
    nst_png_info info;
    int width, height, channels, size = (int)file->size;
    nst_status status = nst_png_read_header(file->name, &view, &again, &info, error);
    if (status != NST_OK || (status = nst_png_check(file, &info, error)) != NST_OK ||
        (status = check_data(file, &info, error)) != NST_OK)
        return status;
    void *pixels =
        file->size > INT_MAX ? NULL
        : file->header.bits == 16
            ? (void *)stbi_load_16_from_memory(file->bytes, size, &width, &height, &channels, 0)
            : (void *)stbi_load_from_memory(file->bytes, size, &width, &height, &channels, 0);
    if (!pixels)
        return nst_fail_damaged(file->name, "PNG", stbi_failure_reason(), error);
    if (width != file->header.width || height != file->header.height ||
        (channels % 2 == 0) != file->header.has_alpha)
        status = nst_fail_damaged(file->name, "PNG", "it says two things of its size", error);
    else
        status = put_all(file, pixels, channels, rows, error);
    stbi_image_free(pixels);
    return status;
}

/* ---- encoding -------------------------------------------------------------------------------- */

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    static const unsigned char srgb[] = {0, 0, 0, 1, 's', 'R', 'G', 'B', 0, 0xae, 0xce, 0x1c, 0xe9};
    enum { BEFORE = 8 + 25 }; /* signature and size */
    bool with_alpha = image->alpha != NULL;
    int channels = with_alpha ? 4 : 3;
    nst_buffer whole = {0};
    if (options->depth == 16)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "PNG of 16 bits: this nst was built without libpng");
    /* stb counts in int; a row has a byte more than its pixels. */
    if (((uint64_t)image->width * (uint64_t)channels + 4) * ((uint64_t)image->height + 1) > INT_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%dx%d pixels: expected fewer than 2^31 bytes of them", image->width,
                        image->height);
    unsigned char *pixels = nst_pack(image, with_alpha, 8);
    int done = pixels && stbi_write_png_to_func(nst_stb_append, &whole, image->width, image->height,
                                                channels, pixels, image->width * channels);
    free(pixels);
    if (done && !whole.failed) {
        nst_buffer_add(out, whole.bytes, BEFORE);
        nst_buffer_add(out, srgb, sizeof srgb);
        nst_buffer_add(out, whole.bytes + BEFORE, whole.size - BEFORE);
    }
    done = done && !whole.failed;
    nst_buffer_destroy(&whole);
    if (done)
        nst_png_embed(options->metadata, out);
    return done ? NST_OK
                : nst_fail_memory_for(error, "a PNG of %dx%d pixels", image->width, image->height);
}

const nst_codec nst_codec_stb_png = {.library = "stb_image",
                                     .header = header,
                                     .decode = decode,
                                     .encode = encode,
                                     .read_metadata = nst_png_read_metadata};
