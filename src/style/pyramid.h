/* The sizes of a run, from coarse to fine. */
#ifndef NST_STYLE_PYRAMID_H
#define NST_STYLE_PYRAMID_H

#include "nst.h"

/* The levels from coarsest to finest, each with half the sides of the next. Returns their number.
 * No level but the finest has a side below side_min, which the deepest layer needs, or, when
 * options->scales is 0, a longest side below options->min_size. */
int nst_pyramid_levels(const nst_options *options, int width, int height, int side_min,
                       nst_level levels[NST_SCALES_MAX]);

#endif
