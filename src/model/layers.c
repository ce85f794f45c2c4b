#include "model/layers.h"

#include <string.h>

const char *const nst_network_names[NST_NETWORK_COUNT] = {"VGG19", "VGG16"};

const nst_layer nst_layers[NST_LAYER_MAX] = {
    {"relu1_1", 1, {"features.0", "features.0"}},   {"relu1_2", 1, {"features.2", "features.2"}},
    {"relu2_1", 2, {"features.5", "features.5"}},   {"relu2_2", 2, {"features.7", "features.7"}},
    {"relu3_1", 3, {"features.10", "features.10"}}, {"relu3_2", 3, {"features.12", "features.12"}},
    {"relu3_3", 3, {"features.14", "features.14"}}, {"relu3_4", 3, {"features.16", NULL}},
    {"relu4_1", 4, {"features.19", "features.17"}}, {"relu4_2", 4, {"features.21", "features.19"}},
    {"relu4_3", 4, {"features.23", "features.21"}}, {"relu4_4", 4, {"features.25", NULL}},
    {"relu5_1", 5, {"features.28", "features.24"}}, {"relu5_2", 5, {"features.30", "features.26"}},
    {"relu5_3", 5, {"features.32", "features.28"}}, {"relu5_4", 5, {"features.34", NULL}},
};

const char *nst_layer_name(int layer)
{
    return layer >= 0 && layer < NST_LAYER_MAX ? nst_layers[layer].name : NULL;
}

int nst_layer_find(const char *name)
{
    for (int i = 0; i < NST_LAYER_MAX; i++)
        if (strcmp(name, nst_layers[i].name) == 0)
            return i;
    return -1;
}
