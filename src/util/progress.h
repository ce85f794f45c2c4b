/* What a run shows of itself while it lasts, on standard error. */
#ifndef NST_UTIL_PROGRESS_H
#define NST_UTIL_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "nst.h"

typedef struct nst_meter {
    bool line;    /* a terminal: one line, rewritten in place */
    bool scales;  /* verbose: a line for each scale when it is done */
    int lines;    /* that stand there now */
    double drawn; /* seconds when the line was last drawn */
    struct timespec start;
    double scale_began; /* progress seconds when the present scale began */
    nst_progress last;  /* the last iteration (rgb NULL); iteration 0 before the first */
} nst_meter;

/* Whether standard error is a terminal on which a line can be rewritten. */
bool nst_progress_has_line(void);

void nst_meter_start(nst_meter *meter, int verbosity);
void nst_meter_update(nst_meter *meter, const nst_progress *progress);
void nst_meter_phase(nst_meter *meter, const nst_phase_info *info); /* before the iterations */
void nst_meter_end(nst_meter *meter);                               /* leaves the line empty */

/* Before there is progress: what is being done, on the same line. */
void nst_meter_note(nst_meter *meter, const char *what, const char *name);

/* For many jobs, two lines: one about all, and one about the picture called name. */
void nst_meter_show(nst_meter *meter, const char *all, const char *name,
                    const nst_progress *progress);
void nst_meter_clear(nst_meter *meter); /* until the next time, to make room for a message */

#endif
