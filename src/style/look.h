/* One look at an image: a forward pass with memory of its own. */
#ifndef NST_STYLE_LOOK_H
#define NST_STYLE_LOOK_H

#include "base/arena.h"
#include "model/pass.h"

typedef struct nst_look {
    nst_arena arena;
    nst_pass pass;               /* threads is resolved */
    nst_map wide[NST_LAYER_MAX]; /* features of the layers asked for that have a wide tap */
} nst_look;

/* Layers as in nst_measure. Fails when the model lacks one, the image is too small for it, or its
 * features are not finite; `what` names the image in messages. *out is to be released only on
 * NST_OK. */
nst_status nst_look_create(const nst_model *model, const nst_image *image, const char *what,
                           unsigned layers, int threads, nst_look *out, nst_error *error);
void nst_look_destroy(nst_look *look);

/* The features of a layer that was asked for. */
const nst_map *nst_look_map(const nst_look *look, int layer);

/* gram[n][n] of a layer that was asked for, n = nst_padded(channels); malloc'ed. */
nst_status nst_look_gram(const nst_look *look, int layer, float **gram, nst_error *error);

#endif
