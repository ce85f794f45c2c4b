/* Layer lists: relu4_2, or with weights relu1_1:1,relu2_1:0.5. */
#ifndef NST_VALUES_LAYER_LIST_H
#define NST_VALUES_LAYER_LIST_H

#include <stddef.h>

#include "nst.h"

/* label names the option in messages. list holds NST_LAYER_MAX; on failure it is as it was. */
nst_status nst_layers_parse(const char *label, const char *text, nst_layer_weight *list, int *count,
                            nst_error *error);

enum { NST_LAYERS_TEXT_MAX = NST_LAYER_MAX * 32 };
void nst_layers_print(const nst_layer_weight *list, int count, char *text, size_t size);

#endif
