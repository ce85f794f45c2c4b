/* JPEG by stb, which needs nothing. */
#include <limits.h>
#include <stdlib.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/codecs/stb.h"
#include "imageio/containers/jpeg_parts.h"
#include "imageio/pack.h"

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    nst_status status = nst_jpeg_header(name, view, out, error);
    if (status == NST_OK) /* components, and then the pixels made of them */
        out->workspace += 6 * (uint64_t)out->width * (uint64_t)out->height;
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    int width, height, components;
    unsigned char *icc = NULL;
    nst_colorimetry color = {0};
    nst_status status = nst_jpeg_check(file, error);
    if (status != NST_OK)
        return status;
    if (file->size > INT_MAX)
        return nst_fail_kind(file->name, "JPEG", "2 GB or more", error);
    unsigned char *pixels =
        stbi_load_from_memory(file->bytes, (int)file->size, &width, &height, &components, 0);
    if (!pixels)
        return nst_fail_damaged(file->name, "JPEG", stbi_failure_reason(), error);
    if (width != file->header.width || height != file->header.height) {
        status = nst_fail_damaged(file->name, "JPEG", "it says two sizes", error);
        goto cleanup;
    }
    const nst_layout layout = {.width = width,
                               .height = height,
                               .kind = components == 1 ? NST_COLOR_GREY : NST_COLOR_RGB,
                               .bits = 8};
    nst_jpeg_icc(file, &icc, &color.icc_size);
    color.icc = icc;
    status = nst_rows_begin(rows, &layout, &color, error);
    size_t row = (size_t)width * (components == 1 ? 1 : 3);
    for (int y = 0; status == NST_OK && y < height; y++)
        nst_rows_put(rows, y, pixels + (size_t)y * row);
cleanup:
    free(icc);
    stbi_image_free(pixels);
    return status;
}

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    unsigned char *pixels = nst_pack(image, false, 8);
    int done = pixels && stbi_write_jpg_to_func(nst_stb_append, out, image->width, image->height, 3,
                                                pixels, options->quality);
    free(pixels);
    if (done)
        nst_jpeg_embed(options->metadata, out);
    return done ? NST_OK
                : nst_fail_memory_for(error, "a JPEG of %dx%d pixels", image->width, image->height);
}

const nst_codec nst_codec_stb_jpeg = {.library = "stb_image",
                                      .header = header,
                                      .decode = decode,
                                      .encode = encode,
                                      .read_metadata = nst_jpeg_read_metadata};
