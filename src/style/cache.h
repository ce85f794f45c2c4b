/* Matrices of styles, kept from one run for the next. */
#ifndef NST_STYLE_CACHE_H
#define NST_STYLE_CACHE_H

#include <stdbool.h>

#include "style/statistic.h"

/* All that they depend on but the style's pixels. */
typedef struct nst_style_key {
    const nst_model *model;
    int style;         /* which of the run's */
    int width, height; /* at which it is looked at */
    unsigned layers;   /* bit i set: layer i is measured */
    int pooling;
    nst_conv_algorithm algorithm;
    bool centred;
} nst_style_key;

/* One thread at a time looks for a style and, if it is not there, measures and adds it: the others
 * wait rather than do the same. */
void nst_style_cache_enter(nst_style_cache *cache); /* NULL is fine, there and below */
void nst_style_cache_leave(nst_style_cache *cache);

/* Fill in the statistics of the key's layers, to be read by nst_statistic_add until the cache is
 * destroyed; false when they are not there. */
bool nst_style_cache_find(const nst_style_cache *cache, const nst_style_key *key,
                          nst_statistic statistics[NST_LAYER_MAX]);

/* Keep copies of measured statistics, of one region each; without memory nothing is kept. */
void nst_style_cache_add(nst_style_cache *cache, const nst_style_key *key,
                         const nst_statistic statistics[NST_LAYER_MAX]);

#endif
