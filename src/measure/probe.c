#include "measure/probe.h"

#include <stdlib.h>

#include "base/aligned.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "kernels/gram.h"
#include "model/layers.h"

static nst_status check(const nst_model *model, const nst_image *image, const char *what,
                        unsigned layers, int *deepest, nst_error *error)
{
    *deepest = -1;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        if (!(layers >> i & 1))
            continue;
        if (model->info.widths[i] == 0)
            return nst_fail(
                error, NST_ERR_ARGUMENT, "%s is not in the model, a %s whose deepest layer is %s",
                nst_layers[i].name, model->info.network, nst_layers[model->info.layers - 1].name);
        *deepest = i;
    }
    if (*deepest < 0 || layers >> NST_LAYER_MAX != 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected at least one layer of 0 to %d",
                        NST_LAYER_MAX - 1);
    int side = nst_pass_side_min(*deepest);
    if (image->width < side || image->height < side)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s of %dx%d pixels: too small for %s, which needs %d each way", what,
                        image->width, image->height, nst_layers[*deepest].name, side);
    return NST_OK;
}

/* A pass in bands: of layers that were not asked for, only pooled maps are whole. */
static nst_probe describe(const nst_model *model, int width, int height, unsigned layers,
                          int deepest, int threads)
{
    return (nst_probe){
        .pass = {
            .model = model,
            .algorithm = model->algorithm,
            .h = height,
            .w = width,
            .deepest = deepest,
            .kept = layers,
            .recompute = true,
            .forward_only = true,
            .pooling = model->info.pooling == NST_POOLING_AVG ? NST_POOL_AVG : NST_POOL_MAX,
            .threads = threads,
        }};
}

static void layout(nst_probe *probe)
{
    nst_pass_layout(&probe->pass, &probe->arena);
    for (int i = 0; i <= probe->pass.deepest; i++) {
        int c = nst_model_features(probe->pass.model, i), h, w;
        if (!(probe->pass.kept >> i & 1))
            continue;
        nst_pass_layer_size(&probe->pass, i, &h, &w);
        probe->maps[i] =
            (nst_map){nst_arena_floats(&probe->arena, nst_map_floats(c, h, w)), c, h, w};
    }
}

static void keep(void *context, int layer, const nst_band *band)
{
    nst_probe *probe = context;
    nst_map_copy_rows(&band->y, band->begin, &probe->maps[layer], band->first,
                      band->end - band->begin, probe->pass.threads);
}

const nst_map *nst_probe_map(const nst_probe *probe, int layer)
{
    return &probe->maps[layer];
}

nst_status nst_probe_create(const nst_model *model, const nst_image *image, const char *what,
                            unsigned layers, int threads, nst_probe *out, nst_error *error)
{
    nst_status status;
    int deepest;
    if ((status = check(model, image, what, layers, &deepest, error)) != NST_OK ||
        (status = nst_model_prepare(model, model->algorithm, deepest, false, threads, error)) !=
            NST_OK)
        return status;
    nst_probe probe = describe(model, image->width, image->height, layers, deepest, threads);
    layout(&probe);
    uint64_t limit = nst_memory_share(nst_memory_available());
    if (probe.arena.used > limit) {
        char needed[NST_MEMORY_TEXT_MAX], allowed[NST_MEMORY_TEXT_MAX];
        return nst_fail(
            error, NST_ERR_MEMORY,
            "%s of %dx%d pixels needs %s of memory, %s may be used; a smaller size would fit", what,
            image->width, image->height, nst_memory_text((double)probe.arena.used, needed),
            nst_memory_text((double)limit, allowed));
    }
    if ((status = nst_arena_reserve(&probe.arena, "looking at an image of this size", threads,
                                    error)) != NST_OK)
        return status;
    layout(&probe);
    nst_pass_forward(&probe.pass, image->rgb, keep, &probe);
    for (int i = 0; i <= deepest; i++)
        if (layers >> i & 1 && !nst_map_finite(nst_probe_map(&probe, i))) {
            nst_probe_destroy(&probe);
            return nst_fail(error, NST_ERR_NUMERIC, "the features of %s are not finite",
                            nst_layers[i].name);
        }
    *out = probe;
    return NST_OK;
}

/* Bytes that the Gram matrix of the widest layer takes: sums, workspace and the matrix. */
static uint64_t gram_bytes(const nst_model *model, unsigned layers)
{
    uint64_t most = 0;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        int c = nst_model_features(model, i);
        uint64_t n = (uint64_t)nst_padded(c);
        if (!(layers >> i & 1))
            continue;
        uint64_t bytes =
            n * n * (sizeof(double) + 2 * sizeof(float)) + nst_gram_workspace(c) * sizeof(float);
        most = bytes > most ? bytes : most;
    }
    return most;
}

uint64_t nst_look_model_bytes(const nst_model *model, unsigned layers)
{
    int deepest = -1;
    for (int i = 0; i < NST_LAYER_MAX; i++)
        if (layers >> i & 1)
            deepest = i;
    return model ? nst_model_forward_bytes(model, model->algorithm, deepest) : 0;
}

uint64_t nst_look_bytes(const nst_model *model, int width, int height, unsigned layers, int threads)
{
    int deepest;
    const nst_image image = {.width = width, .height = height};
    if (!model || check(model, &image, "an image", layers, &deepest, NULL) != NST_OK)
        return 0;
    nst_probe probe = describe(model, width, height, layers, deepest,
                               threads > 0 ? threads : nst_parallel_cores());
    layout(&probe);
    return probe.arena.overflow ? UINT64_MAX : probe.arena.used + gram_bytes(model, layers);
}

void nst_probe_destroy(nst_probe *probe)
{
    nst_arena_release(&probe->arena);
}

nst_status nst_probe_gram(const nst_probe *probe, int layer, float **gram, nst_error *error)
{
    const nst_map *map = nst_probe_map(probe, layer);
    size_t n = (size_t)nst_padded(map->c);
    float *out = malloc(n * n * sizeof *out);
    nst_moments moments = {.products = calloc(n * n, sizeof(double))};
    float *workspace = nst_aligned_alloc(nst_gram_workspace(map->c), sizeof *workspace);
    nst_status status = NST_OK;
    if (!out || !moments.products || !workspace) {
        free(out);
        out = NULL;
        status = nst_fail_memory(error);
    } else {
        nst_gram_add(map, 0, map->h, NULL, nst_conv_is_own(probe->pass.algorithm), &moments,
                     workspace, probe->pass.threads);
        nst_gram_finish(&moments, map->c, 1.0 / ((double)map->h * (double)map->w), out, NULL,
                        probe->pass.threads);
    }
    free(workspace);
    free(moments.products);
    *gram = out;
    return status;
}
