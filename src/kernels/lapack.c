#include "kernels/lapack.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

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
