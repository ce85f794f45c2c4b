/* The function that is minimised: network and losses, from pixels to a number and its gradient.
 * Definitions: weighted sum of relative content, Gram style and total-variation losses; see
 * objective.c. */
#ifndef NST_STYLE_OBJECTIVE_H
#define NST_STYLE_OBJECTIVE_H

#include "nst.h"

typedef struct nst_objective nst_objective;

/* Build the objective for images of the content's size: one allocation that later evaluations
 * live in. content and styles are already at the sizes they are to be looked at; style_weights
 * are as in nst_inputs. options are already checked. */
nst_status nst_objective_create(const nst_model *model, const nst_options *options,
                                const nst_image *content, const nst_image *styles,
                                const float *style_weights, int style_count, int threads,
                                nst_objective **out, nst_error *error);
void nst_objective_destroy(nst_objective *objective); /* NULL is fine */

/* Value and gradient at pixels[3][height][width] in [0,1]: losses and, when not NULL, gradient of
 * losses->total, same shape. NST_ERR_NUMERIC names the first layer that is not finite. */
nst_status nst_objective_evaluate(nst_objective *objective, const float *pixels, nst_losses *losses,
                                  float *gradient, nst_error *error);

#endif
