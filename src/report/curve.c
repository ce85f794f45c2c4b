/* Curves of losses. */
#include "report/curve.h"

#include <stdlib.h>

/* Whether the point may be dropped when `next` follows it. The first and the last point of a scale
 * stay. A point is the first of its scale if the point before it is of another scale. */
static bool is_spare(const nst_curve *curve, int index, const nst_curve_point *next)
{
    const nst_curve_point *p = &curve->points[index];
    bool first = index == 0 || p[-1].scale != p->scale;
    return !first && next->scale == p->scale && p->iterations_done % curve->stride != 0;
}

/* Make room for `next`: double the stride until a point can be dropped. The loop ends because the
 * first and the last points of all scales, which stay, are fewer than NST_CURVE_POINTS_MAX. */
static void thin(nst_curve *curve, const nst_curve_point *next)
{
    while (curve->count == NST_CURVE_POINTS_MAX) {
        int all = curve->count;
        curve->stride *= 2;
        curve->count = 0;
        for (int i = 0; i < all; i++) {
            const nst_curve_point point = curve->points[i];
            const nst_curve_point after = i + 1 < all ? curve->points[i + 1] : *next;
            curve->points[curve->count] = point;
            if (!is_spare(curve, curve->count, &after))
                curve->count++;
        }
    }
}

void nst_curve_add(nst_curve *curve, const nst_progress *progress)
{
    const nst_curve_point point = {progress->scale,           progress->width,
                                   progress->height,          progress->iteration,
                                   progress->iterations_done, progress->losses};
    if (!curve->wanted)
        return;
    if (!curve->points) {
        curve->points = calloc(NST_CURVE_POINTS_MAX, sizeof *curve->points);
        curve->stride = 1;
        if (!curve->points) {
            curve->wanted = false;
            return;
        }
    }
    if (curve->count > 0 && is_spare(curve, curve->count - 1, &point))
        curve->count--;
    thin(curve, &point);
    curve->points[curve->count++] = point;
}

void nst_curve_destroy(nst_curve *curve)
{
    free(curve->points);
    *curve = (nst_curve){0};
}
