/* Events as JSON, one object per line on standard error; job numbers start at 1. Described in
 * nst(1), LOG EVENTS. */
#ifndef NST_OBSERVERS_LOG_JSON_H
#define NST_OBSERVERS_LOG_JSON_H

#include "engine/observer.h"
#include "list/kinds.h"

typedef struct nst_log_list {
    int jobs, all;           /* pictures to do, of those in the list */
    const nst_shard *shard;  /* the part of it that is done; count 0: all */
    const nst_kinds *others; /* files passed over */
} nst_log_list;

void nst_log_json_batch(const nst_log_list *list);
void nst_log_json_started(const nst_run_job *job);
void nst_log_json_progress(const nst_run_job *job, const nst_progress *progress);
void nst_log_json_ended(const nst_run_job *job, const nst_result *result);
void nst_log_json_error(const char *reason);

typedef struct nst_log_counts {
    int done, skipped, kept, failed, left;
    bool interrupted;
    double seconds;
} nst_log_counts;
void nst_log_json_summary(const nst_log_counts *counts);

#endif
