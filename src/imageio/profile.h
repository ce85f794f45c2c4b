/* Embedded ICC profiles -> sRGB, by Little CMS. */
#ifndef NST_IMAGEIO_PROFILE_H
#define NST_IMAGEIO_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "imageio/imageio.h"

typedef struct nst_profile nst_profile;

/* Open the profile embedded in a JPEG or PNG with colour_channels 1 (grey) or 3. NULL when there
 * is none, it is sRGB already, or it is not one for such pixels: the values are then taken as
 * sRGB, as browsers do. */
nst_profile *nst_profile_open(nst_format format, const unsigned char *bytes, size_t size,
                              int colour_channels);
void nst_profile_close(nst_profile *profile); /* NULL is fine */

/* Convert pixels: in [count][colour_channels] -> out [count][3], white is 65535. */
void nst_profile_apply(const nst_profile *profile, const uint16_t *in, uint16_t *out, int count);

#endif
