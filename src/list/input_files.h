/* The files a job reads. */
#ifndef NST_LIST_INPUT_FILES_H
#define NST_LIST_INPUT_FILES_H

#include "options/settings.h"

/* One of them. The list of them says which files are never overwritten and what tells one job from
 * another, so a new kind of input belongs into nst_input_files. */
typedef struct nst_input_file {
    const char *what;     /* "content" */
    const char *path;     /* "-" is standard input */
    const char *expected; /* SHA-256 that a job file expects; empty when it says nothing */
    bool picture;
} nst_input_file;

enum { NST_INPUT_FILES_MAX = 2 * NST_STYLES_MAX + 4 };

/* What the job reads, from content to weights (unless those are the bundled ones); returns how
 * many. */
int nst_input_files(const nst_job *job, nst_input_file out[NST_INPUT_FILES_MAX]);

/* Where among the digests of the job's inputs that of this file is. */
const char *nst_input_digest(const nst_input_file *file, const nst_job *job,
                             const nst_digests *digests);

/* Read the header of a picture. A pipe is left alone, because what is read from it is gone:
 * out->format then is NST_FORMAT_UNKNOWN. */
nst_status nst_input_file_probe(const char *path, nst_file_info *out, nst_error *error);

/* Fail when writing to path would overwrite a file that the job reads. */
nst_status nst_input_files_spare(const nst_job *job, const char *path, nst_error *error);

#endif
