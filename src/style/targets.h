/* The targets of style: each style has a pass of its own, or was measured by an earlier run. */
#ifndef NST_STYLE_TARGETS_H
#define NST_STYLE_TARGETS_H

#include "style/scene.h"
#include "style/statistic.h"

/* Fill in the targets of the picture's style statistics (those of weight 0 belong to no layer of
 * style) from all styles of the scene. `pass` is the picture's: model, pooling, threads and plan
 * are taken from it. The styles' passes take turns in `arena`, which is rewound before and after.
 */
nst_status nst_targets_add(const nst_pass *pass, const nst_scene *scene,
                           const nst_statistic_scratch *scratch, nst_arena *arena,
                           nst_statistic statistics[NST_LAYER_MAX], nst_error *error);

/* Bytes that nst_targets_add takes beside the statistics and a style's image at its size, if none
 * is kept. SIZE_MAX when they overflow. */
size_t nst_targets_bytes(const nst_pass *pass, const nst_scene *scene,
                         const nst_statistic statistics[NST_LAYER_MAX]);

#endif
