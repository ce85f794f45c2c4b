#include "image/check.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/parallel.h"

/* Values may leave [0,1] by this: rounding of floats, which is not visible. */
static const float SLACK = 1e-4f;

nst_status nst_check_size(const char *what, const nst_image *image, nst_error *error)
{
    nst_status status = nst_check_given(what, image, error);
    if (status == NST_OK && (image->width < 1 || image->height < 1))
        status = nst_fail(error, NST_ERR_ARGUMENT, "%s of %dx%d pixels: expected at least 1x1",
                          what, image->width, image->height);
    return status;
}

static int is_fine(float value)
{
    return (value >= -SLACK) & (value <= 1.0f + SLACK); /* 0 for NaN */
}

/* Without a branch for each value, so that the check is as fast as memory. */
static bool row_is_fine(const float *row, size_t count)
{
    int fine = 1;
    for (size_t i = 0; i < count; i++)
        fine &= is_fine(row[i]);
    return fine != 0;
}

nst_status nst_check_image(const char *what, const nst_image *image, nst_error *error)
{
    nst_status status = nst_check_size(what, image, error);
    if (status != NST_OK)
        return status;
    if (!image->rgb)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s has no pixels: rgb is NULL", what);
    size_t width = (size_t)image->width, rows = 3 * (size_t)image->height;
    for (size_t row = 0; row < rows; row++) {
        const float *values = image->rgb + row * width;
        if (nst_parallel_cancelled())
            return NST_STOPPED;
        if (row_is_fine(values, width))
            continue;
        size_t x = 0;
        while (is_fine(values[x]))
            x++;
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: the value %g at %zu,%zu: expected 0 to 1",
                        what, (double)values[x], x, row % (size_t)image->height);
    }
    return NST_OK;
}

nst_status nst_check_threads(int threads, nst_error *error)
{
    return threads >= 0 && threads <= NST_THREADS_MAX
               ? NST_OK
               : nst_fail(error, NST_ERR_ARGUMENT, "threads %d: expected 0 to %d", threads,
                          NST_THREADS_MAX);
}
