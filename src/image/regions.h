/* Masks: the region of each pixel. nst_regions_find in nst.h says what a mask is. */
#ifndef NST_IMAGE_REGIONS_H
#define NST_IMAGE_REGIONS_H

#include "nst.h"

enum { NST_REGION_NONE = 255 };

typedef struct nst_labels {
    int width, height, count;
    nst_region regions[NST_REGIONS_MAX];
    uint8_t *label; /* [height][width]: 0..count-1, or NST_REGION_NONE after a match; owned */
} nst_labels;

/* NST_STOPPED, as all of these, when the calling thread's work is cancelled meanwhile. */
nst_status nst_labels_read(const nst_image *mask, nst_labels *out, nst_error *error);
void nst_labels_destroy(nst_labels *labels);

/* Number the labels like those of `known` that have the nearest color; NST_REGION_NONE where none
 * is near. Returns the set of known labels that were found: bit r for region r. */
unsigned nst_labels_match(nst_labels *labels, const nst_labels *known);

/* out[height][width] = how much each pixel, at that size, belongs to the region. */
nst_status nst_labels_share(const nst_labels *labels, int region, int width, int height,
                            int threads, float *out, nst_error *error);

#endif
