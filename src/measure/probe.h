/* A forward pass over one image, with memory of its own, to read features. */
#ifndef NST_MEASURE_PROBE_H
#define NST_MEASURE_PROBE_H

#include "base/arena.h"
#include "model/pass.h"

typedef struct nst_probe {
    nst_arena arena;
    nst_pass pass;               /* threads is 1 or more */
    nst_map maps[NST_LAYER_MAX]; /* features of the layers asked for */
} nst_probe;

/* Layers as in nst_measure. Fails when the model lacks one, the image is too small for it, or its
 * features are not finite; `what` names the image in messages. On failure there is nothing to
 * destroy. */
nst_status nst_probe_create(const nst_model *model, const nst_image *image, const char *what,
                            unsigned layers, int threads, nst_probe *out, nst_error *error);
void nst_probe_destroy(nst_probe *probe);

/* The features of a layer that was asked for. */
const nst_map *nst_probe_map(const nst_probe *probe, int layer);

/* gram[n][n] of a layer that was asked for, n = nst_padded(channels); malloc'ed. */
nst_status nst_probe_gram(const nst_probe *probe, int layer, float **gram, nst_error *error);

#endif
