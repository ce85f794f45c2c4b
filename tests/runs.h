/* Runs that are as short as they can be. */
#ifndef NST_TESTS_RUNS_H
#define NST_TESTS_RUNS_H

#include <math.h>

#include "nst.h"

/* A picture of waves that lie closer the larger `kind` is. */
static inline nst_image waves(int width, int height, double kind)
{
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (int i = 0; i < 3 * width * height; i++)
        image.rgb[i] = (float)(0.5 + 0.5 * sin(kind * (i % width) + 0.3 * (i / width)));
    return image;
}

/* Two scales by one thread. With a model its own balance is filled in; NULL leaves that to the run.
 */
static inline nst_options short_options(const nst_model *model, int size, int iterations,
                                        int coarse_iterations)
{
    nst_options options;
    nst_options_default(&options);
    if (model)
        nst_options_resolve(&options, model);
    options.size = size;
    options.scales = 2;
    options.iterations = iterations;
    options.coarse_iterations = coarse_iterations;
    options.threads = 1;
    return options;
}

/* A run that must succeed; the result is the caller's to destroy. */
static inline nst_image stylized(const nst_model *model, const nst_options *options,
                                 const nst_inputs *inputs)
{
    nst_image result = {0};
    nst_error error = {0};
    if (nst_stylize(model, inputs, options, NULL, NULL, &result, NULL, &error) != NST_OK)
        fail_msg("%s", error.message);
    return result;
}

#endif
