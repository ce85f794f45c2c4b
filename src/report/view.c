/* What a report shows. */
#include "report/view.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- paintings: a list often has few of them and many photos ------------------------------------
 */

static bool is_same(const nst_thumbnail *a, const nst_thumbnail *b)
{
    return a->size == b->size && memcmp(a->jpeg, b->jpeg, a->size) == 0;
}

int nst_report_painting_number(const nst_report_paintings *paintings, const nst_thumbnail *picture)
{
    for (int i = 0; picture->jpeg && i < paintings->count; i++)
        if (is_same(paintings->list[i].picture, picture))
            return i;
    return -1;
}

static void add(nst_report_paintings *paintings, const nst_thumbnail *picture, int job, int style)
{
    if (!picture->jpeg || nst_report_painting_number(paintings, picture) >= 0)
        return;
    size_t size = ((size_t)paintings->count + 1) * sizeof *paintings->list;
    nst_report_painting *list = realloc(paintings->list, size);
    if (!list)
        return;
    paintings->list = list;
    list[paintings->count++] = (nst_report_painting){picture, job, style};
}

void nst_report_paintings_find(const nst_report *report, nst_report_paintings *out)
{
    *out = (nst_report_paintings){0};
    for (int i = 0; i < report->collection->count; i++)
        for (int k = 0; k < NST_STYLES_MAX; k++)
            add(out, &report->collection->list[i].gallery.styles[k], i, k);
}

void nst_report_paintings_destroy(nst_report_paintings *paintings)
{
    free(paintings->list);
    *paintings = (nst_report_paintings){0};
}
