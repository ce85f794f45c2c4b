/* Each convolution of VGG19 alone, by each algorithm: speed and error.
 *
 *     layers SIZE THREADS [REPEATS]
 *
 * prints a JSON array: layer, channels, side, algorithm, milliseconds of forward and backward
 * (medians; the algorithms take turns), GFLOP/s counted as direct convolution, and the relative
 * L2 error of 2,000 outputs against sums in double. Last comes what OpenBLAS makes of a large
 * square product on as many threads: the machine's pace. See bench.py. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cblas.h>

#include "kernels/conv.h"
#include "kernels/isa.h"

static const struct {
    const char *name;
    int in, out, shrink;
    bool pooled; /* what follows is a pooling, which the kernel then does as well */
} layers[] = {
    {"conv1_2", 64, 64, 1, true},    {"conv2_1", 64, 128, 2, false},
    {"conv2_2", 128, 128, 2, true},  {"conv3_1", 128, 256, 4, false},
    {"conv3_2", 256, 256, 4, false}, {"conv4_1", 256, 512, 8, false},
    {"conv4_2", 512, 512, 8, false}, {"conv5_1", 512, 512, 16, false},
};
static const struct {
    const char *name;
    nst_conv_algorithm algorithm;
} algorithms[] = {{"im2col", NST_CONV_IM2COL},
                  {"OpenBLAS", NST_CONV_WINOGRAD},
                  {"packed", NST_CONV_PACKED},
                  {"bf16", NST_CONV_BF16}}; /* the last where the processor has it */
enum { LAYERS = sizeof layers / sizeof layers[0], ALGORITHMS = 4, REPEATS_MAX = 99 };
static int algorithm_count = ALGORITHMS;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *allocate(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!p) {
        fprintf(stderr, "layers: out of memory\n");
        exit(1);
    }
    return p;
}

static float *zeros(size_t n)
{
    float *p = allocate(n * sizeof *p);
    for (size_t i = 0; i < n; i++)
        p[i] = 0.0f;
    return p;
}

static uint64_t seed = 1;

static uint32_t chance(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

static float uniform(void) /* -1 to 1 */
{
    return (float)chance() / 1073741824.0f - 1.0f;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, ascending);
    return values[n / 2];
}

static nst_map map_of(int c, int h, int w)
{
    return (nst_map){zeros(nst_map_floats(c, h, w)), c, h, w};
}

/* Like activations: nothing negative, about half zeros. */
static void fill(nst_map *map)
{
    for (int c = 0; c < map->c; c++)
        for (int y = 0; y < map->h; y++)
            for (int x = 0; x < map->w; x++)
                nst_map_at(map, c / NST_GROUP, y, x)[c % NST_GROUP] = fmaxf(uniform(), 0.0f);
}

static double error_of(const nst_map *x, const nst_map *y, const float *weights)
{
    double wrong = 0.0, right = 0.0;
    for (int k = 0; k < 2000; k++) {
        int o = (int)(chance() % (uint32_t)y->c), i = (int)(chance() % (uint32_t)y->h);
        int j = (int)(chance() % (uint32_t)y->w);
        double sum = 0.0;
        for (int c = 0; c < x->c; c++)
            for (int t = 0; t < 9; t++)
                sum += (double)weights[((size_t)o * (size_t)x->c + (size_t)c) * 9 + (size_t)t] *
                       (double)nst_map_at(x, c / NST_GROUP, i + t / 3 - 1,
                                          j + t % 3 - 1)[c % NST_GROUP];
        sum = fmax(sum, 0.0);
        double got = (double)nst_map_at(y, o / NST_GROUP, i, j)[o % NST_GROUP];
        wrong += (got - sum) * (got - sum);
        right += sum * sum;
    }
    return sqrt(wrong / right);
}

static void measure(int l, int size, int threads, int repeats)
{
    int in = layers[l].in, out = layers[l].out, side = size / layers[l].shrink;
    float *weights = zeros((size_t)in * (size_t)out * 9), *bias = zeros((size_t)nst_padded(out));
    float scale = sqrtf(2.0f / (9.0f * (float)in));
    for (size_t i = 0; i < (size_t)in * (size_t)out * 9; i++)
        weights[i] = scale * uniform();
    nst_map x = map_of(in, side, side), y = map_of(out, side, side), dx = map_of(in, side, side);
    nst_pooled pooled = {NST_POOL_MAX, map_of(out, side / 2, side / 2),
                         allocate(nst_route_bytes(out, side / 2, side / 2))};
    fill(&x);

    double forward[ALGORITHMS][REPEATS_MAX], backward[ALGORITHMS][REPEATS_MAX];
    double error[ALGORITHMS];
    nst_filter there[ALGORITHMS], back[ALGORITHMS];
    float *workspace[ALGORITHMS];
    size_t each[ALGORITHMS];
    for (int a = 0; a < algorithm_count; a++) {
        nst_conv_algorithm algorithm = algorithms[a].algorithm;
        size_t floats = nst_filter_floats(algorithm, out, in);
        nst_filter_transform transform = nst_isa_best()->filter_transform;
        nst_filter_make(algorithm, out, in, weights, false, transform, 1, zeros(floats), &there[a]);
        nst_filter_make(algorithm, out, in, weights, true, transform, 1, zeros(floats), &back[a]);
        each[a] = nst_conv_workspace(algorithm, in > out ? in : out, in > out ? in : out);
        workspace[a] = zeros(each[a] * (size_t)threads);
    }
    for (int r = -1; r < repeats; r++) /* the first is not counted */
        for (int a = 0; a < algorithm_count; a++) {
            if (r < 0) {
                nst_conv_forward(
                    &(nst_conv_forward_args){.filter = &there[a], .bias = bias, .x = x, .y = y},
                    workspace[a], each[a], threads);
                error[a] = error_of(&x, &y, weights);
            }
            /* As in a run: before a pooling only the pooled values and the routes are written. */
            nst_conv_forward_args f = {.filter = &there[a], .bias = bias, .x = x, .y = y};
            nst_conv_backward_args b = {.algorithm = algorithms[a].algorithm,
                                        .filter = &back[a],
                                        .dz = y,
                                        .y = dx,
                                        .masked = true};
            if (layers[l].pooled) {
                f.y.data = NULL;
                f.pooled = b.pooled = &pooled;
            }
            double start = now();
            nst_conv_forward(&f, workspace[a], each[a], threads);
            double middle = now();
            nst_conv_backward(&b, workspace[a], each[a], threads);
            double end = now();
            if (r >= 0) {
                forward[a][r] = middle - start;
                backward[a][r] = end - middle;
            }
        }
    double flop = 2.0 * 9.0 * in * out * (double)side * side;
    for (int a = 0; a < algorithm_count; a++) {
        double f = median(forward[a], repeats), b = median(backward[a], repeats);
        printf("{\"layer\": \"%s\", \"in\": %d, \"out\": %d, \"side\": %d, \"algorithm\": \"%s\", "
               "\"forward_ms\": %.3f, \"backward_ms\": %.3f, \"forward_gflops\": %.0f, "
               "\"backward_gflops\": %.0f, \"error\": %.2e},\n",
               layers[l].name, in, out, side, algorithms[a].name, f * 1e3, b * 1e3, flop / f * 1e-9,
               flop / b * 1e-9, error[a]);
        free(there[a].matrix);
        free(back[a].matrix);
        free(workspace[a]);
    }
    fflush(stdout);
    free(x.data);
    free(y.data);
    free(dx.data);
    free(pooled.map.data);
    free(pooled.route);
    free(weights);
    free(bias);
}

/* GFLOP/s of a square product: what this machine does when nothing is in the way. */
static double pace(int threads)
{
    enum { N = 2048, TIMES = 5 };
    float *a = zeros((size_t)N * N), *b = zeros((size_t)N * N), *c = zeros((size_t)N * N);
    double times[TIMES];
    for (size_t i = 0; i < (size_t)N * N; i++) {
        a[i] = uniform();
        b[i] = uniform();
    }
    openblas_set_num_threads(threads);
    for (int t = -1; t < TIMES; t++) {
        double start = now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1.0f, a, N, b, N, 0.0f, c,
                    N);
        if (t >= 0)
            times[t] = now() - start;
    }
    free(a);
    free(b);
    free(c);
    return 2.0 * N * N * (double)N / median(times, TIMES) * 1e-9;
}

int main(int argc, char **argv)
{
    int size = argc > 1 ? atoi(argv[1]) : 0, threads = argc > 2 ? atoi(argv[2]) : 0;
    int repeats = argc > 3 ? atoi(argv[3]) : 9;
    if (size < 32 || threads < 1 || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: layers SIZE THREADS [REPEATS]\n");
        return 2;
    }
    openblas_set_num_threads(1);
    algorithm_count = nst_conv_has_bf16() ? ALGORITHMS : ALGORITHMS - 1;
    printf("[\n");
    for (int l = 0; l < LAYERS; l++)
        measure(l, size, threads, repeats);
    printf("{\"layer\": \"product\", \"side\": 2048, \"gflops\": %.0f}\n]\n", pace(threads));
    return 0;
}
