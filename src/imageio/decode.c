/* Picture file -> nst_image. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/file.h"
#include "files/path.h"
#include "files/source.h"
#include "imageio/format.h"
#include "imageio/header.h"
#include "imageio/orientation.h"
#include "imageio/pnm.h"
#include "imageio/profile.h"
#include "imageio/stb.h"

/* Samples as they come from a decoder: rows of interleaved channels. */
typedef struct {
    int width, height, channels; /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha */
    int bits;
    void *samples; /* uint8_t or uint16_t by bits, malloc'ed */
} raster;

static nst_status decode_pnm(const char *path, const unsigned char *bytes, size_t size, raster *out,
                             nst_error *error)
{
    nst_pnm pnm;
    nst_pnm_header(bytes, size, &pnm); /* the header was checked */
    *out = (raster){(int)pnm.width, (int)pnm.height, pnm.channels, 16, NULL};
    out->samples = malloc((size_t)pnm.width * pnm.height * (size_t)pnm.channels * 2);
    if (!out->samples)
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for %dx%d pixels", path,
                        out->width, out->height);
    if (!nst_pnm_decode(&pnm, bytes, size, out->samples))
        return nst_fail(error, NST_ERR_FORMAT, "%s: truncated or damaged PNM image", path);
    return NST_OK;
}

static nst_status decode_stb(const char *path, const nst_header *header, const unsigned char *bytes,
                             size_t size, raster *out, nst_error *error)
{
    out->bits = header->bits;
    out->samples = header->bits == 16
                       ? (void *)stbi_load_16_from_memory(bytes, (int)size, &out->width,
                                                          &out->height, &out->channels, 0)
                       : (void *)stbi_load_from_memory(bytes, (int)size, &out->width, &out->height,
                                                       &out->channels, 0);
    if (!out->samples)
        return nst_fail(error, NST_ERR_FORMAT, "%s: damaged, or a kind of %s not supported (%s)",
                        path, nst_format_name(header->format), stbi_failure_reason());
    return NST_OK;
}

static float sample(const raster *r, size_t i)
{
    return r->bits == 16 ? (float)((const uint16_t *)r->samples)[i] / 65535.0f
                         : (float)((const uint8_t *)r->samples)[i] / 255.0f;
}

/* Planes of an upright image from stored samples. converted, with a profile: a row of RGB. */
static void unpack(const raster *r, int orientation, const nst_profile *profile,
                   uint16_t *converted, nst_image *image)
{
    size_t plane = (size_t)image->width * (size_t)image->height;
    size_t row = (size_t)r->width * (size_t)r->channels, sample_bytes = (size_t)r->bits / 8;
    int colours = r->channels < 3 ? 1 : 3;
    for (int y = 0; y < r->height; y++) {
        size_t start = (size_t)y * row;
        if (profile)
            nst_profile_apply(profile, (const char *)r->samples + start * sample_bytes, converted,
                              r->width);
        for (int x = 0; x < r->width; x++) {
            int ux, uy;
            nst_orientation_map(orientation, r->width, r->height, x, y, &ux, &uy);
            size_t to = (size_t)uy * (size_t)image->width + (size_t)ux;
            size_t from = start + (size_t)x * (size_t)r->channels;
            for (size_t c = 0; c < 3; c++)
                image->rgb[c * plane + to] = profile ? (float)converted[3 * x + (int)c] / 65535.0f
                                                     : sample(r, from + (colours == 1 ? 0 : c));
            if (image->alpha)
                image->alpha[to] = sample(r, from + (size_t)colours);
        }
    }
}

static nst_status decode(const char *path, const nst_header *header, const unsigned char *bytes,
                         size_t size, nst_image *out, nst_file_info *info, nst_error *error)
{
    raster r = {0};
    nst_profile *profile = NULL;
    uint16_t *converted = NULL;
    nst_status status = header->format == NST_FORMAT_PNM
                            ? decode_pnm(path, bytes, size, &r, error)
                            : decode_stb(path, header, bytes, size, &r, error);
    if (status != NST_OK)
        goto cleanup;
    bool sideways = nst_orientation_is_sideways(info->orientation);
    info->has_alpha = r.channels == 2 || r.channels == 4;
    status = nst_image_create(sideways ? r.height : r.width, sideways ? r.width : r.height,
                              info->has_alpha, out, error);
    if (status != NST_OK)
        goto cleanup;
    profile = nst_profile_open(header->format, bytes, size, r.channels, r.bits);
    if (profile && !(converted = malloc((size_t)r.width * 3 * sizeof *converted))) {
        status = nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for its colour profile", path);
        nst_image_destroy(out);
        goto cleanup;
    }
    info->profile_applied = profile != NULL;
    unpack(&r, info->orientation, profile, converted, out);
cleanup:
    free(converted);
    nst_profile_close(profile);
    free(r.samples);
    return status;
}

static void describe(const nst_header *header, const unsigned char *bytes, size_t size,
                     nst_file_info *out)
{
    int orientation = nst_orientation_read(header->format, bytes, size);
    bool sideways = nst_orientation_is_sideways(orientation);
    *out = (nst_file_info){.format = header->format,
                           .width = sideways ? header->height : header->width,
                           .height = sideways ? header->width : header->height,
                           .bits = header->bits,
                           .has_alpha = header->has_alpha,
                           .orientation = orientation};
}

static const char *name_of(const char *path)
{
    return nst_path_input_name(path);
}

nst_status nst_image_probe(const char *path, nst_file_info *info, nst_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_header header;
    nst_status status = nst_source_read(path, &bytes, &size, error);
    if (status == NST_OK)
        status = nst_header_read(name_of(path), bytes, size, &header, error);
    if (status == NST_OK)
        describe(&header, bytes, size, info);
    free(bytes);
    return status;
}

nst_status nst_image_read_memory(const char *name, const unsigned char *bytes, size_t size,
                                 nst_image *out, nst_file_info *info, nst_error *error)
{
    nst_header header;
    nst_file_info facts;
    nst_image image = {0};
    nst_status status = nst_header_read(name, bytes, size, &header, error);
    if (status != NST_OK)
        return status;
    describe(&header, bytes, size, &facts);
    if ((status = decode(name, &header, bytes, size, &image, &facts, error)) != NST_OK)
        return status;
    nst_bytes_sha256(bytes, size, facts.sha256);
    *out = image;
    if (info)
        *info = facts;
    return NST_OK;
}

nst_status nst_image_read(const char *path, nst_image *out, nst_file_info *info, nst_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_status status = nst_source_read(path, &bytes, &size, error);
    if (status == NST_OK)
        status = nst_image_read_memory(name_of(path), bytes, size, out, info, error);
    free(bytes);
    return status;
}
