/* Files that list photos. */
#ifndef NST_ARGUMENTS_PHOTO_LIST_H
#define NST_ARGUMENTS_PHOTO_LIST_H

#include <stdbool.h>

#include "files/names.h"

/* Add the names that a file lists, one a line, or with `nul` each with a zero byte behind it. Empty
 * ones are passed over. "-" is standard input. Errors name the file and the line or the name. */
nst_status nst_photo_list_read(const char *path, bool nul, nst_names *out, nst_error *error);

#endif
