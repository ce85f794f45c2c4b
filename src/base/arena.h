/* One allocation for everything a pyramid level needs.
 *
 * The same layout function runs twice: first on a zeroed arena, which only counts, then on one
 * that nst_arena_reserve gave memory to. So a plan's size is known before it runs, and the
 * two can never disagree. An arena that is rewound keeps its block for the next plan. */
#ifndef NST_BASE_ARENA_H
#define NST_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "nst.h"

typedef struct nst_arena {
    void *block;     /* the allocation; NULL when another one owns it */
    size_t capacity; /* bytes that the block holds */
    char *base;      /* NULL while counting */
    size_t size;     /* bytes reserved, <= capacity */
    size_t used;     /* bytes handed out or, while counting, asked for */
    bool overflow;   /* a request did not fit into size_t */
    bool raw;        /* set by the owner: what a kept block hands out need not be zeroed */
} nst_arena;

/* count * size bytes, 64-byte aligned and zeroed; NULL while counting. Valid until the arena
 * is released. */
void *nst_arena_take(nst_arena *arena, size_t count, size_t size);
float *nst_arena_floats(nst_arena *arena, size_t count);

/* Turn a counting arena into one that owns arena->used bytes, and start handing out from the
 * beginning. A kept block serves if it is large enough, and is replaced otherwise; up to `threads`
 * threads make it zero. Fails with NST_ERR_MEMORY, naming the size and what it was for. */
nst_status nst_arena_reserve(nst_arena *arena, const char *purpose, int threads, nst_error *error);

/* Back to counting from 0; the block is kept. What was handed out is not valid any more. */
void nst_arena_rewind(nst_arena *arena);

void nst_arena_release(nst_arena *arena); /* the block too; `raw` stays */

#endif
