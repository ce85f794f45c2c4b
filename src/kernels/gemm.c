#include "kernels/gemm.h"

#include <cblas.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"

/* OpenBLAS never returns when it cannot map its buffer. So the first one is taken here, after a
 * check that there is room for it. Where the limit of memory counts mappings, products take turns,
 * so that one buffer is enough. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool in_turns;

nst_status nst_gemm_prepare(nst_error *error)
{
    static atomic_bool prepared;
    const float one = 1.0f;
    float product;
    nst_status status = NST_OK;
    pthread_mutex_lock(&turn);
    if (!atomic_load(&prepared)) {
        if (openblas_get_num_threads() != 1)
            openblas_set_num_threads(1);
        if (nst_memory_has_room(NST_MEMORY_PRODUCT_MIB)) {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 1, 1.0f, &one, 1, &one, 1,
                        0.0f, &product, 1);
            atomic_store(&in_turns, nst_memory_counts_mappings());
            atomic_store(&prepared, true);
        } else {
            status = nst_fail(error, NST_ERR_MEMORY,
                              "out of memory: OpenBLAS needs %d MiB of address space; no size fits",
                              NST_MEMORY_PRODUCT_MIB);
        }
    }
    pthread_mutex_unlock(&turn);
    return status;
}

const char *nst_gemm_name(void)
{
    return openblas_get_config();
}

static void product(enum CBLAS_TRANSPOSE transpose, int m, int n, int k, const float *a,
                    int a_stride, const float *b, int b_stride, float beta, float *c, int c_stride)
{
    bool alone = atomic_load_explicit(&in_turns, memory_order_relaxed);
    if (alone)
        pthread_mutex_lock(&turn);
    cblas_sgemm(CblasRowMajor, transpose, CblasNoTrans, m, n, k, 1.0f, a, a_stride, b, b_stride,
                beta, c, c_stride);
    if (alone)
        pthread_mutex_unlock(&turn);
}

void nst_gemm(int m, int n, int k, const float *a, int a_stride, const float *b, int b_stride,
              float beta, float *c, int c_stride)
{
    product(CblasNoTrans, m, n, k, a, a_stride, b, b_stride, beta, c, c_stride);
}

void nst_gemm_gram(int n, int k, const float *a, int a_stride, float beta, float *c, int c_stride)
{
    product(CblasTrans, n, n, k, a, a_stride, a, a_stride, beta, c, c_stride);
}

void nst_gemm_double(int m, int n, int k, const double *a, const double *b, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0, a, k, b, k, 0.0, c, n);
}

void nst_gemm_gram_double(int n, int k, const double *a, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, n, k, 1.0, a, n, a, n, 1.0, c, n);
}
