/* What came of each job. */
#include "cli/outcome.h"

#include <stdlib.h>

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
    nst_outcome *o = outcome;
    o->scales = progress->scales;
    o->evaluations = progress->evaluation;
    o->losses = progress->losses;
    if (o->curve_count == o->curve_room) {
        int room = o->curve_room ? 2 * o->curve_room : 256;
        nst_curve_point *larger = realloc(o->curve, (size_t)room * sizeof *larger);
        if (!larger)
            return;
        o->curve = larger;
        o->curve_room = room;
    }
    const nst_losses *l = &progress->losses;
    o->curve[o->curve_count++] = (nst_curve_point){
        progress->scale, progress->iteration, l->content, l->style, l->tv, l->total};
}

void nst_outcome_destroy(nst_outcome *outcome)
{
    free(outcome->curve);
    *outcome = (nst_outcome){0};
}
