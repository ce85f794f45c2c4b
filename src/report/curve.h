/* The losses of a run by iteration. A curve has a few hundred points at most, however long the run
 * is: then every second is left out, but for the first and the last of each scale. */
#ifndef NST_REPORT_CURVE_H
#define NST_REPORT_CURVE_H

#include <stdbool.h>

#include "nst.h"

enum { NST_CURVE_POINTS_MAX = 320 };

/* One iteration of the objective. */
typedef struct nst_curve_point {
    int scale, width, height; /* 0-based, coarse to fine; its size in pixels */
    int iteration;            /* from 1 at each scale */
    int iterations_done;      /* from 1 over all */
    nst_losses losses;
} nst_curve_point;

typedef struct nst_curve {
    bool wanted;             /* without it nothing is kept */
    nst_curve_point *points; /* owned */
    int count;
    int stride; /* iterations between two points */
} nst_curve;

/* Note an iteration. A curve that finds no memory stays empty: it is never worth a run. */
void nst_curve_add(nst_curve *curve, const nst_progress *progress);
void nst_curve_destroy(nst_curve *curve);

#endif
