/* The product that Gram matrices are made of: features of some pixels with themselves. */
#include "kernels/simd/table.h"

/* Rows times vectors are accumulators; rows divide a group. */
#if defined(__AVX2__) && !defined(__AVX512F__)
enum { ROWS = 4, VECTORS = 2 };
#else
enum { ROWS = 8, VECTORS = 2 };
#endif

/* c[ROWS][vectors * LANES] (+)= sum over pixels of a[pixel][0..ROWS-1] b[.][pixel][LANES], pixels
 * NST_GROUP apart. */
static inline __attribute__((always_inline)) void block(int vectors, int pixels, const float *a,
                                                        const float *const b[VECTORS], float *c,
                                                        size_t c_stride, bool add)
{
    vec sum[ROWS][VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            sum[i][j] = (vec){0};
    for (size_t p = 0; p < (size_t)pixels; p++) {
        vec right[VECTORS];
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            right[j] = vec_load(b[j] + p * NST_GROUP);
#pragma GCC unroll 8
        for (int i = 0; i < ROWS; i++) {
            vec left = vec_all(a[p * NST_GROUP + (size_t)i]);
#pragma GCC unroll 2
            for (int j = 0; j < vectors; j++)
                sum[i][j] = vec_fma(left, right[j], sum[i][j]);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            float *to = c + (size_t)i * c_stride + j * LANES;
            vec value = sum[i][j];
            if (add)
                value += vec_load(to);
            vec_store(to, value);
        }
}

void NST_FOR_ISA(nst_gram_product_)(int n, int pixels, const float *panels, size_t panel, float *c,
                                    bool add)
{
    size_t stride = (size_t)n;
    for (int j = 0, vectors; j < n; j += vectors * LANES) {
        vectors = (n - j) / LANES;
        vectors = vectors < VECTORS ? vectors : (int)VECTORS;
        const float *b[VECTORS];
        for (int k = 0; k < VECTORS; k++) {
            int column = j + (k < vectors ? k : 0) * LANES;
            b[k] = panels + (size_t)(column / NST_GROUP) * panel + column % NST_GROUP;
        }
        for (int i = 0; i < j + vectors * LANES; i += ROWS) {
            const float *a = panels + (size_t)(i / NST_GROUP) * panel + i % NST_GROUP;
            float *to = c + (size_t)i * stride + j;
            if (vectors == VECTORS)
                block(VECTORS, pixels, a, b, to, stride, add);
            else
                block(1, pixels, a, b, to, stride, add);
        }
    }
}
