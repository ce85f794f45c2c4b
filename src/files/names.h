/* Lists of names. */
#ifndef NST_FILES_NAMES_H
#define NST_FILES_NAMES_H

#include "nst.h"

typedef struct nst_names {
    char **list; /* owned, as are the names */
    int count, room;
} nst_names;

nst_status nst_names_add(nst_names *names, const char *name, nst_error *error);
void nst_names_destroy(nst_names *names);

#endif
