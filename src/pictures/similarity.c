#include "pictures/similarity.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"

static int channels_of(const nst_image *a, const nst_image *b)
{
    return a->alpha || b->alpha ? 4 : 3;
}

static double value_at(const nst_image *image, int channel, size_t pixel)
{
    if (channel < 3)
        return (double)image->rgb[(size_t)channel * nst_pixel_count(image) + pixel];
    return image->alpha ? (double)image->alpha[pixel] : 1.0;
}

/* ---- pixel by pixel -------------------------------------------------------------------------- */

/* Pixels of files are whole parts of 65535, or of 255 = 65535 / 257: rounding takes back what
 * floats lost, so that 3 levels are 3 and not 3.00001. */
static double in_levels(double difference)
{
    return nearbyint(fabs(difference) * 65535.0) / 257.0;
}

static void compare_pixels(const nst_image *a, const nst_image *b, nst_similarity *out)
{
    size_t pixels = nst_pixel_count(a);
    int channels = channels_of(a, b);
    double sum = 0.0, squares = 0.0;
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < pixels; i++) {
            double levels = in_levels(value_at(a, c, i) - value_at(b, c, i));
            sum += levels;
            squares += levels * levels;
            if (levels > out->largest) {
                out->largest = levels;
                out->channel = c;
                out->x = (int)(i % (size_t)a->width);
                out->y = (int)(i / (size_t)a->width);
            }
        }
    double count = (double)channels * (double)pixels;
    out->mean = sum / count;
    out->psnr = squares > 0.0 ? 10.0 * log10(255.0 * 255.0 * count / squares) : INFINITY;
}

/* ---- SSIM ------------------------------------------------------------------------------------ */

enum { WINDOW = 11, MOMENTS = 5 }; /* of a, b, a^2, b^2, ab */
static const double SIGMA = 1.5;

typedef struct {
    const nst_image *a, *b;
    int channel;
    int taps_x, taps_y, rows, columns; /* of windows */
    double window_x[WINDOW], window_y[WINDOW];
    double *scratch; /* [threads][MOMENTS][width] */
    double *sums;    /* [rows] of SSIM */
} ssim_run;

static int make_window(int side, double *window)
{
    int taps = side < WINDOW ? side : WINDOW;
    double sum = 0.0;
    for (int i = 0; i < taps; i++) {
        double distance = (double)i - 0.5 * (double)(taps - 1);
        window[i] = exp(-distance * distance / (2.0 * SIGMA * SIGMA));
        sum += window[i];
    }
    for (int i = 0; i < taps; i++)
        window[i] /= sum;
    return taps;
}

static double ssim_of(const double moments[MOMENTS])
{
    const double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
    double ma = moments[0], mb = moments[1];
    double va = moments[2] - ma * ma, vb = moments[3] - mb * mb, cov = moments[4] - ma * mb;
    return (2.0 * ma * mb + c1) * (2.0 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
}

/* One row of windows: down the columns first, then along the row. */
static void ssim_row(void *context, int top, int thread)
{
    const ssim_run *r = context;
    size_t width = (size_t)r->a->width;
    double *columns = r->scratch + (size_t)thread * MOMENTS * width;
    for (size_t x = 0; x < width; x++) {
        double m[MOMENTS] = {0};
        for (int i = 0; i < r->taps_y; i++) {
            size_t pixel = (size_t)(top + i) * width + x;
            double a = value_at(r->a, r->channel, pixel), b = value_at(r->b, r->channel, pixel);
            double weight = r->window_y[i];
            m[0] += weight * a;
            m[1] += weight * b;
            m[2] += weight * a * a;
            m[3] += weight * b * b;
            m[4] += weight * a * b;
        }
        for (size_t k = 0; k < MOMENTS; k++)
            columns[k * width + x] = m[k];
    }
    double sum = 0.0;
    for (int x = 0; x < r->columns; x++) {
        double m[MOMENTS] = {0};
        for (size_t k = 0; k < MOMENTS; k++)
            for (int i = 0; i < r->taps_x; i++)
                m[k] += r->window_x[i] * columns[k * width + (size_t)(x + i)];
        sum += ssim_of(m);
    }
    r->sums[top] = sum;
}

static nst_status compare_structure(const nst_image *a, const nst_image *b, double *ssim,
                                    nst_error *error)
{
    ssim_run r = {.a = a, .b = b};
    nst_status status = NST_OK;
    int threads = nst_parallel_cores(), channels = channels_of(a, b);
    r.taps_x = make_window(a->width, r.window_x);
    r.taps_y = make_window(a->height, r.window_y);
    r.columns = a->width - r.taps_x + 1;
    r.rows = a->height - r.taps_y + 1;
    r.scratch = calloc((size_t)threads * MOMENTS * (size_t)a->width, sizeof *r.scratch);
    r.sums = calloc((size_t)r.rows, sizeof *r.sums);
    if (!r.scratch || !r.sums) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    double sum = 0.0;
    for (r.channel = 0; r.channel < channels; r.channel++) {
        nst_parallel_for(r.rows, threads, ssim_row, &r);
        for (int i = 0; i < r.rows; i++)
            sum += r.sums[i];
    }
    *ssim = sum / ((double)channels * (double)r.rows * (double)r.columns);
cleanup:
    free(r.scratch);
    free(r.sums);
    return status;
}

nst_status nst_similarity_measure(const nst_image *a, const nst_image *b, nst_similarity *out,
                                  nst_error *error)
{
    *out = (nst_similarity){0};
    if (a->width != b->width || a->height != b->height)
        return nst_fail(error, NST_ERR_ARGUMENT, "%dx%d pixels, expected %dx%d", b->width,
                        b->height, a->width, a->height);
    compare_pixels(a, b, out);
    return compare_structure(a, b, &out->ssim, error);
}

nst_status nst_similarity_picture(const nst_image *a, const nst_image *b, double gain,
                                  nst_image *out, nst_error *error)
{
    nst_status status = nst_image_create(a->width, a->height, 0, out, error);
    for (size_t i = 0; status == NST_OK && i < 3 * nst_pixel_count(a); i++)
        out->rgb[i] = (float)fmin(gain * fabs((double)a->rgb[i] - (double)b->rgb[i]), 1.0);
    return status;
}
