/* Arithmetic on sizes that comes from files: false instead of wrapping around. */
#ifndef NST_BASE_CHECKED_H
#define NST_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

static inline bool nst_mul_size(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static inline bool nst_add_size(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

#endif
