#include "imageio/profile.h"

#include <lcms2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "imageio/container.h"
#include "imageio/stb.h"

/* Real profiles end at about 3 MB (printers'); a compressed one cannot ask for more. */
enum { PROFILE_MAX = 1 << 24 };

struct nst_profile {
    cmsHTRANSFORM transform;
};

/* A JPEG spreads a profile over segments: "ICC_PROFILE", zero, number from 1, count, data. */
static unsigned char *gather_jpeg(const unsigned char *bytes, size_t size, size_t *length)
{
    static const char prefix[] = "ICC_PROFILE";
    enum { HEAD = sizeof prefix + 2 };
    nst_part pieces[256] = {{0}}, part;
    nst_walk walk = {bytes, size, 0};
    size_t total = 0;
    unsigned count = 0;
    while (nst_jpeg_next(&walk, &part)) {
        if (part.type != NST_JPEG_ICC || part.size < HEAD ||
            memcmp(part.data, prefix, sizeof prefix) != 0)
            continue;
        unsigned number = part.data[HEAD - 2];
        if (number == 0 || pieces[number].data)
            return NULL;
        count = part.data[HEAD - 1];
        pieces[number] = (nst_part){0, part.data + HEAD, part.size - HEAD};
        total += part.size - HEAD;
    }
    unsigned char *out = total > 0 && total <= PROFILE_MAX ? malloc(total) : NULL;
    size_t used = 0;
    for (unsigned i = 1; out && i <= count; i++) {
        if (!pieces[i].data) {
            free(out);
            return NULL;
        }
        memcpy(out + used, pieces[i].data, pieces[i].size);
        used += pieces[i].size;
    }
    *length = used;
    return out;
}

/* A PNG has it in one chunk: name, zero, method (0: zlib), data. */
static unsigned char *gather_png(const unsigned char *bytes, size_t size, size_t *length)
{
    nst_walk walk = {bytes, size, 0};
    nst_part part;
    while (nst_png_next(&walk, &part)) {
        if (part.type != NST_PNG_TYPE('i', 'C', 'C', 'P'))
            continue;
        const unsigned char *name_end = memchr(part.data, 0, part.size);
        size_t head = name_end ? (size_t)(name_end - part.data) + 2 : part.size;
        if (head >= part.size || part.size - head > PROFILE_MAX)
            return NULL;
        char *out = malloc(PROFILE_MAX);
        int got = out ? stbi_zlib_decode_buffer(out, PROFILE_MAX, (const char *)part.data + head,
                                                (int)(part.size - head))
                      : -1;
        if (got < 0) {
            free(out);
            return NULL;
        }
        *length = (size_t)got;
        return (unsigned char *)out;
    }
    return NULL;
}

/* Whether the transform leaves colours as they are, to within half a step of 8 bits. */
static bool is_identity(cmsHTRANSFORM transform, bool is_grey, int bits)
{
    static const uint8_t levels[] = {0, 32, 64, 96, 128, 160, 192, 224, 255};
    enum { STEPS = sizeof levels / sizeof levels[0] };
    for (int i = 0; i < STEPS * STEPS * STEPS; i++) {
        uint8_t in8[4] = {levels[i % STEPS], levels[i / STEPS % STEPS], levels[i / STEPS / STEPS]};
        uint16_t in16[4] = {0}, out[3];
        for (int c = 0; c < 3; c++) {
            in8[c] = in8[is_grey ? 0 : c];
            in16[c] = (uint16_t)(in8[c] * 257);
        }
        cmsDoTransform(transform, bits == 8 ? (const void *)in8 : in16, out, 1);
        for (int c = 0; c < 3; c++)
            if (abs(out[c] - in16[c]) > 128)
                return false;
    }
    return true;
}

static cmsHTRANSFORM open_transform(const unsigned char *icc, size_t length, int channels, int bits)
{
    cmsHPROFILE from = cmsOpenProfileFromMem(icc, (cmsUInt32Number)length);
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = NULL;
    bool is_grey = channels < 3;
    cmsColorSpaceSignature space = is_grey ? cmsSigGrayData : cmsSigRgbData;
    cmsUInt32Number has_alpha = channels % 2 == 0;
    cmsUInt32Number format = (is_grey ? COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1)
                                      : COLORSPACE_SH(PT_RGB) | CHANNELS_SH(3)) |
                             EXTRA_SH(has_alpha) | BYTES_SH((cmsUInt32Number)bits / 8);
    cmsUInt32Number flags = cmsFLAGS_BLACKPOINTCOMPENSATION;
    if (from && to && cmsGetColorSpace(from) == space) {
        /* What Little CMS makes of a matrix for 8 bits is fast and good. Elsewhere it would
         * optimise by a coarse table, which is wrong by up to a tenth in the dark. */
        if (bits != 8 || is_grey || !cmsIsMatrixShaper(from))
            flags |= cmsFLAGS_NOOPTIMIZE;
        transform =
            cmsCreateTransform(from, format, to, TYPE_RGB_16, INTENT_RELATIVE_COLORIMETRIC, flags);
    }
    if (from)
        cmsCloseProfile(from);
    if (to)
        cmsCloseProfile(to);
    if (transform && is_identity(transform, is_grey, bits)) {
        cmsDeleteTransform(transform);
        transform = NULL;
    }
    return transform;
}

nst_profile *nst_profile_open(nst_format format, const unsigned char *bytes, size_t size,
                              int channels, int bits)
{
    size_t length = 0;
    unsigned char *icc = format == NST_FORMAT_JPEG  ? gather_jpeg(bytes, size, &length)
                         : format == NST_FORMAT_PNG ? gather_png(bytes, size, &length)
                                                    : NULL;
    nst_profile *profile = NULL;
    cmsHTRANSFORM transform = icc ? open_transform(icc, length, channels, bits) : NULL;
    free(icc);
    if (transform && !(profile = malloc(sizeof *profile)))
        cmsDeleteTransform(transform);
    if (profile)
        profile->transform = transform;
    return profile;
}

void nst_profile_close(nst_profile *profile)
{
    if (!profile)
        return;
    cmsDeleteTransform(profile->transform);
    free(profile);
}

void nst_profile_apply(const nst_profile *profile, const void *in, uint16_t *out, int count)
{
    cmsDoTransform(profile->transform, in, out, (cmsUInt32Number)count);
}
