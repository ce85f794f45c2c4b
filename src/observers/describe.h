/* The facts that -v tells. */
#ifndef NST_OBSERVERS_DESCRIBE_H
#define NST_OBSERVERS_DESCRIBE_H

#include "imageio/imageio.h"
#include "nst.h"

void nst_describe_model(const char *name, const nst_model *model);
void nst_describe_picture(const char *what, const char *path, const nst_file_info *info);

/* The regions of a mask; nothing when it is none, which the run will find. */
void nst_describe_mask(const char *what, const char *path, const nst_image *mask);

/* How the run will use memory; nothing when it cannot, which the run will find. */
void nst_describe_memory(const nst_model *model, const nst_inputs *inputs,
                         const nst_options *options);

#endif
