/* nst_features_create: the features of a layer in plain order. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "image/check.h"
#include "kernels/map.h"
#include "measure/probe.h"

/* From groups of channels to planes, without borders. */
static void copy_maps(const nst_map *from, float *to)
{
    size_t plane = (size_t)from->h * (size_t)from->w;
    for (int c = 0; c < from->c; c++)
        for (int y = 0; y < from->h; y++) {
            const float *row = nst_map_at(from, c / NST_GROUP, y, 0) + c % NST_GROUP;
            for (int x = 0; x < from->w; x++)
                to[(size_t)c * plane + (size_t)y * (size_t)from->w + (size_t)x] =
                    row[(size_t)x * NST_GROUP];
        }
}

static nst_status create(const nst_model *model, const nst_image *image, int layer, int threads,
                         nst_features *out, nst_error *error)
{
    nst_probe probe;
    nst_features f = {0};
    float *padded = NULL;
    if (!nst_layer_name(layer))
        return nst_fail(error, NST_ERR_ARGUMENT, "there is no layer number %d", layer);
    nst_status status =
        nst_probe_create(model, image, "an image", 1u << layer, threads, &probe, error);
    if (status != NST_OK)
        return status;
    const nst_map *map = nst_probe_map(&probe, layer);
    size_t channels = (size_t)map->c, row = (size_t)nst_padded(map->c);
    f = (nst_features){.channels = map->c, .width = map->w, .height = map->h};
    /* No larger than the map itself, whose size was checked. */
    f.maps = malloc(channels * (size_t)map->h * (size_t)map->w * sizeof *f.maps);
    f.gram = malloc(channels * channels * sizeof *f.gram);
    if (!f.maps || !f.gram) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    if ((status = nst_probe_gram(&probe, layer, &padded, error)) != NST_OK)
        goto cleanup;
    copy_maps(map, f.maps);
    for (size_t c = 0; c < channels; c++)
        memcpy(f.gram + c * channels, padded + c * row, channels * sizeof *f.gram);
    *out = f;
cleanup:
    if (status != NST_OK)
        nst_features_destroy(&f);
    free(padded);
    nst_probe_destroy(&probe);
    return status;
}

nst_status nst_features_create(const nst_model *model, const nst_image *image, int layer,
                               int threads, nst_features *out, nst_error *error)
{
    nst_work work;
    nst_status status;
    if ((status = nst_check_given("the model", model, error)) != NST_OK ||
        (status = nst_check_image("an image", image, error)) != NST_OK ||
        (status = nst_check_threads(threads, error)) != NST_OK ||
        (status = nst_work_begin(threads, &work, error)) != NST_OK)
        return status;
    status = create(model, image, layer, work.threads, out, error);
    nst_work_end(&work);
    return status;
}

void nst_features_destroy(nst_features *features)
{
    if (!features)
        return;
    free(features->maps);
    free(features->gram);
    *features = (nst_features){0};
}
