#include "style/given.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "image/check.h"
#include "style/style.h"

/* ---- completing ------------------------------------------------------------------------------ */

static nst_status check_handles(const nst_inputs *in, nst_error *error)
{
    if (in->styles || in->style_masks)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "styles by handle have their images and masks with them: expected no "
                        "others");
    for (int i = 0; i < in->style_count; i++)
        if (!in->style_handles[i])
            return nst_fail(error, NST_ERR_ARGUMENT, "style %d is missing: its handle is NULL",
                            i + 1);
    return NST_OK;
}

static nst_status take_handles(nst_given *given, nst_error *error)
{
    nst_inputs *in = &given->inputs;
    nst_status status = check_handles(in, error);
    if (status != NST_OK)
        return status;
    given->styles = calloc((size_t)in->style_count, sizeof *given->styles);
    given->masks = calloc((size_t)in->style_count, sizeof *given->masks);
    if (!given->styles || !given->masks)
        return nst_fail_memory(error);
    for (int i = 0; i < in->style_count; i++) {
        given->styles[i] = *nst_style_image(in->style_handles[i]);
        given->masks[i] = *nst_style_mask(in->style_handles[i]);
    }
    in->styles = given->styles;
    in->style_masks = given->masks;
    return NST_OK;
}

nst_status nst_given_read(const nst_inputs *in, nst_given *out, nst_error *error)
{
    nst_given given = {.styles = NULL};
    nst_status status = nst_check_given("inputs", in, error);
    if (status != NST_OK)
        return status;
    if (in->struct_size < NST_INPUTS_FIRST_SIZE || in->struct_size > sizeof given.inputs)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "inputs of %zu bytes: expected struct_size to be sizeof(nst_inputs)",
                        in->struct_size);
    memcpy(&given.inputs, in, in->struct_size);
    in = &given.inputs;
    if (!in->content || !(in->styles || in->style_handles) || in->style_count < 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected a content image and at least one style");
    if (in->style_handles)
        status = take_handles(&given, error);
    if (status == NST_OK)
        *out = given;
    else
        nst_given_destroy(&given);
    return status;
}

void nst_given_destroy(nst_given *given)
{
    free(given->styles);
    free(given->masks);
    *given = (nst_given){.styles = NULL};
}

/* ---- checking -------------------------------------------------------------------------------- */

static nst_status check_weights(const nst_inputs *in, nst_error *error)
{
    double sum = 0.0;
    for (int i = 0; i < in->style_count; i++) {
        float weight = in->style_weights ? in->style_weights[i] : 1.0f;
        if (!(weight >= 0.0f) || !isfinite(weight))
            return nst_fail(error, NST_ERR_ARGUMENT, "style weight %g: expected 0 or more",
                            (double)weight);
        sum += (double)weight;
    }
    if (!(sum > 0.0))
        return nst_fail(error, NST_ERR_ARGUMENT, "expected at least one style with a weight");
    return NST_OK;
}

nst_status nst_given_check(const nst_inputs *in, const nst_options *options, nst_error *error)
{
    char what[32];
    nst_status status;
    if ((status = nst_check_image("the content", in->content, error)) != NST_OK ||
        (in->content_mask &&
         (status = nst_check_image("the content mask", in->content_mask, error)) != NST_OK))
        return status;
    for (int i = 0; i < in->style_count; i++) {
        snprintf(what, sizeof what, "style %d", i + 1);
        if ((status = nst_check_image(what, &in->styles[i], error)) != NST_OK)
            return status;
        snprintf(what, sizeof what, "the mask of style %d", i + 1);
        if (in->style_masks && in->style_masks[i].rgb &&
            (status = nst_check_image(what, &in->style_masks[i], error)) != NST_OK)
            return status;
    }
    if (options->init == NST_INIT_IMAGE && !in->init)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected an image to start from");
    if (options->init == NST_INIT_IMAGE &&
        (status = nst_check_image("the image to start from", in->init, error)) != NST_OK)
        return status;
    for (int i = 0; i < in->style_count && !in->content_mask; i++) {
        if (in->style_masks && in->style_masks[i].rgb)
            return nst_fail(error, NST_ERR_ARGUMENT, "a style mask needs a content mask");
        if (in->style_regions && in->style_regions[i] != 0)
            return nst_fail(error, NST_ERR_ARGUMENT, "style @%d: needs a content mask",
                            in->style_regions[i]);
    }
    return check_weights(in, error);
}
