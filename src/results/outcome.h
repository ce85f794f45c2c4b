/* What came of each job: written by the one path that every picture takes, read by records, the
 * summary and reports. */
#ifndef NST_RESULTS_OUTCOME_H
#define NST_RESULTS_OUTCOME_H

#include "options/args.h"
#include "report/curve.h"
#include "report/gallery.h"

typedef enum nst_outcome_state {
    NST_OUTCOME_WAITING = 0, /* not begun, and never will be when the list has ended */
    NST_OUTCOME_DONE,
    NST_OUTCOME_INTERRUPTED, /* stopped halfway; what there was is written */
    NST_OUTCOME_SKIPPED,     /* was done by an earlier run, or by another process just now */
    NST_OUTCOME_FAILED
} nst_outcome_state;

typedef struct nst_outcome {
    const nst_args *args; /* args->job is the job, with all its settings; not owned */
    nst_outcome_state state;
    nst_status status; /* NST_OK unless FAILED or INTERRUPTED */
    char message[512]; /* why, one line; empty when there is nothing to say */
    bool written;      /* there is a result, by this run */

    nst_digests digests; /* of what was read; of the bundled weights empty */
    int content_width, content_height;
    int width, height; /* of the result */
    int scales;
    int evaluations;
    nst_losses losses; /* of the last evaluation */

    double seconds; /* all of it; without waiting for other jobs: */
    double read_seconds, style_seconds, write_seconds;

    nst_curve curve;     /* owned, and filled as far as a report wants it; */
    nst_gallery gallery; /* likewise */
} nst_outcome;

typedef struct nst_outcome_list {
    nst_outcome *list; /* owned; in the order of the jobs */
    int count;
} nst_outcome_list;

/* "done", "interrupted", "skipped", "failed" or "waiting". */
const char *nst_outcome_state_name(nst_outcome_state state);

/* Note an evaluation. */
void nst_outcome_add_point(nst_outcome *outcome, const nst_progress *progress);

void nst_outcome_destroy(nst_outcome *outcome);

#endif
