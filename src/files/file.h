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

/* What tells an untouched file without reading it: its size, the time of its last change and its
 * number on its disk, as text. False where that would not tell two states apart: no regular file,
 * one changed just now, or a disk that counts whole seconds. */
enum { NST_STAMP_TEXT_MAX = 80 };
bool nst_file_stamp(const char *path, char stamp[NST_STAMP_TEXT_MAX]);

/* The same of an open file that nobody else knows yet, so that it may be as young as it likes. */
bool nst_file_stamp_new(int file, char stamp[NST_STAMP_TEXT_MAX]);

/* Wait until what was written is on the disk. 0 or errno; 0 also where a file system cannot. */
int nst_file_sync(int file);

/* The same for the folder that path lies in: for the names in it. */
int nst_file_sync_folder(const char *path);

#endif
