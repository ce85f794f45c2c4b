/* The pictures of a folder. */
#ifndef NST_LIST_LISTING_H
#define NST_LIST_LISTING_H

#include <stdbool.h>

#include "files/names.h"
#include "list/kinds.h"
#include "nst.h"

typedef struct nst_folder_listing {
    nst_names pictures; /* paths relative to the folder, in natural order */
    nst_names problems; /* a line for each folder inside that could not be read */
    int folders;        /* inside, not looked into */
    nst_kinds others;   /* files that are no pictures by their names */
} nst_folder_listing;

/* List the files whose extension is that of a picture. Hidden files, devices and pipes are passed
 * over. With `recursive` folders inside are walked too, without following links to folders and
 * without the folder that is the same as `except` (may be NULL). The listing is to be destroyed in
 * any case. */
nst_status nst_folder_list(const char *folder, bool recursive, const char *except,
                           nst_folder_listing *out, nst_error *error);
void nst_folder_listing_destroy(nst_folder_listing *listing);

/* Order in which people count: "2.jpg" before "10.jpg", capitals beside small letters. Never 0 for
 * names that differ. */
int nst_natural_compare(const char *a, const char *b);

#endif
