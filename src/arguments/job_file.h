/* Job files: what one picture is to be made of, as JSON.
 *
 *     {"content": "photo.jpg", "style": "starry.jpg", "output": "out.png",
 *      "options": {"size": 384, "style-scale": 0.5, "seed": "7"}}
 *
 * Every key may be left out. The keys of "options" are the long names of the command line.
 * Paths are relative to the current folder, as on the command line. Records (results/record.h) are
 * job files with more in them: "sha256" of the inputs is checked, "nst" and "result" are not
 * needed to repeat the run.
 *
 * With "jobs", a list of such objects, there is a job for each of them, and what stands outside of
 * the list is what they have in common. */
#ifndef NST_ARGUMENTS_JOB_FILE_H
#define NST_ARGUMENTS_JOB_FILE_H

#include "options/settings.h"

/* Apply the job file to args->job and args->entries. Errors name the file and the key, or line and
 * column. */
nst_status nst_job_load(const char *path, nst_args *args, nst_error *error);

/* The same with what a file holds: `length` bytes and a zero behind them. They are changed. path is
 * only the name in messages. */
nst_status nst_job_load_text(char *text, size_t length, const char *path, nst_args *args,
                             nst_error *error);

/* Apply an object that is one job, as it stands in a job file. `where` names it in messages. */
struct cJSON;
nst_status nst_job_apply(const struct cJSON *object, const char *where, nst_args *args,
                         nst_error *error);

#endif
