/* Denominators of relative losses never fall below this, so that a flat or black image gives finite
 * ones. */
#ifndef NST_STYLE_FLOOR_H
#define NST_STYLE_FLOOR_H

#define NST_DENOMINATOR_MIN 1e-8

#endif
