/* Memory that begins at a cache line, as vector loads want it. */
#ifndef NST_BASE_ALIGNED_H
#define NST_BASE_ALIGNED_H

#include <stddef.h>

enum { NST_CACHE_LINE = 64 };

/* count * size bytes, to be freed by free(); NULL when there are none, or too many for a size_t. */
void *nst_aligned_alloc(size_t count, size_t size);
void *nst_aligned_zeros(size_t count, size_t size); /* the same, filled with zeros */

/* Ask the system for pages of megabytes where it has them on request, before a block is first
 * touched: to fetch and to give back a gigabyte in pages of 4 KB takes a quarter of a second each.
 * Small blocks are left alone. */
void nst_prefer_large_pages(void *block, size_t bytes);

#endif
