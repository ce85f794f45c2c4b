/* The denominator of a relative loss is at least this, so that the loss of a flat or black image is
 * finite. */
#ifndef NST_BASE_EPSILON_H
#define NST_BASE_EPSILON_H

#define NST_LOSS_EPSILON 1e-8

#endif
