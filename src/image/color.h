/* Colors of the result: statistics of colors, and moving them from one picture to another. */
#ifndef NST_IMAGE_COLOR_H
#define NST_IMAGE_COLOR_H

#include "nst.h"

/* Once the calling thread's work is cancelled, what these compute is worth nothing. */

/* Mean and covariance of an image's pixels, each weighted by its share. */
typedef struct nst_color_stats {
    double mean[3], covariance[3][3];
} nst_color_stats;

/* share [height][width] in 0..1, not all zero, or NULL for all alike. */
void nst_color_measure(const nst_image *image, const float *share, nst_color_stats *stats);

/* Statistics of the pixels of several images taken together, each image counting as much as its
 * weight, >= 0 and not all zero. */
void nst_color_pool(const nst_color_stats *stats, const double *weights, int count,
                    nst_color_stats *out);

/* A color c becomes to + matrix (c - from). */
typedef struct nst_color_map {
    double matrix[3][3], from[3], to[3];
} nst_color_map;

/* The map that makes statistics `to` of statistics `from`, by the symmetric roots of the
 * covariances. A smaller variance than that of two or three steps of 255 counts as that, so that a
 * nearly flat picture's noise does not grow. Source: Gatys et al. 2016, Preserving Color in Neural
 * Artistic Style Transfer. */
void nst_color_map_between(const nst_color_stats *from, const nst_color_stats *to,
                           nst_color_map *map);

/* Each pixel by maps[count], as much by each as shares[count][height][width] say, which are about 1
 * in all; NULL with one map. Values stay in [0,1], which cuts off what lies outside. */
void nst_color_apply(nst_image *image, const nst_color_map *maps, const float *shares, int count);

/* The one map between two statistics, applied. */
void nst_color_match(nst_image *image, const nst_color_stats *from, const nst_color_stats *to);

/* The same for luminance alone, of grey images. */
void nst_color_match_grey(nst_image *image, const nst_color_stats *from, const nst_color_stats *to);

/* Replace each pixel by its luminance, the Y of YIQ, in all three planes. */
void nst_color_to_grey(nst_image *image);

/* rgb[3][h][w] = luminance[h][w] with the chroma (I and Q) of an image of that size, drawn towards
 * grey where a color would leave [0,1]. rgb may be the image's own. */
void nst_color_add_chroma(const float *luminance, const nst_image *image, float *rgb);

#endif
