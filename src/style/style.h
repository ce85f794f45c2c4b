/* The matrices of a style, kept for later runs. */
#ifndef NST_STYLE_STYLE_H
#define NST_STYLE_STYLE_H

#include <stdbool.h>

#include "style/statistic.h"

/* What the matrices depend on beside the picture. */
typedef struct nst_style_key {
    const nst_model *model;
    int width, height; /* at which it is measured */
    unsigned layers;   /* bit i set: layer i is measured */
    int pooling;
    nst_conv_algorithm algorithm;
    bool centered;
} nst_style_key;

/* A style keeps at most so many sets of matrices; a new one replaces the one that was used the
 * longest ago. */
enum { NST_STYLE_ENTRIES = 32 };

const nst_image *nst_style_image(const nst_style *style);
const nst_image *nst_style_mask(const nst_style *style); /* without pixels when there is none */

/* One thread at a time may find, measure and keep matrices; others wait, so that nothing is
 * measured twice. False when the calling thread's work is cancelled while it waits: then
 * nst_style_leave is not called. */
bool nst_style_enter(nst_style *style);
void nst_style_leave(nst_style *style);

/* Between enter and leave: fill in the statistics of the key's layers for nst_statistic_add, valid
 * until nst_style_leave. What the style does not keep may be in the store, unless that is NULL.
 * False when there are none. */
bool nst_style_find(nst_style *style, const nst_style_key *key, const nst_style_store *store,
                    nst_statistic statistics[NST_LAYER_MAX]);

/* Between enter and leave: keep copies of measured statistics with one region each, in the store
 * too. When memory runs out nothing is kept. */
void nst_style_keep(nst_style *style, const nst_style_key *key, const nst_style_store *store,
                    const nst_statistic statistics[NST_LAYER_MAX]);

#endif
