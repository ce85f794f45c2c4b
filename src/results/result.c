/* What came of each job. */
#include "results/result.h"

const char *nst_result_state_name(nst_result_state state)
{
    switch (state) {
    case NST_RESULT_DONE:
        return "done";
    case NST_RESULT_INTERRUPTED:
        return "interrupted";
    case NST_RESULT_SKIPPED:
        return "skipped";
    case NST_RESULT_FAILED:
        return "failed";
    default:
        return "waiting";
    }
}

void nst_result_add_point(nst_result *result, const nst_progress *progress)
{
    result->scales = progress->scales;
    result->evaluations = progress->evaluation;
    result->losses = progress->losses;
    nst_curve_add(&result->curve, progress);
}

void nst_result_destroy(nst_result *result)
{
    nst_curve_destroy(&result->curve);
    nst_gallery_destroy(&result->gallery);
    *result = (nst_result){0};
}
