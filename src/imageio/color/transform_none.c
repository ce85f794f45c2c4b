/* nst_transform in a build without Little CMS: values are taken as sRGB, and it is known when they
 * are not. */
#include "imageio/color/color.h"

nst_transform *nst_transform_open(const nst_colorimetry *color, nst_color_kind kind, bool has_alpha,
                                  int bits, bool *ignored)
{
    (void)kind, (void)has_alpha, (void)bits;
    *ignored = color->icc || color->primaries > 2 ||
               (color->transfer > 2 && color->transfer != 13) ||
               (color->gamma > 0.0 && !nst_color_gamma_is_srgb(color->gamma)) ||
               (color->has_primaries && !nst_color_primaries_are_srgb(color->xy));
    return NULL;
}

void nst_transform_close(nst_transform *transform)
{
    (void)transform;
}

void nst_transform_apply(const nst_transform *transform, const void *samples, uint16_t *out,
                         int count)
{
    (void)transform, (void)samples, (void)out, (void)count;
}

const char *const nst_transform_library = 0;
