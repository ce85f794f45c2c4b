/* The codecs that there may be. Those of libraries that were not found are not compiled; then
 * NST_WITH_... is not defined. */
#ifndef NST_IMAGEIO_CODECS_CODECS_H
#define NST_IMAGEIO_CODECS_CODECS_H

#include "imageio/codec.h"

extern const nst_codec nst_codec_bmp, nst_codec_tga, nst_codec_pnm;
extern const nst_codec nst_codec_stb_jpeg, nst_codec_stb_png; /* where the next two are not */
extern const nst_codec nst_codec_jpeg, nst_codec_png;
extern const nst_codec nst_codec_webp, nst_codec_tiff, nst_codec_heif, nst_codec_avif;

#endif
