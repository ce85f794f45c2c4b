/* nst_image_resize. */
#include "base/error.h"
#include "base/parallel.h"
#include "kernels/resample.h"
#include "nst.h"

static void clamp(float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = values[i] < 0.0f ? 0.0f : values[i] > 1.0f ? 1.0f : values[i];
}

nst_status nst_image_resize(const nst_image *in, int width, int height, int threads, nst_image *out,
                            nst_error *error)
{
    nst_image image = {0};
    if (threads == 0)
        threads = nst_parallel_cores();
    nst_status status = nst_image_create(width, height, in->alpha != NULL, &image, error);
    size_t from = (size_t)in->width * (size_t)in->height, to = (size_t)width * (size_t)height;

    for (size_t c = 0; status == NST_OK && c < 3; c++)
        status = nst_resample(in->rgb + c * from, in->height, in->width, image.rgb + c * to, height,
                              width, threads, error);
    if (status == NST_OK && in->alpha)
        status = nst_resample(in->alpha, in->height, in->width, image.alpha, height, width, threads,
                              error);
    if (status != NST_OK) {
        nst_image_destroy(&image);
        return status;
    }
    clamp(image.rgb, 3 * to);
    if (image.alpha)
        clamp(image.alpha, to);
    *out = image;
    return NST_OK;
}
