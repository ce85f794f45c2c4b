/* Symmetric matrices in double, by the LAPACK that comes with OpenBLAS. Being symmetric they are
 * the same by rows and by columns. */
#ifndef NST_KERNELS_LAPACK_H
#define NST_KERNELS_LAPACK_H

#include <stdbool.h>
#include <stddef.h>

/* a = L L^T: L takes the place of the lower triangle by columns. false when a is not positive
 * definite. */
bool nst_cholesky(int n, double *a);

/* x = a^-1 x for `columns` vectors, one after the other, by L of nst_cholesky. */
void nst_cholesky_solve(int n, const double *l, int columns, double *x);

/* ln det a, by L. */
double nst_cholesky_log_det(int n, const double *l);

/* Eigenvalues in ascending order; the eigenvectors, of length 1, take the place of a, one after the
 * other. false when that fails or memory does. */
bool nst_eigen(int n, double *a, double *values);

/* The same in nst_eigen_workspace(n) doubles of scratch. */
bool nst_eigen_in(int n, double *a, double *values, double *workspace);
size_t nst_eigen_workspace(int n);

#endif
