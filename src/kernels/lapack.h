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
 * other. false when LAPACK fails or memory runs out. */
bool nst_eigen(int n, double *a, double *values);

/* The same in nst_eigen_workspace(n) doubles of scratch. */
bool nst_eigen_in(int n, double *a, double *values, double *workspace);
size_t nst_eigen_workspace(int n);

/* a, positive definite, becomes its square root. false: no eigenvalues were found, as when a is not
 * finite. */
bool nst_square_root(int n, double *a, double *workspace);

/* How far apart two covariance matrices are, by the squared Bures distance. The Wasserstein-2
 * distance between two normal distributions, squared, is this plus the squared distance of their
 * means:
 *
 *     tr S + tr A - 2 tr (R S R)^1/2          for S and the root R of A, trace = tr A
 *
 * s becomes the gradient with respect to S: I - R (R S R)^-1/2 R. NAN: no eigenvalues were found.
 * Bhatia, Jain and Lim 2019, On the Bures-Wasserstein distance between positive definite
 * matrices. */
double nst_bures(int n, double *s, const double *root, double trace, double *workspace);

/* Doubles of scratch for nst_square_root and nst_bures. */
size_t nst_bures_workspace(int n);

#endif
