/* Memory that begins at a cache line. */
#include "base/aligned.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/checked.h"

enum { LARGE = 1 << 23 }; /* bytes of a block that has several large pages */

void nst_prefer_large_pages(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)block + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)block + bytes) / page * page;
    if (block && bytes >= LARGE)
        (void)madvise((void *)first, end - first, MADV_HUGEPAGE); /* an offer, no condition */
#else
    (void)block;
    (void)bytes;
#endif
}

void *nst_aligned_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (!nst_mul_size(count, size, &bytes) || bytes == 0 || bytes > SIZE_MAX - NST_CACHE_LINE)
        return NULL;
    bytes = (bytes + NST_CACHE_LINE - 1) / NST_CACHE_LINE * NST_CACHE_LINE;
    void *block = aligned_alloc(NST_CACHE_LINE, bytes);
    nst_prefer_large_pages(block, bytes);
    return block;
}

void *nst_aligned_zeros(size_t count, size_t size)
{
    void *memory = nst_aligned_alloc(count, size);
    return memory ? memset(memory, 0, count * size) : NULL;
}
