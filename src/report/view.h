/* What a report shows. */
#ifndef NST_REPORT_VIEW_H
#define NST_REPORT_VIEW_H

#include "list/expand.h"
#include "report/collect.h"

typedef struct nst_report {
    const char *path;
    const nst_job_list *jobs;
    const nst_result_states *states;  /* of the jobs, in the same order */
    const nst_collection *collection; /* likewise */
    double seconds;                   /* that all of them took */
    char *const *words;               /* of the command line, the program's name first */
    int word_count;                   /* 0 when there is none */
} nst_report;

/* How many jobs are in this state. */
int nst_report_count(const nst_report *report, nst_result_state state);

/* The present time, local and with its distance from UTC (ISO 8601): "2026-03-14T15:09:26+0100". */
enum { NST_REPORT_TIME_MAX = 64 };
void nst_report_time(char out[NST_REPORT_TIME_MAX]);

/* What the report shows of one job. */
typedef struct nst_report_row {
    nst_args args;
    const nst_result *result;
    const nst_curve *curve;
    const nst_gallery *gallery;
} nst_report_row;

/* False, and nothing to close, when out of memory. */
bool nst_report_row_open(const nst_report *report, int index, nst_report_row *out);
void nst_report_row_close(nst_report_row *row);

typedef struct nst_report_painting {
    const nst_thumbnail *picture;
    int job, style; /* the first that has it */
} nst_report_painting;

/* The paintings of all jobs, each once however many jobs have it. */
typedef struct nst_report_paintings {
    nst_report_painting *list; /* owned; NULL without memory */
    int count;
} nst_report_paintings;
void nst_report_paintings_find(const nst_report *report, nst_report_paintings *out);
void nst_report_paintings_destroy(nst_report_paintings *paintings);

/* The number of a painting; -1 for none. */
int nst_report_painting_number(const nst_report_paintings *paintings, const nst_thumbnail *picture);

#endif
