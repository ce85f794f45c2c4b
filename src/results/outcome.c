/* What came of each job. */
#include "results/outcome.h"

const char *nst_outcome_state_name(nst_outcome_state state)
{
    switch (state) {
    case NST_OUTCOME_DONE:
        return "done";
    case NST_OUTCOME_INTERRUPTED:
        return "interrupted";
    case NST_OUTCOME_SKIPPED:
        return "skipped";
    case NST_OUTCOME_FAILED:
        return "failed";
    default:
        return "waiting";
    }
}

void nst_outcome_add_point(nst_outcome *outcome, const nst_progress *progress)
{
    outcome->scales = progress->scales;
    outcome->evaluations = progress->evaluation;
    outcome->losses = progress->losses;
    nst_curve_add(&outcome->curve, progress);
}

void nst_outcome_destroy(nst_outcome *outcome)
{
    nst_curve_destroy(&outcome->curve);
    nst_gallery_destroy(&outcome->gallery);
    *outcome = (nst_outcome){0};
}
