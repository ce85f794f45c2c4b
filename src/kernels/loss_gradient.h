/* Gradients of losses at a layer's activations, which convolutions add on the way back. */
#ifndef NST_KERNELS_LOSS_GRADIENT_H
#define NST_KERNELS_LOSS_GRADIENT_H

#include "kernels/filter.h"

/* The gradient of the losses that depend on the features f of a map y, which are y itself or wide
 * features, relu(W y + b):
 *     dL/df = sum over parts of weight (matrix f + offset), plus scale (f - target)
 *     dL/dy = dL/df, or W^T of it where f is positive
 * at each pixel. A part is one statistic of the features: one Gram or covariance matrix. */
typedef struct nst_loss_gradient_part {
    const float *matrix; /* [n][n], n = padded c of f, symmetric, in panels, see below */
    const float *offset; /* [padded c], or NULL: the mean's part in a covariance */
    const float *weight; /* [h][w] of y: where the statistic was taken; NULL counts as 1 */
} nst_loss_gradient_part;

typedef struct nst_loss_gradient {
    const nst_loss_gradient_part *parts;
    int part_count;
    const float *target; /* the data of a map shaped like f, or NULL */
    float scale;
    const nst_widening *wide; /* how f is made; NULL: f is y */
    const float *features;    /* with wide, the data of a map of f; NULL: it is made again */
} nst_loss_gradient;

/* The index of row i, column j in a part's matrix. Its columns lie in panels, as those of filters,
 * [n / panel][n][panel], so that the product reads it in order. */
static inline size_t nst_loss_gradient_index(size_t n, size_t i, size_t j)
{
    return nst_panel_index(n, n, i, j);
}

#endif
