/* Memory that begins at a cache line. */
#include "base/aligned.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

void *nst_aligned_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (!nst_mul_size(count, size, &bytes) || bytes == 0 || bytes > SIZE_MAX - NST_CACHE_LINE)
        return NULL;
    return aligned_alloc(NST_CACHE_LINE,
                         (bytes + NST_CACHE_LINE - 1) / NST_CACHE_LINE * NST_CACHE_LINE);
}

void *nst_aligned_zeros(size_t count, size_t size)
{
    void *memory = nst_aligned_alloc(count, size);
    return memory ? memset(memory, 0, count * size) : NULL;
}
