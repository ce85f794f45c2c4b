/* nst_measure_effectiveness: the E statistic. Covariances are computed in double, because the
 * logarithm of a determinant depends on the smallest variances as much as on the greatest. */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/parallel.h"
#include "kernels/gemm.h"
#include "kernels/lapack.h"
#include "measure/basis.h"
#include "measure/probe.h"

/* From Yeh et al. 2020: logistic regression on people's choices between pairs of pictures. */
static const double factors[NST_BASIS_LAYERS] = {0.7468, 0.2557, 2.3768};

/* A divergence below this is rounding. */
static const double KL_MIN = 1e-9;

/* The normal distribution of projected features. */
typedef struct {
    double *mean;       /* [rank] */
    double *covariance; /* [rank][rank] */
} normal;

typedef struct {
    const nst_basis *basis;
    const nst_probe *probe;
    normal *out; /* [NST_BASIS_LAYERS] */
    bool failed[NST_BASIS_LAYERS];
} projection;

static void project(void *context, int i, int thread)
{
    (void)thread;
    projection *p = context;
    const nst_basis_layer *layer = &p->basis->layers[i];
    const nst_map *map = nst_probe_map(p->probe, nst_basis_layer_of(i));
    const normal *out = &p->out[i];
    size_t channels = (size_t)layer->channels, rank = (size_t)layer->rank;
    double pixels = (double)map->w * (double)map->h;
    double *rows = malloc(NST_BASIS_PART * channels * sizeof *rows);
    double *projected = malloc(NST_BASIS_PART * rank * sizeof *projected);
    double *mean = calloc(channels, sizeof *mean);
    size_t at = 0;
    p->failed[i] = !rows || !projected || !mean;
    if (p->failed[i])
        goto cleanup;
    for (int count; (count = nst_basis_part(map, &at, rows)) > 0;)
        for (size_t q = 0; q < (size_t)count; q++)
            for (size_t c = 0; c < channels; c++)
                mean[c] += rows[q * channels + c] / pixels;
    nst_gemm_double(1, layer->rank, layer->channels, mean, layer->directions, out->mean);
    at = 0;
    for (int count; (count = nst_basis_part(map, &at, rows)) > 0;) {
        for (size_t q = 0; q < (size_t)count; q++)
            for (size_t c = 0; c < channels; c++)
                rows[q * channels + c] -= mean[c];
        nst_gemm_double(count, layer->rank, layer->channels, rows, layer->directions, projected);
        nst_gemm_gram_double(layer->rank, count, projected, out->covariance);
    }
    for (size_t j = 0; j < rank * rank; j++)
        out->covariance[j] /= pixels;
cleanup:
    free(rows);
    free(projected);
    free(mean);
}

static nst_status project_image(const nst_basis *basis, const nst_image *image, const char *what,
                                int threads, normal out[NST_BASIS_LAYERS], nst_error *error)
{
    nst_probe probe;
    projection p = {.basis = basis, .probe = &probe, .out = out};
    nst_status status =
        nst_probe_create(basis->model, image, what, nst_basis_mask(), threads, &probe, error);
    if (status != NST_OK)
        return status;
    nst_parallel_for(NST_BASIS_LAYERS, probe.pass.threads, project, &p);
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        if (p.failed[i])
            status = nst_fail_memory(error);
    nst_probe_destroy(&probe);
    return status;
}

/* *out = KL(x || y), NAN when a covariance is not positive definite. y's covariance is
 * overwritten. */
static nst_status divergence(int n, const normal *x, normal *y, double *out, nst_error *error)
{
    size_t rank = (size_t)n;
    double *work = malloc(rank * (rank + 1) * sizeof *work);
    double trace = 0.0, square = 0.0, log_det;
    *out = NAN;
    if (!work)
        return nst_fail_memory(error);
    for (size_t i = 0; i < rank * rank; i++)
        work[i] = x->covariance[i];
    if (!nst_cholesky(n, work) || !nst_cholesky(n, y->covariance))
        goto cleanup;
    log_det = nst_cholesky_log_det(n, y->covariance) - nst_cholesky_log_det(n, work);
    for (size_t i = 0; i < rank * rank; i++)
        work[i] = x->covariance[i];
    double *difference = work + rank * rank;
    for (size_t i = 0; i < rank; i++)
        difference[i] = x->mean[i] - y->mean[i];
    nst_cholesky_solve(n, y->covariance, n + 1, work);
    for (size_t i = 0; i < rank; i++) {
        trace += work[i * rank + i];
        square += difference[i] * (x->mean[i] - y->mean[i]);
    }
    *out = 0.5 * (trace + square - n + log_det);
cleanup:
    free(work);
    return NST_OK;
}

static nst_status create(const nst_basis *basis, normal out[NST_BASIS_LAYERS], nst_error *error)
{
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        size_t rank = (size_t)basis->layers[i].rank;
        out[i].mean = calloc(rank, sizeof(double));
        out[i].covariance = calloc(rank * rank, sizeof(double));
        if (!out[i].mean || !out[i].covariance)
            return nst_fail_memory(error);
    }
    return NST_OK;
}

static void destroy(normal normals[NST_BASIS_LAYERS])
{
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        free(normals[i].mean);
        free(normals[i].covariance);
    }
}

static nst_status measure(const nst_basis *basis, const nst_image *picture, const nst_image *style,
                          int threads, nst_effectiveness *out, nst_error *error)
{
    normal x[NST_BASIS_LAYERS] = {0}, y[NST_BASIS_LAYERS] = {0};
    nst_effectiveness e = {.total = 0.0};
    nst_status status;
    if (!basis->layers[0].directions)
        return nst_fail(error, NST_ERR_ARGUMENT, "a basis being learned: expected an opened one");
    if ((status = create(basis, x, error)) != NST_OK ||
        (status = create(basis, y, error)) != NST_OK ||
        (status = project_image(basis, picture, "a picture", threads, x, error)) != NST_OK ||
        (status = project_image(basis, style, "a style", threads, y, error)) != NST_OK)
        goto cleanup;
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        double kl;
        if ((status = divergence(basis->layers[i].rank, &x[i], &y[i], &kl, error)) != NST_OK)
            goto cleanup;
        /* A picture that is the style itself has a divergence of 0, give or take rounding. */
        e.layers[i] = isnan(kl) ? NAN : -log(fmax(kl, KL_MIN));
        if (factors[i] > 0.0)
            e.total += factors[i] * e.layers[i];
    }
    *out = e;
cleanup:
    destroy(x);
    destroy(y);
    return status;
}

nst_status nst_measure_effectiveness(const nst_basis *basis, const nst_image *picture,
                                     const nst_image *style, int threads, nst_effectiveness *out,
                                     nst_error *error)
{
    nst_work work;
    nst_status status = nst_work_begin(threads, &work, error);
    if (status != NST_OK)
        return status;
    status = measure(basis, picture, style, work.threads, out, error);
    nst_work_end(&work);
    return status;
}
