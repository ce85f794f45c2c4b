/* The targets of the style loss: each style is measured by a pass of its own, or was by an earlier
 * run. */
#ifndef NST_STYLE_TARGETS_H
#define NST_STYLE_TARGETS_H

#include "style/scene.h"
#include "style/statistic.h"

/* Fill in the targets of the picture's style statistics from all styles of the scene; statistics of
 * weight 0 have none. Model, pooling, threads and plan are those of `pass`, the picture's. The
 * styles' passes use `arena` one after the other; it is rewound before and after. */
nst_status nst_targets_add(const nst_pass *pass, const nst_scene *scene,
                           const nst_statistic_scratch *scratch, nst_arena *arena,
                           nst_statistic statistics[NST_LAYER_MAX], nst_error *error);

/* Bytes that nst_targets_add takes, beside the statistics and one style's resized image, when no
 * matrices are kept. SIZE_MAX when they overflow. */
size_t nst_targets_bytes(const nst_pass *pass, const nst_scene *scene,
                         const nst_statistic statistics[NST_LAYER_MAX]);

#endif
