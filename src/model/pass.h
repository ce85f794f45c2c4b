/* One pass of an image through the network and back.
 *
 * The network is a row of blocks, each some convolutions and, but for the last, a pooling. There
 * are two plans, with the same result to the last bit:
 *
 *   keep       every activation that the way back needs is kept;
 *   recompute  only the pooled maps are kept. A block is computed in bands of rows and computed
 *              again on the way back. Each band has a halo: rows around it that are computed for it
 *              and thrown away. A band begins where tiles do, so each pixel is the sum of the same
 *              numbers in the same order. The gradient of a pooled map overwrites it band by band.
 */
#ifndef NST_MODEL_PASS_H
#define NST_MODEL_PASS_H

#include "base/arena.h"
#include "model/model.h"

enum { NST_BLOCK_MAX = 5 };

typedef struct nst_block {
    int first, last; /* layers */
    int h, w;        /* of their maps */
    int rows;        /* of a band; h when there is only one */
    int halo;        /* rows around a band that take part in computing it; 0 with one band */
} nst_block;

/* Rows of a layer's features, valid during the call that hands them out: of its activation or,
 * where the model has a wide tap, of the wide features. */
typedef struct nst_band {
    nst_map y;
    int begin, end; /* rows of y that count; those around belong to other bands */
    int first;      /* the row of the whole map that `begin` is */
} nst_band;

/* A forward pass calls this for each kept layer and band. The bands of a layer come from top to
 * bottom and begin where the slabs of Gram matrices do. */
typedef void (*nst_show)(void *context, int layer, const nst_band *band);

/* What a block works on: whole maps, or those of a band. */
typedef struct nst_stage {
    float *x, *dx;            /* first block: [3][rows+2][w+2] network input, [3][rows][w] */
    nst_map input;            /* other blocks: the map that was pooled before */
    nst_map y[NST_LAYER_MAX]; /* activations after ReLU; data NULL where only the pooled is kept */
    nst_pooled pooled;        /* but for the last block */
    nst_map target[NST_LAYER_MAX]; /* of loss gradients, with bands */
} nst_stage;

/* Fill in the first group of fields, call nst_pass_layout on a counting arena and again on a
 * reserved one; then run any number of times without allocating. */
typedef struct nst_pass {
    const nst_model *model; /* prepared up to `deepest`, for the algorithm */
    nst_conv_algorithm algorithm;
    int h, w;          /* of the image; at least nst_pass_side_min(deepest) */
    int deepest;       /* last layer computed; one that the model has */
    unsigned kept;     /* bit l set: layer l's features are shown (nst_show) */
    unsigned targeted; /* bit l set: the loss gradient of layer l has a target */
    nst_pool pooling;  /* MAX or AVG */
    bool recompute;    /* the plan, see above */
    size_t band_bytes; /* memory that a band may take; 0: by the size of the image */
    bool forward_only; /* nst_pass_backward is never called */
    int threads;

    int block_count;
    nst_block blocks[NST_BLOCK_MAX];
    nst_pooled pooled[NST_BLOCK_MAX]; /* whole, of all blocks but the last */
    nst_stage stages[NST_BLOCK_MAX];  /* whole, with the plan keep */
    nst_map above[NST_BLOCK_MAX]; /* with recompute: rows of the input that a band overwrites and
                                     the next one needs */
    nst_arena scratch;            /* with recompute: a part of the arena, for one band at a time */
    nst_map features[NST_LAYER_MAX]; /* wide ones that are kept for the way back; data NULL where
                                        none are */
    float *wide; /* wide features that are shown, one layer and some rows at a time */
    float *workspace;
    size_t per_thread;
} nst_pass;

/* The smallest side of an image of which that layer has a pixel. */
int nst_pass_side_min(int deepest);

/* NST_ERR_ARGUMENT when the image is smaller than that. */
nst_status nst_pass_check(const nst_pass *pass, nst_error *error);

/* Height and width of a layer's map; channels of its features. */
void nst_pass_layer_size(const nst_pass *pass, int layer, int *h, int *w);

void nst_pass_layout(nst_pass *pass, nst_arena *arena);

/* Compute pixels[3][h][w] in [0,1] and hand the features of all kept layers to show_to, which may
 * be NULL. */
void nst_pass_forward(nst_pass *pass, const float *pixels, nst_show show_to, void *context);

/* Gradient at the pixels, from the losses' gradients at the features (NULL where there is none;
 * their `wide` is the model's, their `features` the pass's; only for kept layers, and for the
 * deepest; targets are data of whole maps). It follows a forward pass of the same pixels and
 * consumes its activations. gradient[3][h][w] is overwritten. */
void nst_pass_backward(nst_pass *pass, const float *pixels,
                       const nst_loss_gradient *const losses[NST_LAYER_MAX], float *gradient);

#endif
