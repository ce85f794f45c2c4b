/* Checks of what callers hand in. */
#ifndef NST_IMAGE_CHECK_H
#define NST_IMAGE_CHECK_H

#include "nst.h"

/* Whether there is an image of at least 1x1 pixel. */
nst_status nst_check_size(const char *what, const nst_image *image, nst_error *error);

/* The same, and whether all values are within [0,1], give or take rounding. NST_STOPPED when the
 * calling thread's work is cancelled meanwhile. */
nst_status nst_check_image(const char *what, const nst_image *image, nst_error *error);

nst_status nst_check_threads(int threads, nst_error *error);

#endif
