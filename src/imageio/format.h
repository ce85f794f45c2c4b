/* The formats, as a table: names, how a file is recognized, whose code reads and writes it. */
#ifndef NST_IMAGEIO_FORMAT_H
#define NST_IMAGEIO_FORMAT_H

#include "imageio/codec.h"

/* What a file looks like by its first bytes. TGA has no signature at its beginning: it is believed
 * of a file that ends with TGA 2's or is named so. */
nst_format nst_format_sniff(nst_view *view, const char *path);

/* Name of a picture format that no nst reads, recognized by its first bytes; NULL when unknown. */
const char *nst_format_foreign(nst_view *view);

/* NULL when this build has none. */
const nst_codec *nst_format_codec(nst_format format);

#endif
