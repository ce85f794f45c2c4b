/* What came of each job: written by the one path that every picture takes, read by records, the
 * summary and reports. */
#ifndef NST_RESULTS_RESULT_H
#define NST_RESULTS_RESULT_H

#include "options/settings.h"
#include "report/curve.h"
#include "report/gallery.h"

typedef enum nst_result_state {
    NST_RESULT_WAITING = 0, /* not begun, and never will be when the list has ended */
    NST_RESULT_DONE,
    NST_RESULT_INTERRUPTED, /* stopped halfway; what there was is written */
    NST_RESULT_SKIPPED,     /* was done by an earlier run, or by another process just now */
    NST_RESULT_FAILED
} nst_result_state;

typedef struct nst_result {
    const nst_args *args; /* args->job is the job, with all its settings; not owned */
    nst_result_state state;
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
} nst_result;

typedef struct nst_result_list {
    nst_result *list; /* owned; in the order of the jobs */
    int count;
} nst_result_list;

/* "done", "interrupted", "skipped", "failed" or "waiting". */
const char *nst_result_state_name(nst_result_state state);

/* Note an evaluation. */
void nst_result_add_point(nst_result *result, const nst_progress *progress);

void nst_result_destroy(nst_result *result);

#endif
