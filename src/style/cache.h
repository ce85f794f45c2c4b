/* Matrices of styles, kept from one run for the next. */
#ifndef NST_STYLE_CACHE_H
#define NST_STYLE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "style/statistic.h"

/* All that they depend on. */
typedef struct nst_style_key {
    const nst_model *model;
    uint64_t style[2]; /* nst_style_fingerprint of its pixels */
    int width, height; /* at which it is looked at */
    unsigned layers;   /* bit i set: layer i is measured */
    int pooling;
    nst_conv_algorithm algorithm;
    bool centred;
} nst_style_key;

/* 128 bits of a picture's pixels: two pictures have the same with a chance of 2^-128. */
void nst_style_fingerprint(const nst_image *image, uint64_t out[2]);

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
