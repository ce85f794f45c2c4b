/* Matrix products by OpenBLAS, which gemm.c alone includes. */
#ifndef NST_KERNELS_GEMM_H
#define NST_KERNELS_GEMM_H

#include "nst.h"

/* Make OpenBLAS compute in the thread that calls it, because this library starts the threads
 * itself, and let it allocate its buffer. The setting holds for the whole process. The first call
 * makes it; later calls change nothing, since other threads may be computing products by then.
 * NST_ERR_MEMORY when there is no address space for the buffer: a product would then wait for
 * ever. */
nst_status nst_gemm_prepare(nst_error *error);

/* Its version and the kind of processor that it computes for: its sums differ between them. */
const char *nst_gemm_name(void);

/* c[m][n] = a[m][k] b[k][n] + beta c, row-major, with the given row strides in floats. beta 0
 * overwrites whatever c held. */
void nst_gemm(int m, int n, int k, const float *a, int a_stride, const float *b, int b_stride,
              float beta, float *c, int c_stride);

/* c[n][n] = a^T a + beta c for a[k][n], row-major. */
void nst_gemm_gram(int n, int k, const float *a, int a_stride, float beta, float *c, int c_stride);

/* In double, where small differences between large numbers count; rows without gaps.
 * c[m][n] = a[m][k] b^T for b[n][k];  c[n][n] += a^T a for a[k][n]. */
void nst_gemm_double(int m, int n, int k, const double *a, const double *b, double *c);
void nst_gemm_gram_double(int n, int k, const double *a, double *c);

#endif
