/* Small pictures, for reports and for the page of the server. */
#include "report/thumbnail.h"

#include <stdlib.h>

#include "base/image.h"
#include "imageio/imageio.h"

/* Of a small picture there are many on a page, which is to load fast. */
enum { QUALITY = 82, QUALITY_SMALL = 75, SMALL = 320 };

static void lay_on_white(nst_image *image)
{
    size_t plane = nst_pixel_count(image);
    for (size_t i = 0; i < 3 * plane; i++)
        image->rgb[i] = 1.0f + image->alpha[i % plane] * (image->rgb[i] - 1.0f);
    free(image->alpha);
    image->alpha = NULL;
}

nst_status nst_thumbnail_fit(const nst_image *image, int side, nst_image *out)
{
    const nst_options fit = {.size = side};
    int longest = image->width > image->height ? image->width : image->height;
    int width = image->width, height = image->height;
    if (side < longest)
        nst_result_size(&fit, image->width, image->height, &width, &height);
    return nst_image_resize(image, width, height, 1, out, NULL);
}

void nst_thumbnail_make(const nst_image *image, int side, nst_thumbnail *out)
{
    const nst_write_options options = {.format = NST_FORMAT_JPEG,
                                       .quality = side > SMALL ? QUALITY : QUALITY_SMALL};
    nst_image small = {0};
    nst_thumbnail_destroy(out);
    if (nst_thumbnail_fit(image, side, &small) != NST_OK)
        return;
    if (small.alpha)
        lay_on_white(&small);
    if (nst_encode(&options, &small, &out->jpeg, &out->size, NULL) == NST_OK) {
        out->width = small.width;
        out->height = small.height;
    }
    nst_image_destroy(&small);
}

void nst_thumbnail_destroy(nst_thumbnail *thumbnail)
{
    free(thumbnail->jpeg);
    *thumbnail = (nst_thumbnail){0};
}
