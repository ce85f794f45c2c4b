/* nst_transform by Little CMS. */
#include <lcms2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "imageio/color/color.h"

struct nst_transform {
    cmsHTRANSFORM lcms;
};

/* ---- profiles -------------------------------------------------------------------------------- */

/* Light of a value. A gamma is relative to that of sRGB, which is 2.2 to those who write it. */
static double light(const nst_colorimetry *color, double value)
{
    enum { SRGB = 13 };
    double by_code = nst_color_light(color->transfer, value);
    if (color->gamma > 0.0)
        return nst_color_light(SRGB, pow(value, color->gamma / 2.2));
    return by_code >= 0.0 ? by_code : nst_color_light(SRGB, value);
}

static cmsToneCurve *curve_of(const nst_colorimetry *color)
{
    enum { STEPS = 4096 };
    cmsUInt16Number *table = malloc(STEPS * sizeof *table);
    cmsToneCurve *curve = NULL;
    for (int i = 0; table && i < STEPS; i++)
        table[i] = (cmsUInt16Number)lround(65535.0 * light(color, (double)i / (STEPS - 1)));
    if (table)
        curve = cmsBuildTabulatedToneCurve16(NULL, STEPS, table);
    free(table);
    return curve;
}

static cmsHPROFILE made_profile(const nst_colorimetry *color, nst_color_kind kind)
{
    double xy[8];
    cmsToneCurve *curve = curve_of(color), *curves[] = {curve, curve, curve};
    cmsHPROFILE profile = NULL;
    if (!nst_color_primaries(color->primaries, xy))
        nst_color_primaries(1, xy);
    if (color->has_primaries)
        for (int i = 0; i < 8; i++)
            xy[i] = color->xy[i];
    const cmsCIExyY white = {xy[0], xy[1], 1.0};
    const cmsCIExyYTRIPLE primaries = {
        {xy[2], xy[3], 1.0}, {xy[4], xy[5], 1.0}, {xy[6], xy[7], 1.0}};
    if (curve && kind == NST_COLOR_RGB)
        profile = cmsCreateRGBProfile(&white, &primaries, curves);
    else if (curve && kind == NST_COLOR_GREY)
        profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    if (curve)
        cmsFreeToneCurve(curve);
    return profile;
}

static bool says_something(const nst_colorimetry *color)
{
    return color->primaries > 2 || color->transfer > 2 || color->gamma > 0.0 ||
           color->has_primaries;
}

/* Our own results say so, and there is nothing to find out by trying. */
static bool is_srgb(const nst_colorimetry *color)
{
    unsigned char known[NST_SRGB_PROFILE_MAX];
    size_t size = nst_srgb_profile(known);
    return color->icc && color->icc_size == size && memcmp(color->icc, known, size) == 0;
}

/* The profile that the values are to be read by; NULL when they are sRGB's. */
static cmsHPROFILE source(const nst_colorimetry *color, nst_color_kind kind)
{
    static const cmsColorSpaceSignature spaces[] = {cmsSigGrayData, cmsSigRgbData, cmsSigCmykData};
    cmsHPROFILE profile = color->icc && color->icc_size <= UINT32_MAX
                              ? cmsOpenProfileFromMem(color->icc, (cmsUInt32Number)color->icc_size)
                              : NULL;
    if (profile && cmsGetColorSpace(profile) != spaces[kind]) {
        cmsCloseProfile(profile);
        profile = NULL;
    }
    if (!profile && !color->icc && says_something(color))
        profile = made_profile(color, kind);
    return profile;
}

/* ---- transform ------------------------------------------------------------------------------- */

/* Whether the transform leaves colors as they are, to within half a step of 8 bits. */
static bool is_identity(cmsHTRANSFORM transform, bool is_grey, int bits)
{
    static const uint8_t levels[] = {0, 32, 64, 96, 128, 160, 192, 224, 255};
    enum { STEPS = sizeof levels / sizeof levels[0] };
    for (int i = 0; i < STEPS * STEPS * STEPS; i++) {
        uint8_t in8[5] = {levels[i % STEPS], levels[i / STEPS % STEPS], levels[i / STEPS / STEPS]};
        uint16_t in16[5] = {0}, out[3];
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

nst_transform *nst_transform_open(const nst_colorimetry *color, nst_color_kind kind, bool has_alpha,
                                  int bits, bool *ignored)
{
    static const cmsUInt32Number spaces[] = {PT_GRAY, PT_RGB, PT_CMYK};
    cmsHPROFILE from = is_srgb(color) ? NULL : source(color, kind),
                to = from ? cmsCreate_sRGBProfile() : NULL;
    cmsHTRANSFORM lcms = NULL;
    cmsUInt32Number format = COLORSPACE_SH(spaces[kind]) |
                             CHANNELS_SH((cmsUInt32Number)nst_color_channels(kind)) |
                             EXTRA_SH(has_alpha ? 1u : 0u) | BYTES_SH((cmsUInt32Number)bits / 8);
    cmsUInt32Number flags = cmsFLAGS_BLACKPOINTCOMPENSATION;
    nst_transform *transform = NULL;
    *ignored = false;
    if (from && to) {
        /* What Little CMS makes of a matrix for 8 bits is fast and good. Elsewhere it would
         * optimize by a coarse table, which is wrong by up to a tenth in the dark. */
        if (bits != 8 || kind != NST_COLOR_RGB || !cmsIsMatrixShaper(from))
            flags |= cmsFLAGS_NOOPTIMIZE;
        lcms =
            cmsCreateTransform(from, format, to, TYPE_RGB_16, INTENT_RELATIVE_COLORIMETRIC, flags);
    }
    if (from)
        cmsCloseProfile(from);
    if (to)
        cmsCloseProfile(to);
    bool keep =
        lcms && (kind == NST_COLOR_CMYK || !is_identity(lcms, kind == NST_COLOR_GREY, bits));
    if (keep && (transform = malloc(sizeof *transform)))
        transform->lcms = lcms;
    else if (lcms)
        cmsDeleteTransform(lcms);
    return transform;
}

void nst_transform_close(nst_transform *transform)
{
    if (!transform)
        return;
    cmsDeleteTransform(transform->lcms);
    free(transform);
}

void nst_transform_apply(const nst_transform *transform, const void *samples, uint16_t *out,
                         int count)
{
    cmsDoTransform(transform->lcms, samples, out, (cmsUInt32Number)count);
}

const char *const nst_transform_library = "Little CMS " NST_LCMS_VERSION;
