/* Coarse to fine: the sizes a run goes through. */
#ifndef NST_STYLE_PYRAMID_H
#define NST_STYLE_PYRAMID_H

#include "nst.h"

/* Levels from coarsest to finest, each with half the sides of the next; returns how many. None but
 * the finest has a side below side_min (what the deepest layer needs) or, when options->scales
 * is 0, a longest side below options->min_size. */
int nst_pyramid_levels(const nst_options *options, int width, int height, int side_min,
                       nst_level levels[NST_SCALES_MAX]);

#endif
