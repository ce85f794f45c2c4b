/* What is compared of style at one layer: for each region of the picture a matrix that says which
 * features occur together in it, wherever in it they occur. */
#ifndef NST_STYLE_TEXTURE_H
#define NST_STYLE_TEXTURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "kernels/conv.h"

/* Scratch that all layers share. */
typedef struct nst_texture_scratch {
    float *gram; /* nst_gram_workspace(widest) floats */
    int threads;
} nst_texture_scratch;

typedef struct nst_texture_region {
    float *weight;  /* [h][w], sums to 1: where in the picture; NULL: everywhere */
    double share;   /* of the layer's loss: the part of the picture that this region is */
    float *target;  /* A [n][n], n = padded channels */
    double covered; /* sum of the shares of the styles that went into A */
    double norm;    /* |A|^2, floored */
    float *current; /* G [n][n], then the tap's matrix */
    float *mean;    /* [n], with covariance only */
    float *offset;  /* [n], the tap's, likewise */
} nst_texture_region;

typedef struct nst_texture {
    double weight; /* share of the style loss; 0: not looked at */
    nst_texture_region regions[NST_REGIONS_MAX];
    int region_count;
    bool centred; /* covariance instead of Gram matrix */
    nst_tap_part parts[NST_REGIONS_MAX];
} nst_texture;

/* Take memory for the picture's map; with one region there is no weight plane. */
void nst_texture_layout(nst_texture *texture, const nst_map *map, nst_arena *arena);

/* Shrink shares[region_count][h][w], how much each pixel of an image belongs to each region, to the
 * picture's map at this layer, where a pixel stands for side x side of the image's. */
void nst_texture_place(nst_texture *texture, const nst_map *map, const float *shares, int h, int w,
                       int side);

/* Add a style's features to the targets: to that of region r shares[r] times the matrix of the part
 * of the style that `parts` [region_count][style_h][style_w] gives to r, or of the whole style with
 * parts NULL. plane is scratch, a float for each pixel of the map. */
void nst_texture_add(nst_texture *texture, const nst_map *map, const double *shares,
                     const float *parts, int style_h, int style_w, int side, float *plane,
                     const nst_texture_scratch *scratch);

/* After the last style. A region that is empty at this layer, in the picture or in all of its
 * styles, is left out of the loss here. */
void nst_texture_finish(nst_texture *texture, const nst_map *map);

/* sum_r share_r |G_r - A_r|^2 / |A_r|^2 for the picture's map, not weighted; makes `tap` give
 * style_weight times the weight of this layer times its gradient. */
double nst_texture_loss(nst_texture *texture, const nst_map *map, double style_weight, nst_tap *tap,
                        const nst_texture_scratch *scratch);

#endif
