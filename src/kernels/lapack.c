#include "kernels/lapack.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/gemm.h"

/* Fortran's names. */
void dpotrf_(const char *triangle, const int *n, double *a, const int *stride, int *info);
void dpotrs_(const char *triangle, const int *n, const int *columns, const double *a,
             const int *stride, double *x, const int *x_stride, int *info);
void dsyevd_(const char *vectors, const char *triangle, const int *n, double *a, const int *stride,
             double *values, double *work, const int *work_size, int *whole_work,
             const int *whole_work_size, int *info);

bool nst_cholesky(int n, double *a)
{
    int info = 0;
    dpotrf_("L", &n, a, &n, &info);
    return info == 0;
}

void nst_cholesky_solve(int n, const double *l, int columns, double *x)
{
    int info = 0;
    dpotrs_("L", &n, &columns, l, &n, x, &n, &info);
}

double nst_cholesky_log_det(int n, const double *l)
{
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)n; i++)
        sum += 2.0 * log(l[i * (size_t)n + i]);
    return sum;
}

/* What dsyevd asks for at least, in doubles and in whole numbers. */
static int real_work(int n)
{
    return 1 + 6 * n + 2 * n * n;
}

static int whole_work(int n)
{
    return 3 + 5 * n;
}

size_t nst_eigen_workspace(int n)
{
    return (size_t)real_work(n) + (size_t)whole_work(n);
}

bool nst_eigen_in(int n, double *a, double *values, double *workspace)
{
    int size = real_work(n), whole_size = whole_work(n), info = 0;
    int *whole = (int *)(void *)(workspace + size);
    dsyevd_("V", "L", &n, a, &n, values, workspace, &size, whole, &whole_size, &info);
    return info == 0;
}

bool nst_eigen(int n, double *a, double *values)
{
    double *workspace = malloc(nst_eigen_workspace(n) * sizeof *workspace);
    bool found = workspace && nst_eigen_in(n, a, values, workspace);
    free(workspace);
    return found;
}

/* ---- roots ----------------------------------------------------------------------------------- */

/* With R S R = sum_k l_k v_k v_k^T the trace of its root is sum_k l_k^1/2, and the map that carries
 * one distribution onto the other, R (R S R)^-1/2 R, is the sum of the squares of l_k^-1/4 R v_k.
 */

/* Smaller eigenvalues count as this where something is divided by them. */
#define EIGENVALUE_MIN 1e-30

size_t nst_bures_workspace(int n)
{
    return 2 * (size_t)n * (size_t)n + (size_t)n + nst_eigen_workspace(n);
}

/* out = sum_k values_k^power v_k v_k^T for the rows v_k, which are scaled on the way. */
static void sum_of_squares(int n, double *rows, const double *values, double power, double *out)
{
    size_t side = (size_t)n;
    for (size_t k = 0; k < side; k++) {
        double scale = pow(fmax(values[k], EIGENVALUE_MIN), 0.5 * power);
        for (size_t j = 0; j < side; j++)
            rows[k * side + j] *= scale;
    }
    memset(out, 0, side * side * sizeof *out);
    nst_gemm_gram_double(n, n, rows, out);
}

bool nst_square_root(int n, double *a, double *workspace)
{
    size_t side = (size_t)n;
    double *rows = workspace, *values = rows + 2 * side * side;
    memcpy(rows, a, side * side * sizeof *a);
    if (!nst_eigen_in(n, rows, values, values + side))
        return false;
    sum_of_squares(n, rows, values, 0.5, a);
    return true;
}

double nst_bures(int n, double *s, const double *root, double trace, double *workspace)
{
    size_t side = (size_t)n;
    double *product = workspace, *rows = product + side * side, *values = rows + side * side;
    double distance = trace;
    for (size_t i = 0; i < side; i++)
        distance += s[i * side + i];
    nst_gemm_double(n, n, n, root, s, product);
    nst_gemm_double(n, n, n, product, root, rows);
    if (!nst_eigen_in(n, rows, values, values + side))
        return NAN;
    for (size_t k = 0; k < side; k++)
        distance -= 2.0 * sqrt(fmax(values[k], 0.0));
    nst_gemm_double(n, n, n, rows, root, product);
    sum_of_squares(n, product, values, -0.5, s);
    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++)
            s[i * side + j] = (i == j ? 1.0 : 0.0) - s[i * side + j];
    return distance;
}
