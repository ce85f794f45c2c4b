/* Folders: whether they are there, and making them. */
#ifndef NST_FILES_FOLDER_H
#define NST_FILES_FOLDER_H

#include <stdbool.h>

#include "nst.h"

bool nst_folder_is(const char *path); /* whether there is a folder at path */

/* Make the folder and those above it, unless it is there. */
nst_status nst_folder_make(const char *path, nst_error *error);

/* Make the folders between `folder`, which has to be there, and a file inside it. */
nst_status nst_folder_make_inside(const char *folder, const char *file, nst_error *error);

#endif
