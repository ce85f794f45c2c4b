/* Embedded ICC profiles -> sRGB, by Little CMS. */
#ifndef NST_IMAGEIO_PROFILE_H
#define NST_IMAGEIO_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "imageio/imageio.h"

typedef struct nst_profile nst_profile;

/* Open the profile embedded in a JPEG or PNG with so many channels (1 grey, 2 grey and alpha, 3
 * RGB, 4 RGB and alpha) of 8 or 16 bits. NULL when there is none, it is sRGB already, or it is not
 * one for such pixels: the values are then taken as sRGB, as browsers do. */
nst_profile *nst_profile_open(nst_format format, const unsigned char *bytes, size_t size,
                              int channels, int bits);
void nst_profile_close(nst_profile *profile); /* NULL is fine */

/* Convert pixels: in [count][channels] -> out [count][3], white is 65535. */
void nst_profile_apply(const nst_profile *profile, const void *in, uint16_t *out, int count);

#endif
