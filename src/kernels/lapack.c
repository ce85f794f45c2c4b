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

bool nst_eigen(int n, double *a, double *values)
{
    double best = 0.0, *work = NULL;
    int whole_best = 0, *whole_work = NULL, info = 0, asked = -1;
    dsyevd_("V", "L", &n, a, &n, values, &best, &asked, &whole_best, &asked, &info);
    int size = (int)best, whole_size = whole_best;
    if (info == 0) {
        work = malloc((size_t)size * sizeof *work);
        whole_work = malloc((size_t)whole_size * sizeof *whole_work);
        if (work && whole_work)
            dsyevd_("V", "L", &n, a, &n, values, work, &size, whole_work, &whole_size, &info);
        else
            info = -1;
    }
    free(work);
    free(whole_work);
    return info == 0;
}
