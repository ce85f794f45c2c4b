/* The style statistic of one layer: for each region of the picture, a matrix that says how strongly
 * features occur together in it. */
#ifndef NST_STYLE_STATISTIC_H
#define NST_STYLE_STATISTIC_H

#include <stdbool.h>

#include "base/arena.h"
#include "kernels/conv.h"
#include "kernels/gram.h"
#include "model/pass.h"

/* Scratch that all layers share. */
typedef struct nst_statistic_scratch {
    float *gram;   /* nst_gram_workspace(widest) floats */
    double *bures; /* with transport, nst_statistic_transport_workspace(widest) doubles */
    bool own;      /* products as nst_gram_add says */
    int threads;
} nst_statistic_scratch;

typedef struct nst_statistic_region {
    float *weight;       /* [h][w], sums to 1: of each pixel in the region; NULL: all alike */
    double share;        /* of the layer's loss: the region's part of the picture */
    float *target;       /* A [n][n], n = padded channels */
    double covered;      /* sum of the shares of the styles that went into A */
    float *target_mean;  /* [n], with transport only */
    double *root;        /* [c][c], of A with a ridge, with transport only */
    double trace, ridge; /* trace: of A with the ridge; ridge: added to variances */
    double norm;         /* what the distance is divided by */
    nst_moments moments; /* summed up during a pass */
    float *current;      /* G [n][n] */
    float *mean;         /* [n], with covariance only */
    float *matrix;       /* [n][n], the loss gradient's */
    float *offset;       /* [n], the loss gradient's, with covariance only */
} nst_statistic_region;

typedef struct nst_statistic {
    double weight; /* share of the style loss; 0: not compared */
    nst_statistic_region regions[NST_REGIONS_MAX];
    int region_count;
    int c, h, w;    /* of the layer */
    bool centered;  /* covariance instead of Gram matrix */
    bool transport; /* centered, and compared by the Wasserstein-2 distance, with the means */
    nst_loss_gradient_part parts[NST_REGIONS_MAX];
} nst_statistic;

/* An image's statistic at a layer of c channels, h x w pixels: region_count, centered and, for the
 * picture, weight and transport are set before. With one region there is no weight plane; a
 * statistic that is only measured, a style's, has no target and no loss gradient. */
void nst_statistic_layout(nst_statistic *statistic, int c, int h, int w, bool measured_only,
                          nst_arena *arena);

/* Set the weights of regions from shares[region_count][height][width], how much each pixel of an
 * image belongs to each region. A pixel of this layer covers side x side pixels of the image. */
void nst_statistic_place(nst_statistic *statistic, const float *shares, int height, int width,
                         int side);

/* To measure: clear; sum for each band of the layer; measured. */
void nst_statistic_clear(nst_statistic *statistic, int threads);
void nst_statistic_sum(nst_statistic *statistic, const nst_band *band,
                       const nst_statistic_scratch *scratch);
void nst_statistic_measured(nst_statistic *statistic, int threads);

/* Add a measured style to the targets: to that of region r, shares[r] times the style's matrix of
 * region r, or its only matrix when it has one region. */
void nst_statistic_add(nst_statistic *statistic, const nst_statistic *style, const double *shares);

/* Doubles of scratch->bures for c channels. */
size_t nst_statistic_transport_workspace(int c);

/* To be called after the last style. A region that has no pixel at this layer, in the picture or in
 * all of its styles, does not take part in the loss of this layer. */
void nst_statistic_finish(nst_statistic *statistic, const nst_statistic_scratch *scratch);

/* Returns sum_r share_r d(G_r, A_r) / norm_r of what was measured, without weights. Sets `gradient`
 * to the gradient of that times style_weight times the weight of this layer. */
double nst_statistic_loss(nst_statistic *statistic, double style_weight,
                          const nst_statistic_scratch *scratch, nst_loss_gradient *gradient);

#endif
