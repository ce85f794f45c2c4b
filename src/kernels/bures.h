/* How far apart two covariance matrices are: the Bures distance, squared, which is the part of the
 * Wasserstein-2 distance between two normal distributions that is not their means'. In double, by
 * eigenvalues. */
#ifndef NST_KERNELS_BURES_H
#define NST_KERNELS_BURES_H

#include <stdbool.h>
#include <stddef.h>

/* Doubles of scratch for matrices of n rows. */
size_t nst_bures_workspace(int n);

/* a[n][n], symmetric and positive definite, becomes its square root. false: no eigenvalues were
 * found, as when a is not finite. */
bool nst_square_root(int n, double *a, double *workspace);

/* tr S + tr A - 2 tr (R S R)^1/2 for the symmetric s[n][n] and the root R of A, trace = tr A.
 * s becomes the gradient with respect to S: I - R (R S R)^-1/2 R. NAN: no eigenvalues were found.
 */
double nst_bures(int n, double *s, const double *root, double trace, double *workspace);

#endif
