#include "image/resize.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"
#include "image/check.h"
#include "kernels/resample.h"

/* A pixel of less alpha shows less than half a step of 8 bits; dividing by its alpha would multiply
 * rounding. */
static const float ALPHA_MIN = 0.5f / 255.0f;

typedef struct {
    const nst_image *in;
    nst_image *out;
    int threads;
    nst_error *error;
} resize;

static void clamp_span(void *context, size_t first, size_t count)
{
    float *values = (float *)context + first;
    for (size_t i = 0; i < count; i++)
        values[i] = values[i] < 0.0f ? 0.0f : values[i] > 1.0f ? 1.0f : values[i];
}

static void clamp(float *values, size_t count, int threads)
{
    nst_parallel_spans(count, threads, clamp_span, values);
}

static nst_status plane(const resize *r, const float *from, float *to)
{
    return nst_resample(from, r->in->height, r->in->width, to, r->out->height, r->out->width,
                        r->threads, r->error);
}

/* Pixels count for the result's color by their alpha: color times alpha is resampled, then divided
 * by the resampled alpha. Where the result is transparent, the color is resampled without alpha,
 * because a run paints transparent pixels too. shown has room for a plane of the input, product for
 * one of the output; the output's alpha is resampled and not clamped yet. */
static nst_status color_with_alpha(const resize *r, size_t channel, float *shown, float *product)
{
    size_t from = nst_pixel_count(r->in), to = nst_pixel_count(r->out);
    const float *color = r->in->rgb + channel * from, *alpha = r->out->alpha;
    float *out = r->out->rgb + channel * to;
    for (size_t i = 0; i < from && !nst_parallel_stops_at(i); i++)
        shown[i] = color[i] * r->in->alpha[i];
    nst_status status = plane(r, color, out);
    if (status == NST_OK)
        status = plane(r, shown, product);
    for (size_t i = 0; status == NST_OK && i < to && !nst_parallel_stops_at(i); i++)
        if (alpha[i] >= ALPHA_MIN)
            out[i] = product[i] / alpha[i];
    return status;
}

static nst_status with_alpha(const resize *r)
{
    float *shown = malloc(nst_pixel_count(r->in) * sizeof *shown);
    float *product = malloc(nst_pixel_count(r->out) * sizeof *product);
    nst_status status = shown && product ? plane(r, r->in->alpha, r->out->alpha)
                                         : nst_fail_memory_for(r->error, "%dx%d pixels",
                                                               r->out->width, r->out->height);
    for (size_t c = 0; status == NST_OK && c < 3; c++)
        status = color_with_alpha(r, c, shown, product);
    free(shown);
    free(product);
    if (status == NST_OK)
        clamp(r->out->alpha, nst_pixel_count(r->out), r->threads);
    return status;
}

static nst_status opaque(const resize *r)
{
    nst_status status = NST_OK;
    for (size_t c = 0; status == NST_OK && c < 3; c++)
        status = plane(r, r->in->rgb + c * nst_pixel_count(r->in),
                       r->out->rgb + c * nst_pixel_count(r->out));
    return status;
}

nst_status nst_image_resize_here(const nst_image *in, int width, int height, int threads,
                                 nst_image *out, nst_error *error)
{
    nst_image image = {0};
    nst_status status = nst_image_create(width, height, in->alpha != NULL, &image, error);
    const resize r = {in, &image, threads, error};
    if (status == NST_OK)
        status = in->alpha ? with_alpha(&r) : opaque(&r);
    if (status == NST_OK)
        clamp(image.rgb, 3 * nst_pixel_count(&image), threads);
    if (status == NST_OK && nst_parallel_cancelled())
        status = NST_STOPPED;
    if (status != NST_OK) {
        nst_image_destroy(&image);
        return status;
    }
    *out = image;
    return NST_OK;
}

nst_status nst_image_resize(const nst_image *in, int width, int height, int threads, nst_image *out,
                            nst_error *error)
{
    nst_work work;
    nst_status status = nst_check_size("an image", in, error);
    if (status == NST_OK)
        status = nst_check_given("its rgb", in->rgb, error);
    if (status != NST_OK || (status = nst_check_threads(threads, error)) != NST_OK ||
        (status = nst_work_begin(threads, &work, error)) != NST_OK)
        return status;
    status = nst_image_resize_here(in, width, height, work.threads, out, error);
    nst_work_end(&work);
    return status;
}
