/* What a job will take, roughly. */
#ifndef NST_ENGINE_ESTIMATE_H
#define NST_ENGINE_ESTIMATE_H

#include "options/settings.h"

/* The sizes of a job's pictures, read from their headers; images without pixels. */
typedef struct nst_job_sizes {
    nst_image content, styles[NST_STYLES_MAX];
} nst_job_sizes;

/* A pipe cannot be read twice: its size is 0x0 for the content, and the content's size for a style.
 */
nst_status nst_estimate_sizes(const nst_job *job, nst_job_sizes *out, nst_error *error);

/* Bytes of memory at the peak. NST_ERR_MEMORY when the job would be refused. */
nst_status nst_estimate_bytes(const nst_model *model, const nst_job *job,
                              const nst_job_sizes *sizes, double *bytes, nst_error *error);

/* Work in pixels times iterations, over all scales. */
double nst_estimate_work(const nst_model *model, const nst_options *options,
                         const nst_job_sizes *sizes);

/* Seconds per unit of that work on this machine as it is now, by a short run with these settings
 * (about a tenth of a second for the bundled model); negative when it could not be measured. */
double nst_estimate_pace(const nst_model *model, const nst_options *options, int threads);

#endif
