/* stb_image, with what of it is compiled; PNM is read by pnm.c. */
#ifndef NST_IMAGEIO_STB_H
#define NST_IMAGEIO_STB_H

#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_TGA
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS 1000000 /* a side; the pixel count is checked by us */

#include <stb_image.h>

#endif
