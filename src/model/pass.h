/* One trip of an image through the network and back. */
#ifndef NST_MODEL_PASS_H
#define NST_MODEL_PASS_H

#include "base/arena.h"
#include "model/model.h"

/* Fill in the first group of fields, call nst_pass_layout on a counting arena and again on a
 * reserved one; then run any number of times without allocating. */
typedef struct nst_pass {
    const nst_model *model; /* prepared up to `deepest` */
    int h, w;               /* of the image; at least nst_pass_side_min(deepest) */
    int deepest;            /* last layer computed; one that the model has */
    unsigned kept;          /* bit l set: layer l's activation is looked at between the passes */
    nst_pool pooling;       /* MAX or AVG */
    int threads;

    nst_map y[NST_LAYER_MAX];         /* activations after ReLU; data NULL where only the pooled
                                         ones are stored */
    nst_pooled pooled[NST_LAYER_MAX]; /* of the layers before a pooling, but the deepest */
    float *x, *dx;                    /* [3][h+2][w+2] network input, [3][h][w] its gradient */
    float *workspace;
    size_t per_thread;
} nst_pass;

/* Smallest side of an image that leaves something to see at that layer. */
int nst_pass_side_min(int deepest);

void nst_pass_layout(nst_pass *pass, nst_arena *arena);

/* Activations of all kept layers for pixels[3][h][w] in [0,1]. */
void nst_pass_forward(nst_pass *pass, const float *pixels);

/* Gradient at the pixels of losses whose gradient at the activations the taps describe (NULL where
 * there is none; only for kept layers, and for the deepest). After a forward pass, whose
 * activations it consumes: they hold gradients afterwards. gradient[3][h][w] is overwritten. */
void nst_pass_backward(nst_pass *pass, const nst_tap *const taps[NST_LAYER_MAX], float *gradient);

#endif
