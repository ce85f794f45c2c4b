/* What a run says of itself on standard error: lines for people, or with --log json one object per
 * event. Any number of threads. */
#ifndef NST_OBSERVERS_LOG_H
#define NST_OBSERVERS_LOG_H

#include <pthread.h>
#include <time.h>

#include "engine/observer.h"
#include "observers/log_json.h"
#include "util/progress.h"

typedef struct nst_log {
    pthread_mutex_t lock;
    const nst_args *args; /* what was asked for as a whole */
    int jobs;
    bool many, json;
    bool warned;  /* of a record by another version */
    bool smaller; /* a result was written that is smaller than its photo */
    nst_meter meter;
    int shown; /* the job whose progress the meter shows; -1: none */
    int done, skipped, kept, failed, problems;
    double *fractions; /* of each job's work, by job; NULL without memory: no time left then */
    double worked;     /* their sum */
    double *told;      /* when progress of each job was last written, with json */
    struct timespec start;
} nst_log;

/* many: show the jobs as a batch. */
void nst_log_open(nst_log *log, const nst_args *args, const nst_log_list *list, bool many);

nst_observer nst_log_observer(nst_log *log);

/* A folder that could not be read; counts as a failure. */
void nst_log_problem(nst_log *log, const char *line);

/* The summary. */
void nst_log_close(nst_log *log, bool interrupted);

#endif
