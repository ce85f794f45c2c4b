#include "imageio/pack.h"

#include <stdlib.h>

#include "base/image.h"

void nst_pack_row(const nst_image *image, int y, bool with_alpha, int bits, void *out)
{
    size_t width = (size_t)image->width, plane = nst_pixel_count(image);
    size_t channels = with_alpha ? 4 : 3;
    float white = bits == 16 ? 65535.0f : 255.0f;
    for (size_t c = 0; c < channels; c++) {
        const float *from = (c == 3 ? image->alpha : image->rgb + c * plane) + (size_t)y * width;
        uint16_t *to16 = (uint16_t *)out + c;
        uint8_t *to8 = (uint8_t *)out + c;
        for (size_t x = 0; x < width; x++)
            if (bits == 16)
                to16[x * channels] = nst_quantize(from[x], white);
            else
                to8[x * channels] = (uint8_t)nst_quantize(from[x], white);
    }
}

void *nst_pack(const nst_image *image, bool with_alpha, int bits)
{
    size_t row = (size_t)image->width * (with_alpha ? 4 : 3) * (size_t)bits / 8;
    unsigned char *pixels = malloc(row * (size_t)image->height);
    for (int y = 0; pixels && y < image->height; y++)
        nst_pack_row(image, y, with_alpha, bits, pixels + (size_t)y * row);
    return pixels;
}
