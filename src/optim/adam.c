/* Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, with clamping and a running
 * average of the iterates. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "optim/optim.h"
#include "optim/vector.h"

typedef struct {
    const nst_adam *adam;
    float *x;
    const float *gradient;
    float step, correction; /* learning rate over 1 - beta1^t; 1 / (1 - beta2^t) */
} adam_step;

static void step_block(void *context, size_t first, size_t count, double *sums)
{
    (void)sums;
    const adam_step *s = context;
    const nst_adam *adam = s->adam;
    float *x = s->x + first, *m = adam->m + first, *v = adam->v + first;
    const float *g = s->gradient + first;
    for (size_t i = 0; i < count; i++) {
        m[i] += (1.0f - adam->beta1) * (g[i] - m[i]);
        v[i] += (1.0f - adam->beta2) * (g[i] * g[i] - v[i]);
        float y = x[i] - s->step * m[i] / (sqrtf(v[i] * s->correction) + adam->epsilon);
        y = y < adam->low ? adam->low : y;
        x[i] = y > adam->high ? adam->high : y;
    }
    if (adam->average) {
        float *average = adam->average + first;
        for (size_t i = 0; i < count; i++)
            average[i] += (1.0f - adam->average_decay) * (x[i] - average[i]);
    }
}

/* base^exponent, by squaring: pow differs between mathematics libraries in the last bit. */
static double power(double base, long exponent)
{
    double result = 1.0;
    for (; exponent > 0; exponent >>= 1, base *= base)
        if (exponent & 1)
            result *= base;
    return result;
}

nst_status nst_adam_minimize(nst_adam *adam, const nst_problem *problem, int evaluations, float *x,
                             float *scratch, nst_error *error)
{
    for (int i = 0; i < evaluations; i++) {
        double value;
        nst_status status = problem->function(problem->context, x, &value, scratch, error);
        if (status != NST_OK)
            return status;
        if (!isfinite(value))
            return nst_fail(error, NST_ERR_NUMERIC, "the value to minimize is not finite");
        adam->step++;
        adam_step step = {
            .adam = adam,
            .x = x,
            .gradient = scratch,
            .step = (float)((double)adam->learning_rate /
                            (1.0 - power((double)adam->beta1, adam->step))),
            .correction = (float)(1.0 / (1.0 - power((double)adam->beta2, adam->step))),
        };
        /* A step is not left half done. */
        nst_crew crew = nst_crew_uninterrupted();
        nst_chunks_run(problem->n, problem->threads, step_block, &step, 0, NULL, NULL);
        nst_crew_enter(crew);
        if (adam->average)
            adam->averaged++;
    }
    return NST_OK;
}

float nst_adam_decay(int steps)
{
    double span = 1.0 + 0.1 * (double)steps;
    return (float)(1.0 - 1.0 / span);
}

typedef struct {
    const nst_adam *adam;
    double seen;
    float *out;
} mean_run;

static void mean_span(void *context, size_t first, size_t count)
{
    const mean_run *r = context;
    for (size_t i = first; i < first + count; i++) {
        float y = (float)((double)r->adam->average[i] / r->seen);
        y = y < r->adam->low ? r->adam->low : y;
        r->out[i] = y > r->adam->high ? r->adam->high : y;
    }
}

/* Whoever has stopped a run gets the mean up to there. */
void nst_adam_average(const nst_adam *adam, const nst_problem *problem, const float *x, float *out)
{
    if (!adam->average || adam->averaged == 0) {
        memcpy(out, x, problem->n * sizeof *out);
        return;
    }
    /* The average started from zero, so its weights sum to less than 1: to `seen`. Dividing by it
     * makes it a mean (Kingma and Ba 2015, section 3, for the moments). */
    mean_run r = {adam, 1.0 - power((double)adam->average_decay, adam->averaged), out};
    nst_crew crew = nst_crew_uninterrupted();
    nst_parallel_spans(problem->n, problem->threads, mean_span, &r);
    nst_crew_enter(crew);
}
