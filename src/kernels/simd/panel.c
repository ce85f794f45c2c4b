/* The product that a convolution spends its time in, for a few rows and a panel of 32 columns.
 *
 * OpenBLAS packs both factors anew in every call; here the filter was packed once, when the model
 * was opened, and the rows are read where the transform left them. */
#include "kernels/simd/table.h"

/* Rows times vectors are accumulators: all but two or three of the registers there are. */
#if defined(__AVX512F__)
enum { ROWS = 14, VECTORS = 2 };
#elif defined(__AVX2__)
enum { ROWS = 6, VECTORS = 2 };
#elif defined(__aarch64__)
enum { ROWS = 12, VECTORS = 2 };
#else
enum { ROWS = 4, VECTORS = 2 };
#endif
enum { AHEAD = 64 }; /* rows of the filter to fetch ahead of their use: 8 KB */

/* c[rows][vectors * LANES] (+)= a[rows][depth] b[depth][vectors * LANES]; rows and vectors are
 * constants wherever this is inlined, so that the sums live in registers. */
static inline __attribute__((always_inline)) void product(int rows, int vectors, int depth,
                                                          const float *a, size_t a_stride,
                                                          const float *b, size_t b_stride, float *c,
                                                          size_t c_stride, int add)
{
    vec sum[ROWS][VECTORS];
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            sum[i][j] = add ? vec_load(c + (size_t)i * c_stride + j * LANES) : (vec){0};
    for (int k = 0; k < depth; k++) {
        vec w[VECTORS];
        __builtin_prefetch(b + AHEAD * b_stride);
        if (b_stride > 16)
            __builtin_prefetch(b + AHEAD * b_stride + 16);
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            w[j] = vec_load(b + j * LANES);
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
            for (int j = 0; j < vectors; j++)
                sum[i][j] = vec_fma(w[j], vec_all(a[(size_t)i * a_stride + (size_t)k]), sum[i][j]);
        b += b_stride;
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            vec_store(c + (size_t)i * c_stride + j * LANES, sum[i][j]);
}

static inline __attribute__((always_inline)) void strip(int vectors, int rows, int depth,
                                                        const float *a, size_t a_stride,
                                                        const float *b, size_t b_stride, float *c,
                                                        size_t c_stride, int add)
{
    for (; rows >= ROWS; rows -= ROWS) {
        product(ROWS, vectors, depth, a, a_stride, b, b_stride, c, c_stride, add);
        a += ROWS * a_stride;
        c += ROWS * c_stride;
    }
    for (; rows >= 4; rows -= 4) {
        product(4, vectors, depth, a, a_stride, b, b_stride, c, c_stride, add);
        a += 4 * a_stride;
        c += 4 * c_stride;
    }
    for (; rows > 0; rows--) {
        product(1, vectors, depth, a, a_stride, b, b_stride, c, c_stride, add);
        a += a_stride;
        c += c_stride;
    }
}

void NST_FOR_ISA(nst_panel_product_)(int rows, int width, int depth, const float *a, int a_stride,
                                     const float *b, float *c, int c_stride, int add)
{
    size_t stride = (size_t)width, to = (size_t)c_stride;
    int done = 0;
    for (; width - done >= VECTORS * LANES; done += VECTORS * LANES)
        strip(VECTORS, rows, depth, a, (size_t)a_stride, b + done, stride, c + done, to, add);
    for (; done < width; done += LANES)
        strip(1, rows, depth, a, (size_t)a_stride, b + done, stride, c + done, to, add);
}
