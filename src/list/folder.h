/* The pictures of a folder. */
#ifndef NST_LIST_FOLDER_H
#define NST_LIST_FOLDER_H

#include <stdbool.h>

#include "nst.h"

typedef struct nst_names {
    char **list; /* owned, as are the names */
    int count, room;
} nst_names;

nst_status nst_names_add(nst_names *names, const char *name, nst_error *error);
void nst_names_destroy(nst_names *names);

typedef struct nst_folder_listing {
    nst_names pictures; /* paths relative to the folder, in natural order */
    nst_names problems; /* a line for each folder inside that could not be read */
    int folders;        /* inside, not looked into */
    int others;         /* files that are no pictures by their names */
} nst_folder_listing;

/* List the files whose extension is that of a picture. Hidden files, devices and pipes are passed
 * over. With `recursive` folders inside are walked too, without following links to folders and
 * without the folder that is the same as `except` (may be NULL). The listing is to be destroyed in
 * any case. */
nst_status nst_folder_list(const char *folder, bool recursive, const char *except,
                           nst_folder_listing *out, nst_error *error);
void nst_folder_listing_destroy(nst_folder_listing *listing);

bool nst_folder_is(const char *path); /* whether there is a folder at path */

/* Make the folder and those above it, unless it is there. */
nst_status nst_folder_make(const char *path, nst_error *error);

/* Make the folders between `folder`, which has to be there, and a file inside it. */
nst_status nst_folder_make_inside(const char *folder, const char *file, nst_error *error);

/* Order in which people count: "2.jpg" before "10.jpg", capitals beside small letters. Never 0 for
 * names that differ. */
int nst_natural_compare(const char *a, const char *b);

#endif
