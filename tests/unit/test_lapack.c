/* Square roots of matrices, and the Bures distance with its gradient: against products, the closed
 * form for diagonal matrices, and central differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/gemm.h"
#include "kernels/lapack.h"

enum { N = 7 };

static double workspace[4096];

static int prepare(void **state)
{
    (void)state;
    return nst_bures_workspace(N) > 4096 || nst_gemm_prepare(NULL) != NST_OK;
}

/* B B^T / N + 0.1 I for a B of no particular numbers. */
static void covariance(double phase, double a[N * N])
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i * N + j] = i == j ? 0.1 : 0.0;
            for (int k = 0; k < N; k++)
                a[i * N + j] += sin(phase + 3.7 * i + 1.3 * k) * sin(phase + 3.7 * j + 1.3 * k) / N;
        }
}

static double trace_of(const double a[N * N])
{
    double trace = 0.0;
    for (int i = 0; i < N; i++)
        trace += a[i * N + i];
    return trace;
}

static double distance(const double s[N * N], const double a[N * N], double gradient[N * N])
{
    double root[N * N];
    memcpy(root, a, sizeof root);
    assert_true(nst_square_root(N, root, workspace));
    memcpy(gradient, s, sizeof root);
    return nst_bures(N, gradient, root, trace_of(a), workspace);
}

static void test_a_root_squared_is_the_matrix(void **state)
{
    (void)state;
    double a[N * N], root[N * N];
    covariance(0.4, a);
    memcpy(root, a, sizeof root);
    assert_true(nst_square_root(N, root, workspace));
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++)
                sum += root[i * N + k] * root[k * N + j];
            assert_true(fabs(sum - a[i * N + j]) < 1e-12);
        }
}

static void test_the_same_is_not_apart(void **state)
{
    (void)state;
    double a[N * N], gradient[N * N];
    covariance(0.4, a);
    assert_true(fabs(distance(a, a, gradient)) < 1e-12);
    for (int i = 0; i < N * N; i++)
        assert_true(fabs(gradient[i]) < 1e-9);
}

/* sum (s^1/2 - a^1/2)^2, and 1 - (a / s)^1/2 */
static void test_diagonal_matrices(void **state)
{
    (void)state;
    double s[N * N] = {0}, a[N * N] = {0}, gradient[N * N], expected = 0.0;
    for (int i = 0; i < N; i++) {
        s[i * N + i] = 0.5 + i;
        a[i * N + i] = 3.0 / (1 + i);
        expected += pow(sqrt(s[i * N + i]) - sqrt(a[i * N + i]), 2);
    }
    assert_true(fabs(distance(s, a, gradient) - expected) < 1e-12);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double want = i == j ? 1.0 - sqrt(a[i * N + i] / s[i * N + i]) : 0.0;
            assert_true(fabs(gradient[i * N + j] - want) < 1e-10);
        }
}

static void test_the_gradient_is_that_of_central_differences(void **state)
{
    (void)state;
    double s[N * N], a[N * N], gradient[N * N], ignored[N * N];
    const double step = 1e-5;
    covariance(0.4, s);
    covariance(1.9, a);
    distance(s, a, gradient);
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            double kept = s[i * N + j], slope = 0.0;
            for (int sign = -1; sign <= 1; sign += 2) {
                s[i * N + j] = s[j * N + i] = kept + sign * step;
                slope += sign * distance(s, a, ignored) / (2.0 * step);
            }
            s[i * N + j] = s[j * N + i] = kept;
            double want = (i == j ? 1.0 : 2.0) * gradient[i * N + j];
            assert_true(fabs(slope - want) < 1e-6 * (1.0 + fabs(want)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_root_squared_is_the_matrix),
        cmocka_unit_test(test_the_same_is_not_apart),
        cmocka_unit_test(test_diagonal_matrices),
        cmocka_unit_test(test_the_gradient_is_that_of_central_differences),
    };
    return cmocka_run_group_tests_name("lapack", tests, prepare, NULL);
}
