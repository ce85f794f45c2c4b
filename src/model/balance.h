/* The balance of losses that suits a network. */
#ifndef NST_MODEL_BALANCE_H
#define NST_MODEL_BALANCE_H

#include "model/safetensors.h"
#include "nst.h"

/* That of the VGG19 and VGG16 of Oxford. */
void nst_balance_default(nst_balance *balance);

/* Read the balance from the file's metadata. What metadata leaves out stays as *info has it. Sets
 * has_balance when there is any. info->widths must be set; NST_ERR_FORMAT when a layer is not in
 * the model. */
nst_status nst_balance_read(const nst_safetensors *file, nst_model_info *info, nst_error *error);

/* A list of layers as metadata has it, "relu1_1:0.3,relu4_1"; 512 characters are enough for any. */
enum { NST_LAYER_LIST_MAX = 512 };
void nst_balance_print_layers(const nst_layer_weight *list, int count,
                              char text[NST_LAYER_LIST_MAX]);

#endif
