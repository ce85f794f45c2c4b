/* The function that is minimized: from pixels through the network to the loss and its gradient. The
 * loss is a weighted sum of relative content, style and total-variation losses; objective.c and
 * statistic.c define them. */
#ifndef NST_STYLE_OBJECTIVE_H
#define NST_STYLE_OBJECTIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "style/scene.h"

typedef struct nst_objective nst_objective;

/* Make the objective for images of the content's size. Evaluations allocate nothing more. options
 * are already checked; every region has a style with a weight. The scene is not needed afterwards.
 * NST_STOPPED, here and below, when the calling thread's work is cancelled. */
nst_status nst_objective_create(const nst_model *model, const nst_options *options,
                                const nst_scene *scene, int threads, nst_objective **out,
                                nst_error *error);
/* Bytes that nst_objective_create takes, filters included. Images need no pixels, only sizes.
 * SIZE_MAX when they overflow. */
size_t nst_objective_bytes(const nst_model *model, const nst_options *options,
                           const nst_scene *scene, int threads);

void nst_objective_destroy(nst_objective *objective); /* NULL is fine */

/* Planes of the point and its gradient: 3 of colors or, with NST_COLOR_LUMA, 1 of luminance, which
 * the network sees as grey. */
int nst_objective_planes(const nst_options *options);

/* Value and gradient at pixels[planes][height][width] in [0,1]: losses and, when not NULL, gradient
 * of losses->total, same shape. NST_ERR_NUMERIC names the first layer that is not finite. */
nst_status nst_objective_evaluate(nst_objective *objective, const float *pixels, nst_losses *losses,
                                  float *gradient, nst_error *error);

#endif
