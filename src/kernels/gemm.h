/* Matrix products, by OpenBLAS. The only door to it. */
#ifndef NST_KERNELS_GEMM_H
#define NST_KERNELS_GEMM_H

/* Make OpenBLAS compute in the calling thread: the threads are ours, one per block of work.
 * This is a setting of the whole process, made before the first product; later calls, when
 * products may be under way in other threads, change nothing. */
void nst_gemm_single_threaded(void);

/* c[m][n] = a[m][k] b[k][n] + beta c, row-major, with the given row strides in floats. beta 0
 * overwrites whatever c held. */
void nst_gemm(int m, int n, int k, const float *a, int a_stride, const float *b, int b_stride,
              float beta, float *c, int c_stride);

/* c[n][n] = a^T a + beta c for a[k][n], row-major. */
void nst_gemm_gram(int n, int k, const float *a, int a_stride, float beta, float *c, int c_stride);

#endif
