/* What nst_model is made of. */
#ifndef NST_MODEL_MODEL_H
#define NST_MODEL_MODEL_H

#include "base/arena.h"
#include "kernels/conv.h"
#include "kernels/pixels.h"
#include "model/layers.h"
#include "nst.h"

/* Weights in the order in which convolutions read them. Made when a run first needs them, then
 * shared. */
typedef struct nst_prepared nst_prepared;

struct nst_model {
    nst_arena memory; /* of the weights and biases */
    nst_network network;
    nst_model_info info;
    nst_transform transform;
    nst_conv_algorithm algorithm;       /* of runs that name no other */
    float *weights[NST_LAYER_MAX];      /* [out][in][3][3] as in the file */
    float *bias[NST_LAYER_MAX];         /* [padded out], 64-byte aligned */
    float *wide_weights[NST_LAYER_MAX]; /* [wide][out] of wide taps, as in the file, or NULL */
    float *wide_bias[NST_LAYER_MAX];    /* [wide] */
    nst_first_layer first;
    nst_prepared *prepared;
};

/* As nst_model_open, with the algorithm of all convolutions but the first. */
nst_status nst_model_open_with(const char *path, nst_conv_algorithm algorithm, nst_model **out,
                               nst_error *error);

/* The layer whose features, pooled where a block ends, are the input of this one; -1 for the
 * first. */
int nst_model_before(const nst_model *model, int layer);

/* Channels that losses see of a layer: its wide tap's, or its own where it has none. */
int nst_model_features(const nst_model *model, int layer);

/* Prepare the filters of layers 1..deepest for an algorithm, with `backward` also those of the way
 * back, and the wide taps of layers 0..deepest. Thread-safe: one caller prepares, the others wait.
 * NST_STOPPED when the calling thread's work is cancelled; what is not whole then is made by
 * whoever comes next. */
nst_status nst_model_prepare(const nst_model *model, nst_conv_algorithm algorithm, int deepest,
                             bool backward, int threads, nst_error *error);

/* Bytes that nst_model_prepare would allocate, for both directions; what is ready is not
 * counted. */
size_t nst_model_prepared_bytes(const nst_model *model, nst_conv_algorithm algorithm, int deepest);

/* Bytes of all that nst_model_prepare makes without `backward`, ready or not. */
size_t nst_model_forward_bytes(const nst_model *model, nst_conv_algorithm algorithm, int deepest);

/* The prepared filters of a layer from 1 on. */
const nst_filter *nst_model_forward_filter(const nst_model *model, nst_conv_algorithm algorithm,
                                           int layer);
const nst_filter *nst_model_backward_filter(const nst_model *model, nst_conv_algorithm algorithm,
                                            int layer);

/* A layer's prepared wide tap; NULL where it has none. */
const nst_widening *nst_model_widening(const nst_model *model, int layer);

#endif
