/* The networks as data: which layers there are, what they are called, which tensors they take.
 * Simonyan and Zisserman 2014, Very Deep Convolutional Networks for Large-Scale Image Recognition,
 * configurations E (VGG19) and D (VGG16, which has no fourth layer in a block). Widths are not
 * here: they come from the weights file. */
#ifndef NST_MODEL_LAYERS_H
#define NST_MODEL_LAYERS_H

#include "nst.h"

typedef enum nst_network {
    NST_NETWORK_VGG19 = 0,
    NST_NETWORK_VGG16,
    NST_NETWORK_COUNT
} nst_network;

extern const char *const nst_network_names[NST_NETWORK_COUNT];

typedef struct nst_layer {
    const char *name; /* of the features after its ReLU, "relu1_1" */
    int block;        /* 1..5; a 2x2 pooling lies between two blocks */
    /* By network, torchvision's name without ".weight"; NULL where it has no such layer. */
    const char *tensor[NST_NETWORK_COUNT];
} nst_layer;

extern const nst_layer nst_layers[NST_LAYER_MAX];

/* Before a layer's name, the name of its wide tap's tensors: "taps.relu1_1.weight" [wide,out,1,1]
 * and "taps.relu1_1.bias" [wide]. */
#define NST_TAP_PREFIX "taps."

#endif
