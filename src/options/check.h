/* What only the settings as a whole can tell. */
#ifndef NST_OPTIONS_CHECK_H
#define NST_OPTIONS_CHECK_H

#include "options/settings.h"

/* Check args->job and what goes with it, and fill in what follows: the format of the result and
 * the path of the weights. NST_ERR_ARGUMENT when the command line is wrong; NST_ERR_FORMAT when it
 * is the job file that names the output (output_from_file). */
nst_status nst_settings_check(nst_args *args, bool output_from_file, nst_error *error);

/* Where the results of a job go. */
typedef enum nst_output_kind {
    NST_OUTPUT_FILE,     /* the one result to the output */
    NST_OUTPUT_FOLDER,   /* into the output */
    NST_OUTPUT_TEMPLATE, /* to names that the output makes of its fields */
    NST_OUTPUT_BESIDE    /* beside their photos, because no output is given */
} nst_output_kind;

/* args: lists of photos and values that go with the job. */
nst_output_kind nst_output_kind_of(const nst_args *args, const nst_job *job);

/* What a report is, by the extension of its name. */
typedef enum nst_report_kind {
    NST_REPORT_UNKNOWN = 0,
    NST_REPORT_PAGE,
    NST_REPORT_JSON
} nst_report_kind;
nst_report_kind nst_report_kind_of(const char *path);

#endif
