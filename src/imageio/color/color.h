/* What the numbers of a picture mean, and turning them into sRGB. */
#ifndef NST_IMAGEIO_COLOR_COLOR_H
#define NST_IMAGEIO_COLOR_COLOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum nst_color_kind { NST_COLOR_GREY = 0, NST_COLOR_RGB, NST_COLOR_CMYK } nst_color_kind;

static inline int nst_color_channels(nst_color_kind kind)
{
    return kind == NST_COLOR_GREY ? 1 : kind == NST_COLOR_RGB ? 3 : 4;
}

/* What a file says of its colors. All zeros: nothing, which is taken as sRGB. The profile wins over
 * the code points, these over gamma and primaries. */
typedef struct nst_colorimetry {
    const void *icc; /* an ICC profile; belongs to whoever made this */
    size_t icc_size;
    int primaries, transfer; /* code points of ITU-T H.273; 0 and 2 say nothing */
    double gamma;            /* 2.2 is that of sRGB; 0 when the file does not say */
    bool has_primaries;
    double xy[8]; /* white, red, green, blue: CIE x and y of each */
} nst_colorimetry;

typedef struct nst_transform nst_transform;

/* The conversion to sRGB for rows of these samples. NULL when there is nothing to convert: the
 * colors are sRGB's, to within half a step of 8 bits, or the profile is not one for such pixels,
 * and the values are taken as sRGB, as browsers do. *ignored is set when this build cannot convert
 * what should be. */
nst_transform *nst_transform_open(const nst_colorimetry *color, nst_color_kind kind, bool has_alpha,
                                  int bits, bool *ignored);
void nst_transform_close(nst_transform *transform); /* NULL is fine */

/* Convert pixels: samples of the kind -> out [count][3], white is 65535. */
void nst_transform_apply(const nst_transform *transform, const void *samples, uint16_t *out,
                         int count);

extern const char *const nst_transform_library; /* "Little CMS 2.14", or NULL where there is none */

/* ---- what files say -------------------------------------------------------------------------- */

/* White and primaries by their code point in ITU-T H.273 table 2; false for those that it does not
 * name or that pictures do not use. */
bool nst_color_primaries(int code, double xy[8]);

/* Light, 0 to 1, of a signal value, 0 to 1, by the code point of its transfer in ITU-T H.273 table
 * 3. Those of television are taken as sRGB's, as browsers do. What is brighter than the white of
 * diffuse surfaces (203 cd/m2, ITU-R BT.2408) in PQ and HLG is cut off. NAN when unknown. */
double nst_color_light(int transfer, double value);

/* Whether a gamma is so near to 2.2 that the file means sRGB: PNG says 1/0.45455 for it. */
bool nst_color_gamma_is_srgb(double gamma);

/* Whether primaries are sRGB's, as far as they matter. */
bool nst_color_primaries_are_srgb(const double xy[8]);

/* The ICC profile that is put into results: sRGB, of version 4, the same bytes always. */
enum { NST_SRGB_PROFILE_MAX = 1024 };
size_t nst_srgb_profile(unsigned char out[NST_SRGB_PROFILE_MAX]);

#endif
