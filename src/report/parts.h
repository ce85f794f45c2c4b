/* The parts of the report. They print to a stream in memory, and the caller checks it once, at the
 * end. Text from files and the command line is printed by report/html.h only. */
#ifndef NST_REPORT_PARTS_H
#define NST_REPORT_PARTS_H

#include <stdio.h>

#include "report/view.h"

/* The whole as JSON, to be freed by free(); NULL when out of memory. */
char *nst_report_json(const nst_report *report);

void nst_report_html(FILE *page, const nst_report *report);

/* What a job is made of: its photo and its paintings. */
void nst_report_heading(FILE *page, const nst_job *job, int level);

/* The name of a file without its folder. */
const char *nst_report_short_name(const char *path);

/* One job. shared[row]: that option is the same for all jobs and shown with them. */
void nst_report_card(FILE *page, const nst_report *report, int index, const bool *shared,
                     const nst_report_paintings *paintings);

/* Curves as SVG, and the same in figures. */
void nst_report_charts(FILE *page, const nst_curve *curve);

/* The style sheet and the script of the page: report.css and report.js, built into the program. */
typedef struct nst_report_asset {
    const char *text;
    size_t size;
} nst_report_asset;
nst_report_asset nst_report_css(void);
nst_report_asset nst_report_js(void);

#endif
