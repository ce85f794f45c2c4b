/* Matrices of a style, kept from one run for the next. */
#ifndef NST_STYLE_STYLE_H
#define NST_STYLE_STYLE_H

#include <stdbool.h>

#include "style/statistic.h"

/* All that they depend on beside the picture. */
typedef struct nst_style_key {
    const nst_model *model;
    int width, height; /* at which it is looked at */
    unsigned layers;   /* bit i set: layer i is measured */
    int pooling;
    nst_conv_algorithm algorithm;
    bool centered;
} nst_style_key;

/* So many are kept; a new one takes the place of the one that was not asked for the longest. */
enum { NST_STYLE_ENTRIES = 32 };

const nst_image *nst_style_image(const nst_style *style);
const nst_image *nst_style_mask(const nst_style *style); /* empty without */

/* One thread at a time looks for matrices and, if they are not there, measures and adds them: the
 * others wait rather than do the same. False when the calling thread's work is cancelled while it
 * waits; then there is nothing to leave. */
bool nst_style_enter(nst_style *style);
void nst_style_leave(nst_style *style);

/* Between these: fill in the statistics of the key's layers, to be read by nst_statistic_add until
 * the style is left; false when they are not there. */
bool nst_style_find(nst_style *style, const nst_style_key *key,
                    nst_statistic statistics[NST_LAYER_MAX]);

/* Between these: keep copies of measured statistics, of one region each; without memory nothing is
 * kept. */
void nst_style_keep(nst_style *style, const nst_style_key *key,
                    const nst_statistic statistics[NST_LAYER_MAX]);

#endif
