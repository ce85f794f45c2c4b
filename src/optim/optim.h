/* Minimizers of f: R^n -> R. They know nothing of images: a point is n floats.
 *
 * One iteration is one evaluation of value and gradient, so that methods compare at equal cost. */
#ifndef NST_OPTIM_OPTIM_H
#define NST_OPTIM_OPTIM_H

#include <stddef.h>

#include "nst.h"

/* The function: reads x[n], writes *value and gradient[n]. Any status but NST_OK ends the
 * minimization at once and is returned from it; NST_STOPPED is such a status and leaves x valid:
 * the best point so far (L-BFGS), or the current one (Adam). */
typedef nst_status (*nst_function)(void *context, const float *x, double *value, float *gradient,
                                   nst_error *error);

typedef struct nst_problem {
    size_t n;
    nst_function function;
    void *context;
    int threads; /* for the vector arithmetic; never changes the result */
    /* L-BFGS only, may be NULL: called when x becomes the point that `function` was last called
     * for. */
    void (*accepted)(void *context);
} nst_problem;

/* Adam (Kingma and Ba 2015), bias-corrected, with the point clamped to [low, high] after each
 * step. State lives across calls, so that a pyramid can resample the moments between scales. */
typedef struct nst_adam {
    float learning_rate; /* step in units of x; > 0 */
    float beta1, beta2;  /* 0.9, 0.99 */
    float epsilon;       /* 1e-8 */
    float low, high;     /* -INFINITY, INFINITY: no clamping */
    float average_decay; /* of the running average of iterates; 0: no average is kept */
    long step;           /* steps taken; 0 at first, set by the minimizer */
    float *m, *v;        /* [n] moments, caller-owned, zero at first */
    float *average;      /* [n] uncorrected running average, caller-owned, zero at first; or NULL */
    long averaged;       /* iterates in the average; a caller that starts a new one zeroes both */
} nst_adam;

/* `evaluations` steps from x, which holds the last iterate afterwards. scratch: [n] floats for
 * the gradient. */
nst_status nst_adam_minimize(nst_adam *adam, const nst_problem *problem, int evaluations, float *x,
                             float *scratch, nst_error *error);

/* A decay for so many steps: the average spans about the last tenth of them, so that a short run's
 * average does not contain its start. */
float nst_adam_decay(int steps);

/* The bias-corrected running average of the iterates, clamped; x itself when none is kept. */
void nst_adam_average(const nst_adam *adam, const nst_problem *problem, const float *x, float *out);

/* Limited-memory BFGS (Nocedal 1980; two-loop recursion): pairs kept when y.s > 1e-10 |y|^2,
 * and a line search that guarantees decrease. */
typedef struct nst_lbfgs {
    int history;      /* pairs kept, 1..NST_HISTORY_MAX */
    float first_step; /* factor of the first step that is tried in each direction; usually 1 */
    float
        first_move;  /* mean move of a component by the first step along the gradient, before any
                        pair is kept; 0: the step is the gradient, or 1 in all where that is less */
    float low, high; /* bounds of every component, kept by projection; -INFINITY, INFINITY: none */
} nst_lbfgs;

/* Floats of workspace that nst_lbfgs_minimize needs, SIZE_MAX when that overflows. */
size_t nst_lbfgs_workspace(size_t n, int history);

/* At most `evaluations` evaluations from x, which holds the best point found afterwards. Ends
 * early when the gradient vanishes or no step decreases the value any more. */
nst_status nst_lbfgs_minimize(const nst_lbfgs *lbfgs, const nst_problem *problem, int evaluations,
                              float *x, float *workspace, nst_error *error);

#endif
