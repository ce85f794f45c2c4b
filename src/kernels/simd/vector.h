/* Vectors as wide as the instruction set this file is compiled for. A group of 16 channels is one
 * vector with AVX-512, two with AVX2, four with SSE2 or NEON: wider types than the registers
 * would go through memory. */
#ifndef NST_KERNELS_SIMD_VECTOR_H
#define NST_KERNELS_SIMD_VECTOR_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

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

static inline vec vec_all(float value)
{
#if defined(__AVX512F__)
    return (vec)_mm512_set1_ps(value);
#elif defined(__AVX2__)
    return (vec)_mm256_set1_ps(value);
#elif defined(__aarch64__)
    return (vec)vdupq_n_f32(value);
#else
    return (vec){value, value, value, value};
#endif
}

/* from[index[k]] in lane k; index is aligned like a vector. */
static inline vec vec_gather(const float *from, const int32_t *index)
{
#if defined(__AVX512F__)
    return (vec)_mm512_i32gather_ps(_mm512_load_si512(index), from, sizeof *from);
#elif defined(__AVX2__)
    return (vec)_mm256_i32gather_ps(from, _mm256_load_si256((const __m256i *)index), sizeof *from);
#else
    return (vec){from[index[0]], from[index[1]], from[index[2]], from[index[3]]};
#endif
}

/* a b + c, rounded once where the processor can (HAS_FMA); all such processors give the same bytes,
 * however wide their vectors are. -ffp-contract=off keeps compilers from fusing by themselves,
 * because each would do so in other places. */
#if defined(__FMA__) || defined(__aarch64__)
enum { HAS_FMA = 1 };
#else
enum { HAS_FMA = 0 };
#endif

static inline vec vec_fma(vec a, vec b, vec c)
{
#if defined(__AVX512F__)
    return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FMA__)
    return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
    return (vec)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
    return a * b + c;
#endif
}

/* v where mask is all ones, 0 where it is zero. */
static inline vec vec_where(ivec mask, vec v)
{
    return (vec)((ivec)v & mask);
}

#endif
