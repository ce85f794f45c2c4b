/* Vectors as wide as the instruction set this file is compiled for. A group of 16 channels is one
 * vector with AVX-512, two with AVX2, four with SSE2 or NEON: wider types than the registers
 * would go through memory. */
#ifndef NST_KERNELS_SIMD_VECTOR_H
#define NST_KERNELS_SIMD_VECTOR_H

#include <stdint.h>

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX2__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

typedef float vec __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t ivec __attribute__((vector_size(LANES * 4), may_alias));
typedef uint8_t bvec __attribute__((vector_size(LANES), may_alias));

#define NST_PASTE_(a, b) a##b
#define NST_PASTE(a, b)  NST_PASTE_(a, b)
/* The name of something this file exports, for the instruction set it is compiled for. */
#define NST_FOR_ISA(name) NST_PASTE(name, NST_ISA)

static inline vec vec_load(const float *p)
{
    return *(const vec *)p;
}

static inline void vec_store(float *p, vec v)
{
    *(vec *)p = v;
}

/* v where mask is all ones, 0 where it is zero. */
static inline vec vec_where(ivec mask, vec v)
{
    return (vec)((ivec)v & mask);
}

#endif
