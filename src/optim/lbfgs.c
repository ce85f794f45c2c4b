/* L-BFGS: Nocedal 1980, Updating Quasi-Newton Matrices with Limited Storage.
 *
 * The history is the long part of the memory traffic, so the two-loop recursion never touches it.
 * Every vector it makes is a combination of the pairs s_j, y_j and the gradient; from the inner
 * products of those, the recursion runs on coefficients (Chen, Wang and Zhou 2014, Large-scale
 * L-BFGS using MapReduce). An iteration reads the history twice: for the new inner products, and to
 * sum up the direction.
 *
 * Bounds are met by projection: components at a bound whose gradient points outwards rest, and
 * trial points are clamped (Bertsekas 1982, Projected Newton Methods). */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/parallel.h"
#include "optim/optim.h"
#include "optim/vector.h"

enum {
    VECTORS = 2 * NST_HISTORY_MAX, /* s_0.. s_m-1, y_0.. y_m-1 */
    TRIALS = 10,                   /* evaluations along one direction at most */
    SUMS = 4                       /* inner products with each stored vector, and a few more */
};
static const double DECREASE = 1e-4;       /* Armijo: share of the promised decrease */
static const double CURVATURE_MIN = 1e-10; /* pairs kept when y.s exceeds this times |y|^2 */

typedef struct {
    const nst_lbfgs *settings;
    const nst_problem *problem;
    size_t n, stride; /* floats of a vector; between vectors, so that each is aligned */
    int history, pairs, newest;
    float *x;                          /* the caller's: where f is evaluated */
    float *gradient;                   /* there */
    float *x_before, *gradient_before; /* where the direction starts */
    float *direction;
    float *store;                      /* history s, then history y */
    double *partial;                   /* scratch of sums */
    double products[VECTORS][VECTORS]; /* of stored vectors: s_j . y_k and y_j . y_k, s . s */
    double with_gradient[VECTORS];     /* of stored vectors and the free gradient */
    double coefficient[VECTORS + 1];   /* of the direction; the last is the gradient's */
} state;

static size_t stride_of(size_t n)
{
    return (n + 15) / 16 * 16;
}

size_t nst_lbfgs_workspace(size_t n, int history)
{
    size_t floats, sums = 2 * (size_t)NST_CHUNKS * SUMS * VECTORS; /* doubles as floats */
    size_t state_floats = (sizeof(state) + 63) / 64 * 16;
    if (n > SIZE_MAX - 15 || !nst_mul_size(stride_of(n), 2 * (size_t)history + 4, &floats) ||
        !nst_add_size(floats, sums + state_floats, &floats))
        return SIZE_MAX;
    return floats;
}

static float *stored(const state *s, int vector)
{
    return s->store + (size_t)vector * s->stride;
}

/* ---- passes over the data -------------------------------------------------------------------- */

/* A component at a bound that the gradient would push through it does not take part. */
static inline float free_part(const nst_lbfgs *b, float x, float g)
{
    return (x <= b->low && g > 0.0f) || (x >= b->high && g < 0.0f) ? 0.0f : g;
}

/* Sums for each stored vector v: v . s_new, v . y_new, v . free gradient. */
static void products_block(void *context, size_t first, size_t count, double *sums)
{
    const state *s = context;
    const float *s_new = stored(s, s->newest) + first;
    const float *y_new = stored(s, s->history + s->newest) + first;
    float free_gradient[NST_CHUNK_BLOCK];
    for (size_t i = 0; i < count; i++)
        free_gradient[i] = free_part(s->settings, s->x[first + i], s->gradient[first + i]);
    for (int j = 0; j < s->pairs; j++)
        for (int part = 0; part < 2; part++) {
            int vector = part * s->history + j;
            const float *v = stored(s, vector) + first;
            double *sum = sums + (ptrdiff_t)SUMS * vector;
            sum[0] += nst_dot_block(v, s_new, count);
            sum[1] += nst_dot_block(v, y_new, count);
            sum[2] += nst_dot_block(v, free_gradient, count);
        }
}

static void update_products(state *s)
{
    double total[SUMS * VECTORS];
    int s_new = s->newest, y_new = s->history + s->newest;
    nst_chunks_run(s->n, s->problem->threads, products_block, s, SUMS * 2 * s->history, s->partial,
                   total);
    for (int j = 0; j < s->pairs; j++)
        for (int part = 0; part < 2; part++) {
            int v = part * s->history + j;
            const double *sum = total + (ptrdiff_t)SUMS * v;
            s->products[v][s_new] = s->products[s_new][v] = sum[0];
            s->products[v][y_new] = s->products[y_new][v] = sum[1];
            s->with_gradient[v] = sum[2];
        }
}

/* direction = sum of coefficients times vectors; sums its product with the gradient, and the
 * absolute values of the gradient. */
static void direction_block(void *context, size_t first, size_t count, double *sums)
{
    const state *s = context;
    const float *x = s->x + first, *g = s->gradient + first;
    float *d = s->direction + first;
    float of_gradient = (float)s->coefficient[VECTORS];
    for (size_t i = 0; i < count; i++)
        d[i] = of_gradient * free_part(s->settings, x[i], g[i]);
    for (int j = 0; j < s->pairs; j++) {
        const float *sj = stored(s, j) + first, *yj = stored(s, s->history + j) + first;
        float a = (float)s->coefficient[j], b = (float)s->coefficient[s->history + j];
        for (size_t i = 0; i < count; i++)
            d[i] += a * sj[i] + b * yj[i];
    }
    for (size_t i = 0; i < count; i++) {
        bool rests =
            (x[i] <= s->settings->low && d[i] < 0.0f) || (x[i] >= s->settings->high && d[i] > 0.0f);
        d[i] = rests ? 0.0f : d[i];
        sums[1] += fabs((double)g[i]);
    }
    sums[0] += nst_dot_block(g, d, count);
}

typedef struct {
    state *s;
    float step;
} trial;

/* x = clamped x_before + step direction; sums g_before . (x - x_before). */
static void move_block(void *context, size_t first, size_t count, double *sums)
{
    const trial *t = context;
    const state *s = t->s;
    const float *from = s->x_before + first, *d = s->direction + first;
    float *x = s->x + first, moved[NST_CHUNK_BLOCK];
    float low = s->settings->low, high = s->settings->high;
    for (size_t i = 0; i < count; i++) {
        float y = from[i] + t->step * d[i];
        y = y < low ? low : y;
        x[i] = y > high ? high : y;
        moved[i] = x[i] - from[i];
    }
    sums[0] += nst_dot_block(s->gradient_before + first, moved, count);
}

static void curvature_block(void *context, size_t first, size_t count, double *sums)
{
    const state *s = context;
    float ds[NST_CHUNK_BLOCK], dy[NST_CHUNK_BLOCK];
    for (size_t i = 0; i < count; i++) {
        ds[i] = s->x[first + i] - s->x_before[first + i];
        dy[i] = s->gradient[first + i] - s->gradient_before[first + i];
    }
    sums[0] += nst_dot_block(ds, dy, count);
    sums[1] += nst_dot_block(dy, dy, count);
}

static void store_block(void *context, size_t first, size_t count, double *sums)
{
    (void)sums;
    const state *s = context;
    float *ds = stored(s, s->newest) + first, *dy = stored(s, s->history + s->newest) + first;
    for (size_t i = 0; i < count; i++) {
        ds[i] = s->x[first + i] - s->x_before[first + i];
        dy[i] = s->gradient[first + i] - s->gradient_before[first + i];
    }
}

/* ---- the recursion, on coefficients ---------------------------------------------------------- */

static double product_with(const state *s, int vector)
{
    double sum = s->coefficient[VECTORS] * s->with_gradient[vector];
    for (int j = 0; j < s->pairs; j++)
        sum += s->coefficient[j] * s->products[vector][j] +
               s->coefficient[s->history + j] * s->products[vector][s->history + j];
    return sum;
}

/* Coefficients of -H g. */
static void two_loops(state *s)
{
    double alpha[NST_HISTORY_MAX];
    memset(s->coefficient, 0, sizeof s->coefficient);
    s->coefficient[VECTORS] = -1.0;
    for (int age = 0; age < s->pairs; age++) {
        int j = (s->newest - age + s->history) % s->history, y = s->history + j;
        alpha[j] = product_with(s, j) / s->products[j][y];
        s->coefficient[y] -= alpha[j];
    }
    if (s->pairs > 0) {
        int j = s->newest, y = s->history + j;
        double scale = s->products[j][y] / s->products[y][y];
        for (int i = 0; i <= VECTORS; i++)
            s->coefficient[i] *= scale;
    }
    for (int age = s->pairs - 1; age >= 0; age--) {
        int j = (s->newest - age + s->history) % s->history, y = s->history + j;
        double beta = product_with(s, y) / s->products[j][y];
        s->coefficient[j] += alpha[j] - beta;
    }
}

/* ---- the line search
 * ----------------------------------------------------------------------------- */

/* Where the cubic through value and slope at 0 and at `step` has its minimum, kept within 0.1 to
 * 0.6 of the step; half of it when there is none. */
static double shorter(double step, double f0, double slope0, double f1, double slope1)
{
    double theta = 3.0 * (f0 - f1) / step + slope0 + slope1;
    double root = theta * theta - slope0 * slope1;
    double share = 0.5;
    if (isfinite(root) && root >= 0.0) {
        double gamma = sqrt(root);
        share = (gamma - slope0 + theta) / (2.0 * gamma - slope0 + slope1);
    }
    if (!isfinite(share))
        share = 0.5;
    return step * (share < 0.1 ? 0.1 : share > 0.6 ? 0.6 : share);
}

static void slope_block(void *context, size_t first, size_t count, double *sums)
{
    const state *s = context;
    sums[0] += nst_dot_block(s->gradient + first, s->direction + first, count);
}

static void swap(float **a, float **b)
{
    float *t = *a;
    *a = *b;
    *b = t;
}

static void accept(const nst_problem *problem)
{
    if (problem->accepted)
        problem->accepted(problem->context);
}

/* Search from x along the direction. Leaves the accepted point in x, gradient and *value, or, with
 * *accepted false, everything as it was. Takes from *left, the evaluations that remain. */
static nst_status search(state *s, double slope, double step, double *value, int *left,
                         bool *accepted, nst_error *error)
{
    double start = *value;
    nst_status status = NST_OK;
    memcpy(s->x_before, s->x, s->n * sizeof(float));
    swap(&s->gradient, &s->gradient_before);
    *accepted = false;
    for (int i = 0; i<TRIALS && * left> 0; i++) {
        trial t = {s, (float)step};
        double promised, trial_value;
        nst_chunks_run(s->n, s->problem->threads, move_block, &t, 1, s->partial, &promised);
        if (nst_parallel_cancelled()) {
            status = NST_STOPPED;
            break;
        }
        if (!(promised < 0.0))
            break; /* what the bounds leave of the step leads uphill: not worth an evaluation */
        (*left)--;
        status = s->problem->function(s->problem->context, s->x, &trial_value, s->gradient, error);
        if (status != NST_OK)
            break;
        if (isfinite(trial_value) && trial_value < start &&
            trial_value <= start + DECREASE * promised) {
            *value = trial_value;
            *accepted = true;
            accept(s->problem);
            return NST_OK;
        }
        if (!isfinite(trial_value)) {
            step *= 0.1;
            continue;
        }
        double trial_slope;
        nst_chunks_run(s->n, s->problem->threads, slope_block, s, 1, s->partial, &trial_slope);
        step = shorter(step, start, slope, trial_value, trial_slope);
    }
    memcpy(s->x, s->x_before, s->n * sizeof(float));
    swap(&s->gradient, &s->gradient_before);
    return status;
}

/* ---- the method
 * ------------------------------------------------------------------------------------ */

/* Keep the pair of the step just made, if the function curves upwards along it. */
static void remember(state *s)
{
    double sums[2];
    nst_chunks_run(s->n, s->problem->threads, curvature_block, s, 2, s->partial, sums);
    if (sums[0] > CURVATURE_MIN * sums[1]) {
        s->newest = (s->newest + 1) % s->history;
        s->pairs = s->pairs < s->history ? s->pairs + 1 : s->pairs;
        nst_chunks_run(s->n, s->problem->threads, store_block, s, 0, NULL, NULL);
    }
    if (s->pairs > 0)
        update_products(s);
}

/* How far to go along the gradient before anything is known of the curvature. A step so short that
 * single precision can hardly tell the two gradients apart is worse than a wasted evaluation: the
 * pair that it leaves is noise, and misleads the directions after it. */
static double first_length(const state *s, double gradient_norm)
{
    double move = (double)s->settings->first_move;
    return move > 0.0 ? move * (double)s->n / gradient_norm : fmin(1.0, 1.0 / gradient_norm);
}

static void forget(state *s)
{
    s->pairs = 0;
    s->newest = s->history - 1;
}

static state *place(const nst_lbfgs *lbfgs, const nst_problem *problem, float *x, float *workspace)
{
    state *s = (state *)(void *)workspace;
    float *at = workspace + (sizeof(state) + 63) / 64 * 16;
    memset(s, 0, sizeof *s);
    s->settings = lbfgs;
    s->problem = problem;
    s->n = problem->n;
    s->stride = stride_of(problem->n);
    s->history = lbfgs->history;
    s->x = x;
    s->partial = (double *)(void *)at;
    at += 2 * (size_t)NST_CHUNKS * SUMS * VECTORS;
    float **vectors[] = {&s->gradient, &s->x_before, &s->gradient_before, &s->direction, &s->store};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        *vectors[i] = at;
        at += s->stride;
    }
    forget(s);
    return s;
}

nst_status nst_lbfgs_minimize(const nst_lbfgs *lbfgs, const nst_problem *problem, int evaluations,
                              float *x, float *workspace, nst_error *error)
{
    state *s = place(lbfgs, problem, x, workspace);
    double value;
    if (evaluations < 1)
        return NST_OK;
    nst_status status = problem->function(problem->context, x, &value, s->gradient, error);
    if (status == NST_OK || status == NST_STOPPED)
        accept(problem);
    if (status != NST_OK)
        return status;
    if (!isfinite(value))
        return nst_fail(error, NST_ERR_NUMERIC, "the value to minimize is not finite");

    for (int left = evaluations - 1; left > 0;) {
        double sums[2]; /* slope along the direction, |gradient|_1 */
        bool accepted;
        two_loops(s);
        nst_chunks_run(s->n, problem->threads, direction_block, s, 2, s->partial, sums);
        if (nst_parallel_cancelled())
            return NST_STOPPED;
        bool steepest = s->pairs == 0;
        if (!(sums[0] < 0.0)) {
            if (steepest)
                break; /* the gradient vanishes */
            forget(s);
            continue;
        }
        double step = (double)lbfgs->first_step * (steepest ? first_length(s, sums[1]) : 1.0);
        status = search(s, sums[0], step, &value, &left, &accepted, error);
        if (status != NST_OK)
            return status;
        if (accepted)
            remember(s);
        else if (steepest)
            break; /* not even downhill does it decrease: as low as float can tell */
        else
            forget(s);
    }
    return NST_OK;
}
