/* Paths as text. Nothing here looks at files. */
#ifndef NST_FILES_PATH_H
#define NST_FILES_PATH_H

#include <stdbool.h>

/* Whether a path is "-", standard input or output; NULL is not. */
bool nst_path_is_standard(const char *path);

/* A path for messages: the path, or for "-" what it stands for. */
const char *nst_path_input_name(const char *path);  /* "standard input" */
const char *nst_path_output_name(const char *path); /* "standard output" */

/* A folder's path without slashes at its end, to be freed; NULL when out of memory. */
char *nst_path_trimmed(const char *folder);

/* The last part of a path: what stands behind the last slash. */
const char *nst_path_base(const char *path);

/* The extension with its dot, or the end of the text: "a/b.tar.gz" -> ".gz". A dot that begins the
 * last part begins no extension. */
const char *nst_path_extension(const char *path);

#endif
