/* How a run uses memory. This is decided from sizes before the run begins. */
#ifndef NST_STYLE_PLAN_H
#define NST_STYLE_PLAN_H

#include <stdbool.h>

#include "style/given.h"

/* Bytes that a level of this size needs, beside the caller's pictures; SIZE_MAX when they overflow.
 * The only pixels that are read are the content mask's, to count its regions; without pixels the
 * count is NST_REGIONS_MAX. */
size_t nst_level_bytes(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                       int width, int height, bool recompute);

/* nst_plan_memory for completed inputs and options that are checked and resolved. `kept` bytes are
 * left by an earlier run for this one, and so count as free. */
nst_status nst_plan_choose(const nst_model *model, const nst_inputs *inputs,
                           const nst_options *options, uint64_t kept, nst_memory *out,
                           nst_error *error);

#endif
