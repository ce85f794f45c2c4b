/* What a report shows. */
#include "report/view.h"

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
