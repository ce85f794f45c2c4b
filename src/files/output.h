/* Files written whole or not at all. */
#ifndef NST_FILES_OUTPUT_H
#define NST_FILES_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "files/file.h"
#include "nst.h"

/* Write the bytes whole or not at all: into a temporary file beside it, synced, then renamed over
 * the path, keeping the permissions of a file that was there. Path "-" is standard output. */
nst_status nst_output_write(const char *path, const void *bytes, size_t size, nst_error *error);

/* The same in two steps, for what has to be known before the file is there. */
typedef struct nst_output {
    char *target, *temporary; /* owned; NULL for what is no file: the bytes go there at once */
    int file;
    char stamp[NST_STAMP_TEXT_MAX]; /* of the file to come, see files/file.h; or empty */
} nst_output;

/* Write the temporary file and sync it. *out is set only on NST_OK, and is then to be given to one
 * of the two below. */
nst_status nst_output_prepare(const char *path, const void *bytes, size_t size, nst_output *out,
                              nst_error *error);

/* Give it the time of last change of another file; nothing when one of the two is no
 * file. */
nst_status nst_output_take_time(nst_output *output, const char *from, nst_error *error);

/* Put it in place, and sync the folder. With `replace` false a file that is there is left alone,
 * also one that another machine has just put there: *placed says whether it was done. */
nst_status nst_output_place(nst_output *output, bool replace, bool *placed, nst_error *error);
void nst_output_drop(nst_output *output);

/* Whether nst_output_write could create path, as far as that can be known without doing it: the
 * folder exists and takes a temporary file, the path is not a folder. Leaves nothing behind. */
nst_status nst_output_check(const char *path, nst_error *error);

/* Remove the temporary files in a folder that were left by processes which ended without being able
 * to, by SIGKILL say. Those of living processes stay. */
void nst_output_sweep(const char *folder);

#endif
