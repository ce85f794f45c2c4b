/* What only the settings as a whole can tell. */
#ifndef NST_OPTIONS_CHECK_H
#define NST_OPTIONS_CHECK_H

#include "options/settings.h"

/* Check args->job and what goes with it, and fill in what follows: the format of the result and
 * the path of the weights. NST_ERR_ARGUMENT when the command line is wrong; NST_ERR_FORMAT when it
 * is the job file that names the output (output_from_file). */
nst_status nst_settings_check(nst_args *args, bool output_from_file, nst_error *error);

/* Whether the job's output names a folder to put results into. */
bool nst_job_fills_folder(const nst_job *job);

/* What a report is, by the extension of its name. */
typedef enum nst_report_kind {
    NST_REPORT_UNKNOWN = 0,
    NST_REPORT_PAGE,
    NST_REPORT_JSON
} nst_report_kind;
nst_report_kind nst_report_kind_of(const char *path);

#endif
