/* What a run says of itself on standard error: lines for people, or with --log json one object per
 * event. Any number of threads; job numbers start at 1. */
#ifndef NST_OBSERVERS_LOG_H
#define NST_OBSERVERS_LOG_H

#include <pthread.h>
#include <time.h>

#include "results/result.h"
#include "util/progress.h"

typedef struct nst_log {
    pthread_mutex_t lock;
    const nst_args *args;
    const nst_result_list *results;
    bool many, json;
    nst_meter meter;
    const nst_result *shown; /* whose progress the meter shows */
    int done, skipped, failed, problems;
    double *fractions; /* of each job's work, by job; NULL without memory: no time left then */
    double *told;      /* when progress of each job was last written, with json */
    struct timespec start;
} nst_log;

/* results: one per job, whose args are filled in. many: show it as a batch. */
void nst_log_open(nst_log *log, const nst_args *args, const nst_result_list *results, bool many);

/* A folder that could not be read; counts as a failure. */
void nst_log_problem(nst_log *log, const char *line);

void nst_log_started(nst_log *log, const nst_result *result);
void nst_log_progress(nst_log *log, const nst_result *result, const nst_progress *progress);
void nst_log_stylized(nst_log *log, const nst_result *result); /* no more progress of this one */
void nst_log_ended(nst_log *log, const nst_result *result);

/* The summary. */
void nst_log_close(nst_log *log, bool interrupted);

#endif
