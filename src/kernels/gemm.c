#include "kernels/gemm.h"

#include <cblas.h>

void nst_gemm_single_threaded(void)
{
    if (openblas_get_num_threads() != 1)
        openblas_set_num_threads(1);
}

void nst_gemm(int m, int n, int k, const float *a, int a_stride, const float *b, int b_stride,
              float beta, float *c, int c_stride)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, a, a_stride, b, b_stride,
                beta, c, c_stride);
}

void nst_gemm_gram(int n, int k, const float *a, int a_stride, float beta, float *c, int c_stride)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, n, k, 1.0f, a, a_stride, a, a_stride,
                beta, c, c_stride);
}
