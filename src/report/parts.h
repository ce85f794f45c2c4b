/* The parts of the report. What prints goes to a stream in memory, whose state is looked at once at
 * the end; C's numbers are meant for that stream, file names go through report/html.h. */
#ifndef NST_REPORT_PARTS_H
#define NST_REPORT_PARTS_H

#include <stdio.h>

#include "report/view.h"

/* The whole as JSON, to be freed by free(); NULL when out of memory. */
char *nst_report_json(const nst_report *report);

void nst_report_html(FILE *page, const nst_report *report);

/* Of what a job is made. */
void nst_report_heading(FILE *page, const nst_job *job, int level);

/* One job. shared[row]: that option is the same for all jobs and shown with them. */
void nst_report_card(FILE *page, const nst_report *report, int index, const bool *shared);

/* Curves as SVG, and the same in figures. */
void nst_report_charts(FILE *page, const nst_curve *curve);

/* What the page is dressed in: report.css and report.js, built into the program. */
typedef struct nst_report_asset {
    const char *text;
    size_t size;
} nst_report_asset;
nst_report_asset nst_report_css(void);
nst_report_asset nst_report_js(void);

#endif
