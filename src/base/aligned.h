/* Memory that begins at a cache line, as vector loads want it. */
#ifndef NST_BASE_ALIGNED_H
#define NST_BASE_ALIGNED_H

#include <stddef.h>

enum { NST_CACHE_LINE = 64 };

/* count * size bytes, to be freed by free(); NULL when there are none, or too many for a size_t. */
void *nst_aligned_alloc(size_t count, size_t size);
void *nst_aligned_zeros(size_t count, size_t size); /* the same, filled with zeros */

#endif
