/* VGG19 as data: which layers there are, what they are called, where pooling comes between.
 * Simonyan and Zisserman 2014, Very Deep Convolutional Networks for Large-Scale Image Recognition,
 * configuration E. Widths are not here: they come from the weights file. */
#ifndef NST_MODEL_LAYERS_H
#define NST_MODEL_LAYERS_H

#include <stdbool.h>

#include "nst.h"

typedef struct nst_layer {
    const char *name;   /* of the features after its ReLU, "relu1_1" */
    const char *tensor; /* torchvision's name without ".weight", "features.0" */
    bool pooled;        /* a 2x2 pooling follows */
} nst_layer;

extern const nst_layer nst_layers[NST_LAYER_MAX];

#endif
