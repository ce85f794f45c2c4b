/* What a job will take, roughly. */
#ifndef NST_ENGINE_ESTIMATE_H
#define NST_ENGINE_ESTIMATE_H

#include "options/settings.h"

/* What the headers of a job's pictures say. */
typedef struct nst_job_files {
    nst_file_info content, styles[NST_STYLES_MAX];
    nst_file_info content_mask, style_masks[NST_STYLES_MAX], init; /* empty without */
} nst_job_files;

/* What cannot be looked at without being used up, like a pipe, stays empty; a style then counts as
 * large as the content. */
nst_status nst_estimate_files(const nst_job *job, nst_job_files *out, nst_error *error);

/* Bytes of memory that a job needs beside what the process has anyway. */
typedef struct nst_job_needs {
    uint64_t reading;  /* at the peak of reading its pictures, one after the other */
    uint64_t painting; /* at the peak after that */
    uint64_t plan;     /* of that: what the library may use */
} nst_job_needs;

/* That, with activations kept if the job then needs no more than `share`, else as little as
 * possible. Without the content's mask, NULL, as many regions are counted as there can be.
 * NST_ERR_MEMORY when it needs more than `total`. */
nst_status nst_estimate_needs(const nst_model *model, const nst_job *job,
                              const nst_job_files *files, const nst_image *mask, uint64_t share,
                              uint64_t total, nst_job_needs *out, nst_error *error);

/* Work in pixels times iterations, over all scales. */
double nst_estimate_work(const nst_model *model, const nst_options *options,
                         const nst_file_info *content);

/* Seconds per unit of that work on this machine as it is now, by a short run with these settings
 * (about a tenth of a second for the bundled model); negative when it could not be measured. */
double nst_estimate_pace(const nst_model *model, const nst_options *options, int threads);

#endif
