/* What a report needs of the runs, collected while they go. */
#ifndef NST_REPORT_COLLECT_H
#define NST_REPORT_COLLECT_H

#include "engine/observer.h"
#include "report/curve.h"
#include "report/gallery.h"

/* Of one job. */
typedef struct nst_collected {
    nst_curve curve;
    nst_gallery gallery;
    nst_result *result; /* NULL before the job has ended; owned */
} nst_collected;

typedef struct nst_collection {
    nst_collected *list; /* owned; in the order of the jobs */
    int count;
    nst_shared *shared; /* knows the styles of jobs that were done before */
} nst_collection;

/* side: how large the pictures are to be, see nst_report_side. */
nst_status nst_collection_create(int jobs, int side, nst_shared *shared, nst_collection *out,
                                 nst_error *error);
void nst_collection_destroy(nst_collection *collection);

nst_observer nst_collection_observer(nst_collection *collection);

#endif
