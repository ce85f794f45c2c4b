/* With R S R = sum_k l_k v_k v_k^T the trace of its root is sum_k l_k^1/2, and the map that carries
 * one distribution onto the other, R (R S R)^-1/2 R, is the sum of the squares of l_k^-1/4 R v_k.
 * The distance and its gradient: Bhatia, Jain and Lim 2019, On the Bures-Wasserstein distance
 * between positive definite matrices. */
#include "kernels/bures.h"

#include <math.h>
#include <string.h>

#include "kernels/gemm.h"
#include "kernels/lapack.h"

/* Eigenvalues count as this much at least where they are divided by. */
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
