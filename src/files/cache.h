/* A folder of entries by name, bounded in bytes, for any number of threads and processes. An entry
 * appears whole or not at all, and is checked when it is read: one that is damaged, or is another
 * program's file, counts as not there and is replaced. Whatever fails, fails silently: a cache only
 * saves work. */
#ifndef NST_FILES_CACHE_H
#define NST_FILES_CACHE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nst.h"

typedef struct nst_cache nst_cache;

/* $XDG_CACHE_HOME/nst/styles, or ~/.cache/nst/styles; it need not exist. */
nst_status nst_cache_folder(char path[PATH_MAX], nst_error *error);

/* Make the folder, unless it is there. Its entries take at most so many bytes, those of earlier
 * processes included. */
nst_status nst_cache_open(const char *folder, uint64_t max_bytes, nst_cache **out,
                          nst_error *error);
void nst_cache_close(nst_cache *cache); /* NULL is fine */

enum { NST_CACHE_NAME = 64 }; /* hexadecimal digits of a name */

/* Fill bytes[size] with the entry of that name and size; false when there is none. */
bool nst_cache_load(nst_cache *cache, const char *name, void *bytes, size_t size);

/* Entries that were not used for the longest make room. One that alone is too large is not kept. */
void nst_cache_save(nst_cache *cache, const char *name, const void *bytes, size_t size);

/* Entries that were found, and that were not, since the cache was opened. */
void nst_cache_count(nst_cache *cache, int *found, int *missed);

#endif
