#include "model/layers.h"

#include <string.h>

const nst_layer nst_layers[NST_LAYER_MAX] = {
    {"relu1_1", "features.0", false},  {"relu1_2", "features.2", true},
    {"relu2_1", "features.5", false},  {"relu2_2", "features.7", true},
    {"relu3_1", "features.10", false}, {"relu3_2", "features.12", false},
    {"relu3_3", "features.14", false}, {"relu3_4", "features.16", true},
    {"relu4_1", "features.19", false}, {"relu4_2", "features.21", false},
    {"relu4_3", "features.23", false}, {"relu4_4", "features.25", true},
    {"relu5_1", "features.28", false}, {"relu5_2", "features.30", false},
    {"relu5_3", "features.32", false}, {"relu5_4", "features.34", true},
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
