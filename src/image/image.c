/* Images: allocation only. */
#include <stdlib.h>

#include "base/aligned.h"
#include "base/checked.h"
#include "base/error.h"

nst_status nst_image_create(int width, int height, int with_alpha, nst_image *out, nst_error *error)
{
    size_t pixels = 0, values = 0;
    nst_image image = {.width = width, .height = height};
    if (width < 1 || height < 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "an image of %dx%d pixels has none", width,
                        height);
    if (nst_mul_size((size_t)width, (size_t)height, &pixels) && nst_mul_size(pixels, 3, &values)) {
        image.rgb = calloc(values, sizeof(float));
        if (with_alpha)
            image.alpha = calloc(pixels, sizeof(float));
    }
    if (!image.rgb || (with_alpha && !image.alpha)) {
        nst_image_destroy(&image);
        return nst_fail_memory_for(error, "an image of %dx%d pixels", width, height);
    }
    nst_prefer_large_pages(image.rgb, values * sizeof(float));
    nst_prefer_large_pages(image.alpha, with_alpha ? pixels * sizeof(float) : 0);
    *out = image;
    return NST_OK;
}

void nst_image_destroy(nst_image *image)
{
    if (!image)
        return;
    free(image->rgb);
    free(image->alpha);
    *image = (nst_image){0};
}
