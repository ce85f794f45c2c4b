/* What is compared of style at one layer: for each region of the picture a matrix that says which
 * features occur together in it, wherever in it they occur. */
#ifndef NST_STYLE_TEXTURE_H
#define NST_STYLE_TEXTURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "kernels/conv.h"
#include "kernels/gram.h"
#include "model/pass.h"

/* Scratch that all layers share. */
typedef struct nst_texture_scratch {
    float *gram; /* nst_gram_workspace(widest) floats */
    bool own;    /* products as nst_gram_add says */
    int threads;
} nst_texture_scratch;

typedef struct nst_texture_region {
    float *weight;       /* [h][w], sums to 1: where in the picture; NULL: everywhere */
    double share;        /* of the layer's loss: the part of the picture that this region is */
    float *target;       /* A [n][n], n = padded channels */
    double covered;      /* sum of the shares of the styles that went into A */
    double norm;         /* |A|^2, floored */
    nst_moments moments; /* summed up during a pass */
    float *current;      /* G [n][n] */
    float *mean;         /* [n], with covariance only */
    float *matrix;       /* [n][n], the tap's */
    float *offset;       /* [n], the tap's, with covariance only */
} nst_texture_region;

typedef struct nst_texture {
    double weight; /* share of the style loss; 0: not looked at */
    nst_texture_region regions[NST_REGIONS_MAX];
    int region_count;
    int c, h, w;  /* of the layer */
    bool centred; /* covariance instead of Gram matrix */
    nst_tap_part parts[NST_REGIONS_MAX];
} nst_texture;

/* An image's texture at a layer of c channels, h x w pixels: region_count, centred and, for the
 * picture, weight are set before. With one region there is no weight plane; a texture that is only
 * measured, a style's, has no target and no tap. */
void nst_texture_layout(nst_texture *texture, int c, int h, int w, bool measured_only,
                        nst_arena *arena);

/* Shrink shares[region_count][height][width], how much each pixel of an image belongs to each
 * region, to this layer, where a pixel stands for side x side of the image's. */
void nst_texture_place(nst_texture *texture, const float *shares, int height, int width, int side);

/* Measure: clear, look at all bands of the layer, finish. */
void nst_texture_clear(nst_texture *texture);
void nst_texture_look(nst_texture *texture, const nst_band *band,
                      const nst_texture_scratch *scratch);
void nst_texture_measured(nst_texture *texture);

/* Add a measured style to the targets: to that of region r, shares[r] times the style's part for r,
 * or the whole style where it has one region only. */
void nst_texture_add(nst_texture *texture, const nst_texture *style, const double *shares);

/* After the last style. A region that is empty at this layer, in the picture or in all of its
 * styles, is left out of the loss here. */
void nst_texture_finish(nst_texture *texture);

/* sum_r share_r |G_r - A_r|^2 / |A_r|^2 of what was measured, not weighted; makes `tap` give
 * style_weight times the weight of this layer times its gradient. */
double nst_texture_loss(nst_texture *texture, double style_weight, nst_tap *tap);

#endif
