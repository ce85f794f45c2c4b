/* Files written whole or not at all. */
#ifndef NST_FILES_OUTPUT_H
#define NST_FILES_OUTPUT_H

#include <stddef.h>

#include "nst.h"

/* Write the bytes whole or not at all: into a temporary file beside it, synced, then renamed over
 * the path, keeping the permissions of a file that was there. Path "-" is standard output. */
nst_status nst_output_write(const char *path, const void *bytes, size_t size, nst_error *error);

/* Whether nst_output_write could create path, as far as that can be known without doing it: the
 * folder exists and takes a temporary file, the path is not a folder. Leaves nothing behind. */
nst_status nst_output_check(const char *path, nst_error *error);

/* Remove the temporary files in a folder that were left by processes which ended without being able
 * to, by SIGKILL say. Those of living processes stay. */
void nst_output_sweep(const char *folder);

#endif
