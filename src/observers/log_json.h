/* Events as JSON, one object per line on standard error. Described in nst(1), LOG EVENTS. */
#ifndef NST_OBSERVERS_LOG_JSON_H
#define NST_OBSERVERS_LOG_JSON_H

#include "results/result.h"

void nst_log_json_batch(int jobs);
void nst_log_json_started(int job, const nst_result *result);
void nst_log_json_progress(int job, const nst_progress *progress);
void nst_log_json_ended(int job, const nst_result *result);
void nst_log_json_error(const char *reason);

typedef struct nst_log_counts {
    int done, skipped, failed, left;
    bool interrupted;
    double seconds;
} nst_log_counts;
void nst_log_json_summary(const nst_log_counts *counts);

#endif
