/* What a report shows. */
#include "report/view.h"

#include <time.h>

int nst_report_count(const nst_report *report, nst_result_state state)
{
    int count = 0;
    for (int i = 0; i < report->states->count; i++)
        count += report->states->list[i] == state;
    return count;
}

void nst_report_time(char out[NST_REPORT_TIME_MAX])
{
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(out, NST_REPORT_TIME_MAX, "%Y-%m-%dT%H:%M:%S%z", &local);
}

bool nst_report_row_open(const nst_report *report, int index, nst_report_row *out)
{
    static const nst_result waiting = {0};
    const nst_collected *collected = &report->collection->list[index];
    *out = (nst_report_row){.result = collected->result ? collected->result : &waiting,
                            .curve = &collected->curve,
                            .gallery = &collected->gallery};
    return nst_jobs_get(report->jobs, index, &out->args, NULL) == NST_OK;
}

void nst_report_row_close(nst_report_row *row)
{
    nst_job_destroy(&row->args.job);
}
