#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/aligned.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/parallel.h"

enum { ALIGNMENT = 64 }; /* a cache line, and the widest vector */

void *nst_arena_take(nst_arena *arena, size_t count, size_t size)
{
    size_t bytes, end;
    if (!nst_mul_size(count, size, &bytes) || !nst_add_size(bytes, ALIGNMENT - 1, &bytes) ||
        !nst_add_size(arena->used, bytes / ALIGNMENT * ALIGNMENT, &end)) {
        arena->overflow = true;
        return NULL;
    }
    if (arena->base && end > arena->size) {
        arena->overflow = true;
        return NULL;
    }
    void *block = arena->base ? arena->base + arena->used : NULL;
    arena->used = end;
    return block;
}

float *nst_arena_floats(nst_arena *arena, size_t count)
{
    return nst_arena_take(arena, count, sizeof(float));
}

static void clear(void *base, size_t first, size_t count)
{
    memset((char *)base + first, 0, count);
}

nst_status nst_arena_reserve(nst_arena *arena, const char *purpose, int threads, nst_error *error)
{
    size_t size = arena->used ? arena->used : ALIGNMENT;
    bool kept = arena->block && !arena->overflow && size <= arena->capacity;
    if (!kept) {
        free(arena->block);
        arena->block = NULL;
        arena->capacity = 0;
    }
    if (!kept && !arena->overflow && size <= SIZE_MAX - ALIGNMENT)
        arena->block =
            calloc(1, size + ALIGNMENT); /* large ones cost nothing until they are used */
    if (!arena->block)
        return nst_fail(error, NST_ERR_MEMORY, "out of memory: %s needs %.1f MB", purpose,
                        (double)size / 1e6);
    arena->base = (char *)arena->block + (ALIGNMENT - (uintptr_t)arena->block % ALIGNMENT);
    if (kept && !arena->raw)
        nst_parallel_spans(size, threads, clear, arena->base);
    if (!kept) {
        nst_prefer_large_pages(arena->block, size + ALIGNMENT);
        arena->capacity = size;
    }
    arena->size = size;
    arena->used = 0;
    return NST_OK;
}

void nst_arena_rewind(nst_arena *arena)
{
    *arena = (nst_arena){.block = arena->block, .capacity = arena->capacity, .raw = arena->raw};
}

void nst_arena_release(nst_arena *arena)
{
    free(arena->block);
    *arena = (nst_arena){.raw = arena->raw};
}
