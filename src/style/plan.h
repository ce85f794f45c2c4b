/* How a run uses memory: decided before it begins, from sizes alone. */
#ifndef NST_STYLE_PLAN_H
#define NST_STYLE_PLAN_H

#include <stdbool.h>

#include "style/given.h"

/* Bytes that a level of this size needs beside what the caller holds; SIZE_MAX when no machine has
 * them. Of inputs' pixels only the content mask's are looked at, to count its regions; without them
 * there are as many as there can be. */
size_t nst_level_bytes(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                       int width, int height, bool recompute);

/* nst_plan_memory of inputs in full and options that are checked and resolved. `kept` bytes are an
 * earlier run's, for this one to use: they count as free. */
nst_status nst_plan_choose(const nst_model *model, const nst_inputs *inputs,
                           const nst_options *options, uint64_t kept, nst_memory *out,
                           nst_error *error);

#endif
