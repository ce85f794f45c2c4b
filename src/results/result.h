/* What came of a job: facts only. */
#ifndef NST_RESULTS_RESULT_H
#define NST_RESULTS_RESULT_H

#include "options/settings.h"

typedef enum nst_result_state {
    NST_RESULT_WAITING = 0, /* not begun, and never will be when the list has ended */
    NST_RESULT_DONE,
    NST_RESULT_INTERRUPTED, /* stopped halfway; the picture so far is written */
    NST_RESULT_SKIPPED,     /* was done by an earlier run, or by another process just now */
    NST_RESULT_KEPT,        /* not done: a file that is not nst's stands where the result goes */
    NST_RESULT_FAILED
} nst_result_state;

typedef struct nst_result {
    nst_result_state state;
    nst_status status; /* NST_OK unless FAILED or INTERRUPTED */
    char message[512]; /* why, one line; empty when there is nothing to say */
    bool written;      /* this run wrote the result */

    nst_digests digests; /* of what was read; of the bundled weights empty */
    int content_width, content_height;
    int width, height; /* of the result */
    int scales;
    int iterations;
    nst_losses losses;   /* of the result */
    nst_options options; /* those of the job, with the model's say in them, when it is known */
    bool has_options;

    double seconds; /* all of it; without waiting for other jobs: */
    double read_seconds, style_seconds, write_seconds;
} nst_result;

/* How far each job of a list is. */
typedef struct nst_result_states {
    unsigned char *list; /* nst_result_state, in the order of the jobs; owned */
    int count;
} nst_result_states;

/* "done", "interrupted", "skipped", "kept", "failed" or "waiting". */
const char *nst_result_state_name(nst_result_state state);

/* The message of NST_RESULT_KEPT. */
void nst_result_kept_text(const char *path, char message[512]);

#endif
