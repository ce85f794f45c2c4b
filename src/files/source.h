/* Whole files in memory. */
#ifndef NST_FILES_SOURCE_H
#define NST_FILES_SOURCE_H

#include <stddef.h>

#include "nst.h"

/* Read path, or standard input for "-", completely. *out is malloc'ed and never NULL on success. */
nst_status nst_source_read(const char *path, unsigned char **out, size_t *size, nst_error *error);

#endif
