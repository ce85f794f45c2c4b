/* nst_measure: the terms of the losses, layer by layer, without weights. */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/parallel.h"
#include "image/check.h"
#include "kernels/gram.h"
#include "measure/probe.h"
#include "model/layers.h"

static nst_status measure_style(const nst_probe *picture, const nst_probe *style, unsigned layers,
                                nst_measurement *out, nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < NST_LAYER_MAX && status == NST_OK; i++) {
        float *gram = NULL, *target = NULL;
        if (!(layers >> i & 1))
            continue;
        if ((status = nst_probe_gram(picture, i, &gram, error)) == NST_OK &&
            (status = nst_probe_gram(style, i, &target, error)) == NST_OK) {
            size_t n = (size_t)nst_padded(nst_probe_map(picture, i)->c);
            out->style[i] = nst_squared_distance(gram, target, n * n) /
                            fmax(nst_squared_distance(target, NULL, n * n), NST_LOSS_EPSILON);
        }
        free(gram);
        free(target);
    }
    return status;
}

static nst_status measure_content(const nst_probe *picture, const nst_probe *content,
                                  unsigned layers, nst_measurement *out, nst_error *error)
{
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        if (!(layers >> i & 1))
            continue;
        const nst_map *f = nst_probe_map(picture, i);
        const nst_map *p = nst_probe_map(content, i);
        int threads = picture->pass.threads;
        double *partial = malloc((size_t)f->h * sizeof *partial);
        if (!partial)
            return nst_fail_memory(error);
        double norm = nst_map_distance(p, 0, p->h, NULL, 0, 0.0, partial, threads);
        out->content[i] = nst_map_distance(f, 0, f->h, p, 0, 0.0, partial, threads) /
                          fmax(norm, NST_LOSS_EPSILON);
        free(partial);
    }
    return NST_OK;
}

static nst_status measure_variation(const nst_image *picture, int threads, nst_measurement *out,
                                    nst_error *error)
{
    double *partial = malloc((size_t)picture->height * sizeof *partial);
    if (!partial)
        return nst_fail_memory(error);
    out->tv =
        nst_variation(picture->rgb, picture->height, picture->width, 0.0f, NULL, partial, threads);
    free(partial);
    return NST_OK;
}

static nst_status check_finite(const nst_measurement *m, nst_error *error)
{
    for (int i = 0; i < NST_LAYER_MAX; i++)
        if (!isfinite(m->content[i]) || !isfinite(m->style[i]))
            return nst_fail(error, NST_ERR_NUMERIC, "the distances at %s are not finite",
                            nst_layers[i].name);
    return NST_OK;
}

static nst_status measure(const nst_model *model, const nst_image *picture,
                          const nst_image *content, const nst_image *style, unsigned layers,
                          int threads, nst_measurement *out, nst_error *error)
{
    nst_probe p = {0}, other = {0};
    nst_measurement m = {0};
    nst_status status;
    if (picture->width != content->width || picture->height != content->height)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "a content of %dx%d pixels and a picture of %dx%d: expected one size",
                        content->width, content->height, picture->width, picture->height);
    if ((status = nst_probe_create(model, picture, "a picture", layers, threads, &p, error)) !=
        NST_OK)
        return status;

    /* One after the other, so that two sets of features are in memory and not three. */
    if ((status = nst_probe_create(model, content, "a content", layers, threads, &other, error)) !=
        NST_OK)
        goto cleanup;
    status = measure_content(&p, &other, layers, &m, error);
    nst_probe_destroy(&other);
    if (status != NST_OK || (status = nst_probe_create(model, style, "a style", layers, threads,
                                                       &other, error)) != NST_OK)
        goto cleanup;
    status = measure_style(&p, &other, layers, &m, error);
    nst_probe_destroy(&other);
    if (status != NST_OK ||
        (status = measure_variation(picture, p.pass.threads, &m, error)) != NST_OK ||
        (status = check_finite(&m, error)) != NST_OK)
        goto cleanup;
    *out = m;
cleanup:
    nst_probe_destroy(&p);
    return status;
}

nst_status nst_measure(const nst_model *model, const nst_image *picture, const nst_image *content,
                       const nst_image *style, unsigned layers, int threads, nst_measurement *out,
                       nst_error *error)
{
    nst_work work;
    nst_status status;
    if ((status = nst_check_given("the model", model, error)) != NST_OK ||
        (status = nst_check_image("the picture", picture, error)) != NST_OK ||
        (status = nst_check_image("the content", content, error)) != NST_OK ||
        (status = nst_check_image("the style", style, error)) != NST_OK ||
        (status = nst_check_threads(threads, error)) != NST_OK ||
        (status = nst_work_begin(threads, &work, error)) != NST_OK)
        return status;
    status = measure(model, picture, content, style, layers, work.threads, out, error);
    nst_work_end(&work);
    return status;
}
