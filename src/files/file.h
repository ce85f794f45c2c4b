/* Files that are not pictures. */
#ifndef NST_FILES_FILE_H
#define NST_FILES_FILE_H

#include <stdbool.h>

#include "nst.h"

/* Whether two paths lead to one file. False when either does not exist or is "-". */
bool nst_file_same(const char *a, const char *b);

/* Whether two paths name one place, where there may be no file yet. */
bool nst_file_same_place(const char *a, const char *b);

/* SHA-256 in hexadecimal. */
void nst_bytes_sha256(const void *bytes, size_t size, char out[65]);
nst_status nst_file_sha256(const char *path, char out[65], nst_error *error);

#endif
