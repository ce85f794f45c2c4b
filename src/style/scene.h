/* What an objective is made from: the content, its regions, and the styles. */
#ifndef NST_STYLE_SCENE_H
#define NST_STYLE_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "nst.h"

/* A style, as the objective measures it. */
typedef struct nst_scene_style {
    const nst_image *image;
    double weight;       /* >= 0, relative to the other styles of a region */
    unsigned regions;    /* bit r set: the style is for region r */
    const float *shares; /* [region_count][height][width]: how much each pixel belongs to each
                            region; NULL: the whole image is for each of `regions` */
    int width, height;   /* at which it is measured, and of shares; 0: the image's own size */
    nst_style *handle;   /* where its matrices are kept, if it has no shares; or NULL */
    const nst_style_store *store; /* and those of other processes; or NULL */
} nst_scene_style;

/* Memory that a run, or a level of it, leaves to the next one. Only one run at a time uses it. */
typedef struct nst_workspace {
    nst_arena styles;    /* the styles' targets, for a level */
    nst_arena pass;      /* for one pass at a time */
    nst_arena optimizer; /* the optimizer's vectors */
} nst_workspace;

/* Called for each phase of a run. Returns NST_OK to go on, or NST_STOPPED. */
typedef struct nst_watcher {
    nst_status (*tell)(void *context, nst_phase phase, int step, int steps);
    void *context;
} nst_watcher;

/* How an objective uses memory. No field changes a result. */
typedef struct nst_plan {
    bool recompute;             /* see model/pass.h */
    size_t band_bytes;          /* of a band; 0: by the size of the image */
    nst_workspace *workspace;   /* where its memory comes from and stays; NULL: its own */
    const nst_watcher *watcher; /* or NULL */
    bool starts_at_content;     /* the first point will be the content: the pass that measures it is
                                   the first evaluation's too */
} nst_plan;

static inline nst_status nst_plan_tell(const nst_plan *plan, nst_phase phase, int step, int steps)
{
    const nst_watcher *watcher = plan->watcher;
    return watcher ? watcher->tell(watcher->context, phase, step, steps) : NST_OK;
}

typedef struct nst_scene {
    const nst_image *content;
    int region_count;    /* 1..NST_REGIONS_MAX */
    const float *shares; /* [region_count][height][width] of the content, at each pixel about 1 in
                            all; NULL with one region */
    const nst_scene_style *styles;
    int style_count;
    nst_plan plan; /* zero: all activations are kept */
} nst_scene;

#endif
