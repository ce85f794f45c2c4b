/* stb_image, with what of it is compiled: PNG and JPEG, for builds without libpng and
 * libjpeg-turbo, and the inflating of PNG's profiles. */
#ifndef NST_IMAGEIO_CODECS_STB_H
#define NST_IMAGEIO_CODECS_STB_H

#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS 0x7fffffff /* the pixel count is checked by us */

#include <stb_image.h>

#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

/* What stb_image_write calls with the bytes of a file: adds them to an nst_buffer. */
void nst_stb_append(void *buffer, void *bytes, int count);

#endif
