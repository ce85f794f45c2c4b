/* The formats, as a table: how a file is recognised, how a picture is encoded. */
#ifndef NST_IMAGEIO_FORMAT_H
#define NST_IMAGEIO_FORMAT_H

#include "imageio/imageio.h"

/* What bytes look like. TGA has no signature at its beginning: it is believed of a file that ends
 * with TGA 2's or is named so. */
nst_format nst_format_sniff(const unsigned char *bytes, size_t size, const char *path);

/* Name of a picture format that is not read, recognised by its first bytes; NULL when unknown. */
const char *nst_format_foreign(const unsigned char *bytes, size_t size);

bool nst_format_has_alpha(nst_format format); /* carries transparency when written */

/* Encode a picture; values are clamped to [0,1] and rounded to 8 bits. *out is malloc'ed. Fails
 * when memory runs out or the picture is larger than the encoder can count. */
nst_status nst_encode(const nst_write_options *options, const nst_image *image, unsigned char **out,
                      size_t *size, nst_error *error);

#endif
