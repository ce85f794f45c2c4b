/* Not a test: the objective and the optimizers as a program, for tests/torch/compare.py.
 *
 *     dump_gradient PROBLEM OUT evaluate
 *     dump_gradient PROBLEM OUT lbfgs EVALUATIONS HISTORY
 *     dump_gradient PROBLEM OUT adam EVALUATIONS STEP
 *
 * OUT gets a line of text with the losses (content style tv total), then floats: the gradient at
 * the problem's x, or the point that the optimizer comes to from there. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fixture.h"
#include "optim/optim.h"

typedef struct {
    nst_objective *objective;
    int evaluations;
} run;

static nst_status evaluate(void *context, const float *x, double *value, float *gradient,
                           nst_error *error)
{
    run *r = context;
    nst_losses losses;
    nst_status status = nst_objective_evaluate(r->objective, x, &losses, gradient, error);
    r->evaluations++;
    *value = losses.total;
    return status;
}

static nst_status lbfgs(const nst_problem *problem, int evaluations, int history, float *x,
                        nst_error *error)
{
    /* torch's knows no bounds. */
    const nst_lbfgs settings = {
        .history = history, .first_step = 1.0f, .low = -INFINITY, .high = INFINITY};
    float *workspace = calloc(nst_lbfgs_workspace(problem->n, history), sizeof *workspace);
    if (!workspace)
        return NST_ERR_MEMORY;
    nst_status status = nst_lbfgs_minimize(&settings, problem, evaluations, x, workspace, error);
    free(workspace);
    return status;
}

static nst_status adam(const nst_problem *problem, int evaluations, float step, float *x,
                       nst_error *error)
{
    float *buffers = calloc(problem->n * 3, sizeof *buffers);
    if (!buffers)
        return NST_ERR_MEMORY;
    nst_adam state = {.learning_rate = step,
                      .beta1 = 0.9f,
                      .beta2 = 0.99f,
                      .epsilon = 1e-8f,
                      .low = 0.0f,
                      .high = 1.0f,
                      .m = buffers,
                      .v = buffers + problem->n};
    nst_status status =
        nst_adam_minimize(&state, problem, evaluations, x, buffers + 2 * problem->n, error);
    free(buffers);
    return status;
}

static bool write_out(const char *path, const nst_losses *losses, const float *data, size_t count)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool ok = fprintf(file, "%.17g %.17g %.17g %.17g\n", losses->content, losses->style, losses->tv,
                      losses->total) > 0 &&
              fwrite(data, sizeof *data, count, file) == count;
    return fclose(file) == 0 && ok;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 3 ? argv[3] : "";
    const char *slash = argc > 2 ? strrchr(argv[2], '/') : NULL;
    char folder[1024] = ".";
    bool evaluating = argc == 4 && strcmp(mode, "evaluate") == 0;
    int optimizing = argc != 6                    ? 0
                     : strcmp(mode, "lbfgs") == 0 ? 1
                     : strcmp(mode, "adam") == 0  ? 2
                                                  : 0;
    nst_error error = {0};
    nst_status status;
    nst_model *model = NULL;
    nst_losses losses = {0};
    float *gradient = NULL;
    run r = {0};
    fixture f;

    if (!evaluating && !optimizing) {
        fprintf(stderr, "usage: dump_gradient PROBLEM OUT evaluate|lbfgs N HISTORY|adam N STEP\n");
        return 2;
    }
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - argv[2]), argv[2]);
    if (!fixture_read(argv[1], &f))
        return 1;
    gradient = calloc(fixture_pixels(&f), sizeof *gradient);
    status = gradient ? NST_OK : NST_ERR_MEMORY;
    if (status != NST_OK ||
        (status = fixture_model(&f, folder, NST_CONV_WINOGRAD, &model, &error)) != NST_OK ||
        (status = fixture_objective(&f, model, 2, &r.objective, &error)) != NST_OK)
        goto cleanup;

    if (optimizing) {
        nst_problem problem = {
            .n = fixture_pixels(&f), .function = evaluate, .context = &r, .threads = 2};
        int evaluations = atoi(argv[4]);
        status = optimizing == 1 ? lbfgs(&problem, evaluations, atoi(argv[5]), f.x, &error)
                                 : adam(&problem, evaluations, strtof(argv[5], NULL), f.x, &error);
        if (status != NST_OK)
            goto cleanup;
        if (r.evaluations > evaluations) {
            fprintf(stderr, "%d evaluations instead of %d\n", r.evaluations, evaluations);
            status = NST_ERR_ARGUMENT;
            goto cleanup;
        }
    }
    status = nst_objective_evaluate(r.objective, f.x, &losses, gradient, &error);
    if (status == NST_OK &&
        !write_out(argv[2], &losses, optimizing ? f.x : gradient, fixture_pixels(&f)))
        status = NST_ERR_IO;
cleanup:
    if (status != NST_OK)
        fprintf(stderr, "dump_gradient: %s\n", error.message);
    nst_objective_destroy(r.objective);
    nst_model_close(model);
    free(gradient);
    fixture_destroy(&f);
    return status == NST_OK ? 0 : 1;
}
