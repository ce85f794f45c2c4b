/* One iteration, timed on request: content and five style layers, backward, Adam step.
 *
 *     iteration WEIGHTS|- SIZE THREADS [im2col|winograd|packed|bf16]
 *
 * reads lines from standard input; each asks for that many iterations and is answered by their
 * milliseconds, so that a driver can alternate between programs that stay warm. "-" is the
 * bundled model. See bench.py. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/parallel.h"
#include "model/model.h"
#include "nst.h"
#include "optim/optim.h"
#include "style/objective.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Smooth waves with a little noise: what the pixels are does not matter, that none is special
 * does. */
static void paint(nst_image *image, double phase)
{
    size_t i = 0;
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < image->height; y++)
            for (int x = 0; x < image->width; x++)
                image->rgb[i++] =
                    (float)(0.5 + 0.3 * sin(0.05 * x + phase + c) * cos(0.07 * y * phase) +
                            0.1 * sin(12.9898 * x + 78.233 * y + phase));
}

static nst_status evaluate(void *context, const float *x, double *value, float *gradient,
                           nst_error *error)
{
    nst_losses losses = {0};
    nst_status status = nst_objective_evaluate(context, x, &losses, gradient, error);
    *value = losses.total;
    return status;
}

static nst_conv_algorithm algorithm_named(const char *name)
{
    return strcmp(name, "im2col") == 0     ? NST_CONV_IM2COL
           : strcmp(name, "winograd") == 0 ? NST_CONV_WINOGRAD
           : strcmp(name, "packed") == 0   ? NST_CONV_PACKED
           : strcmp(name, "bf16") == 0     ? NST_CONV_BF16
                                           : nst_conv_best();
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: iteration WEIGHTS|- SIZE THREADS [im2col|winograd|packed|bf16]\n");
        return 2;
    }
    int size = atoi(argv[2]), threads = atoi(argv[3]);
    const char *path = strcmp(argv[1], "-") == 0 ? NULL : argv[1];
    nst_error error = {0};
    nst_model *model = NULL;
    nst_objective *objective = NULL;
    nst_image content = {0}, style = {0};
    nst_options options;
    int exit_status = 1;

    if (argc > 4 && strcmp(argv[4], "bf16") == 0 && !nst_conv_has_bf16()) {
        fprintf(stderr, "iteration: this processor has no products of bfloat16\n");
        return 3;
    }
    nst_options_default(&options);
    if (nst_model_open_with(path, algorithm_named(argc > 4 ? argv[4] : ""), &model, &error) !=
            NST_OK ||
        nst_image_create(size, size, 0, &content, &error) != NST_OK ||
        nst_image_create(size, size, 0, &style, &error) != NST_OK)
        goto cleanup;
    paint(&content, 0.3);
    paint(&style, 1.7);
    const nst_scene_style source = {&style, 1.0, 1, NULL, 0, 0, NULL, NULL};
    const nst_scene scene = {
        .content = &content, .region_count = 1, .styles = &source, .style_count = 1};
    if (nst_objective_create(model, &options, &scene, threads, &objective, &error) != NST_OK)
        goto cleanup;

    size_t n = 3 * (size_t)size * (size_t)size;
    float *state = calloc(3 * n, sizeof *state);
    if (!state)
        goto cleanup;
    nst_adam adam = {.learning_rate = 0.02f,
                     .beta1 = 0.9f,
                     .beta2 = 0.99f,
                     .epsilon = 1e-8f,
                     .low = 0.0f,
                     .high = 1.0f,
                     .m = state,
                     .v = state + n};
    nst_work work;
    if (nst_work_begin(threads, &work, &error) != NST_OK) {
        free(state);
        goto cleanup;
    }
    nst_problem problem = {.n = n, .function = evaluate, .context = objective, .threads = threads};
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        int count = atoi(line);
        double start = now();
        if (nst_adam_minimize(&adam, &problem, count, content.rgb, state + 2 * n, &error) != NST_OK)
            break;
        printf("%.3f\n", (now() - start) * 1e3);
        fflush(stdout);
    }
    nst_work_end(&work);
    free(state);
    exit_status = error.status == NST_OK ? 0 : 1;
cleanup:
    if (error.status != NST_OK)
        fprintf(stderr, "iteration: %s\n", error.message);
    nst_objective_destroy(objective);
    nst_image_destroy(&content);
    nst_image_destroy(&style);
    nst_model_close(model);
    return exit_status;
}
