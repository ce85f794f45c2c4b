/* What a report shows. */
#include "report/view.h"

nst_report_row nst_report_row_of(const nst_report *report, int index)
{
    const nst_collected *collected = &report->collection->list[index];
    return (nst_report_row){&report->jobs->list[index], &report->results->list[index],
                            &collected->curve, &collected->gallery};
}
