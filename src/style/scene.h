/* What an objective is made of: the content, its regions, and the styles. */
#ifndef NST_STYLE_SCENE_H
#define NST_STYLE_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "nst.h"

/* A style as the objective measures it. */
typedef struct nst_style {
    const nst_image *image;
    double weight;       /* >= 0, relative to the other styles of a region */
    unsigned regions;    /* bit r set: region r takes it */
    const float *shares; /* [region_count][height][width]: how much each pixel belongs to each
                            region; NULL: the whole image is for each of `regions` */
    int width, height;   /* at which it is measured, and of shares; 0: the image's own size */
} nst_style;

/* How an objective uses memory. Changes no result. */
typedef struct nst_plan {
    bool recompute;    /* see model/pass.h */
    size_t band_bytes; /* of a band; 0: by the size of the image */
} nst_plan;

typedef struct nst_scene {
    const nst_image *content;
    int region_count;    /* 1..NST_REGIONS_MAX */
    const float *shares; /* [region_count][height][width] of the content, at each pixel about 1 in
                            all; NULL with one region */
    const nst_style *styles;
    int style_count;
    nst_style_cache *cache; /* of these styles, or NULL */
    nst_plan plan;          /* zero: everything is kept */
} nst_scene;

#endif
