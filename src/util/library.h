/* Shared libraries that are loaded when they are first needed. What libheif brings along takes
 * longer to start up than most commands take.
 *
 * A user lists functions once and calls them by a table:
 *
 *     #define FUNCTIONS(X) X(context_alloc) X(context_free)
 *     #define MEMBER(name) __typeof__(heif_##name) *name;
 *     static struct { FUNCTIONS(MEMBER) } libheif;          libheif.context_alloc()
 *
 * with NST_LIBRARY_NAME for the names, and where the library is linked after all, the addresses in
 * the table from the beginning. */
#ifndef NST_UTIL_LIBRARY_H
#define NST_UTIL_LIBRARY_H

#include <stddef.h>

#include "nst.h"

typedef struct nst_library {
    const char *file; /* "libheif.so.1"; NULL: it is linked, and the table filled */
    const char *const *names;
    size_t count;    /* of names */
    void *functions; /* a struct of as many pointers to functions, in the order of names */
    void *handle;    /* NULL until it is loaded */
} nst_library;

/* Loads it and fills the table, once; whoever calls a function of the table has called this. It
 * stays loaded. The message of an error begins with the library; what failed once is tried again.
 */
nst_status nst_library_load(nst_library *library, nst_error *error);

#endif
