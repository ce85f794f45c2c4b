/* Pictures of features: a contact sheet of the maps, and the Gram matrix as a heat map. */
#ifndef NST_PICTURES_SHEET_H
#define NST_PICTURES_SHEET_H

#include "nst.h"

typedef struct nst_strength {
    int channel;
    double mean; /* of its map */
} nst_strength;

/* The channels by the mean of their maps, strongest first; of equals the lower number. */
void nst_features_rank(const nst_features *features, nst_strength *out);

/* The first `count` of the ranking, in rows. A map fills at most tile x tile pixels: smaller ones
 * are enlarged by a whole factor. Grey is the square root of a value's share of the map's own
 * maximum; below stand the channel and a bar as long as its mean is beside the strongest's. */
nst_status nst_sheet_draw(const nst_features *features, const nst_strength *ranking, int count,
                          int tile, int threads, nst_image *out, nst_error *error);

/* Bytes that drawing it and writing it takes at its peak, about; only the sizes of the features are
 * looked at. */
uint64_t nst_sheet_bytes(const nst_features *features, int count, int tile);

/* Entry (i, j) as a square, black for 0 over blue, red and yellow to white for the largest, by the
 * square root of its share of that; channel numbers along the upper and left edge. */
nst_status nst_heat_draw(const nst_features *features, nst_image *out, nst_error *error);
uint64_t nst_heat_bytes(int channels);

#endif
