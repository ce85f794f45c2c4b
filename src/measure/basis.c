/* nst_basis: the principal components of photographs' features, and the file that keeps them: a
 * safetensors file with a tensor of directions for each layer. */
#include "measure/basis.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "kernels/gemm.h"
#include "kernels/lapack.h"
#include "measure/probe.h"
#include "model/model.h"
#include "model/safetensors.h"

static const char *const names[NST_BASIS_LAYERS] = {"relu1_1", "relu2_1", "relu3_1", "relu4_1",
                                                    "relu5_1"};
static const int ranks[NST_BASIS_LAYERS] = {32, 48, 128, 256, 256};

/* A direction that holds less than this share of the variance is rounding. */
static const double VARIANCE_MIN = 1e-9;

int nst_basis_layer_of(int i)
{
    return nst_layer_find(names[i]);
}

unsigned nst_basis_mask(void)
{
    unsigned mask = 0;
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        mask |= 1u << nst_basis_layer_of(i);
    return mask;
}

int nst_basis_part(const nst_map *map, size_t *at, double *rows)
{
    size_t width = (size_t)map->w, pixels = width * (size_t)map->h;
    int count = 0;
    for (; count < NST_BASIS_PART && *at < pixels; count++, ++*at)
        for (int c = 0; c < map->c; c++)
            *rows++ = (double)nst_map_at(map, c / NST_GROUP, (int)(*at / width),
                                         (int)(*at % width))[c % NST_GROUP];
    return count;
}

/* ---- the network it belongs to --------------------------------------------------------------- */

static uint64_t add_bytes(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) /* FNV-1a */
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* A hash of everything that features depend on. */
static void fingerprint(const nst_model *model, char text[17])
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const nst_model_info *info = &model->info;
    int last = nst_basis_layer_of(NST_BASIS_LAYERS - 1);
    hash = add_bytes(hash, &info->pooling, sizeof info->pooling);
    hash = add_bytes(hash, &info->is_bgr, sizeof info->is_bgr);
    hash = add_bytes(hash, &info->scale, sizeof info->scale);
    hash = add_bytes(hash, info->mean, sizeof info->mean);
    hash = add_bytes(hash, info->std, sizeof info->std);
    for (int i = 0; i <= last; i++) {
        if (info->widths[i] == 0)
            continue;
        int before = nst_model_before(model, i);
        size_t in = before < 0 ? 3 : (size_t)info->widths[before], out = (size_t)info->widths[i];
        hash = add_bytes(hash, model->weights[i], out * in * 9 * sizeof(float));
        hash = add_bytes(hash, model->bias[i], out * sizeof(float));
        if (info->wide[i] == 0)
            continue;
        hash = add_bytes(hash, model->wide_weights[i], (size_t)info->wide[i] * out * sizeof(float));
        hash = add_bytes(hash, model->wide_bias[i], (size_t)info->wide[i] * sizeof(float));
    }
    snprintf(text, 17, "%016" PRIx64, hash);
}

/* ---- making and ending ----------------------------------------------------------------------- */

static nst_status create(const nst_model *model, nst_basis **out, nst_error *error)
{
    const nst_model_info *info = &model->info;
    nst_basis *basis = calloc(1, sizeof *basis);
    if (!basis)
        return nst_fail_memory(error);
    basis->model = model;
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        int channels = nst_model_features(model, nst_basis_layer_of(i));
        if (info->widths[nst_basis_layer_of(i)] == 0) {
            free(basis);
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s is not in the model, a %s whose deepest layer is %s", names[i],
                            info->network, nst_layer_name(info->layers - 1));
        }
        basis->layers[i].channels = channels;
        basis->layers[i].rank = channels < ranks[i] ? channels : ranks[i];
    }
    *out = basis;
    return NST_OK;
}

void nst_basis_close(nst_basis *basis)
{
    if (!basis)
        return;
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        free(basis->layers[i].directions);
        free(basis->layers[i].products);
        free(basis->layers[i].sums);
    }
    free(basis);
}

/* ---- learning -------------------------------------------------------------------------------- */

nst_status nst_basis_begin(const nst_model *model, nst_basis **out, nst_error *error)
{
    nst_basis *basis;
    nst_status status = create(model, &basis, error);
    if (status != NST_OK)
        return status;
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        nst_basis_layer *layer = &basis->layers[i];
        size_t n = (size_t)layer->channels;
        layer->products = calloc(n * n, sizeof *layer->products);
        layer->sums = calloc(n, sizeof *layer->sums);
        if (!layer->products || !layer->sums) {
            nst_basis_close(basis);
            return nst_fail_memory(error);
        }
    }
    *out = basis;
    return NST_OK;
}

/* What one photo adds. Photos count equally, whatever their sizes. */
typedef struct {
    const nst_probe *probe;
    nst_basis_layer own[NST_BASIS_LAYERS];
    double *rows[NST_BASIS_LAYERS];
} addition;

static void sum_layer(void *context, int i, int thread)
{
    (void)thread;
    const addition *a = context;
    const nst_map *map = nst_probe_map(a->probe, nst_basis_layer_of(i));
    const nst_basis_layer *own = &a->own[i];
    size_t at = 0, n = (size_t)own->channels;
    double *rows = a->rows[i], pixels = (double)map->w * (double)map->h;
    for (int count; (count = nst_basis_part(map, &at, rows)) > 0;) {
        nst_gemm_gram_double(own->channels, count, rows, own->products);
        for (size_t p = 0; p < (size_t)count; p++)
            for (size_t c = 0; c < n; c++)
                own->sums[c] += rows[p * n + c];
    }
    for (size_t j = 0; j < n * n; j++)
        own->products[j] /= pixels;
    for (size_t c = 0; c < n; c++)
        own->sums[c] /= pixels;
}

static nst_status add(nst_basis *basis, const nst_image *photo, int threads, nst_error *error)
{
    nst_probe probe;
    addition a = {.probe = &probe};
    bool ok = true;
    nst_status status =
        nst_probe_create(basis->model, photo, "a photo", nst_basis_mask(), threads, &probe, error);
    if (status != NST_OK)
        return status;
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        size_t n = (size_t)basis->layers[i].channels;
        a.own[i].channels = basis->layers[i].channels;
        a.own[i].products = calloc(n * n, sizeof(double));
        a.own[i].sums = calloc(n, sizeof(double));
        a.rows[i] = malloc(NST_BASIS_PART * n * sizeof(double));
        ok = ok && a.own[i].products && a.own[i].sums && a.rows[i];
    }
    if (!ok) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    nst_parallel_for(NST_BASIS_LAYERS, probe.pass.threads, sum_layer, &a);
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        size_t n = (size_t)basis->layers[i].channels;
        for (size_t j = 0; j < n * n; j++)
            basis->layers[i].products[j] += a.own[i].products[j];
        for (size_t c = 0; c < n; c++)
            basis->layers[i].sums[c] += a.own[i].sums[c];
    }
    basis->photos++;
cleanup:
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        free(a.own[i].products);
        free(a.own[i].sums);
        free(a.rows[i]);
    }
    nst_probe_destroy(&probe);
    return status;
}

nst_status nst_basis_add(nst_basis *basis, const nst_image *photo, int threads, nst_error *error)
{
    nst_work work;
    nst_status status = nst_work_begin(threads, &work, error);
    if (status != NST_OK)
        return status;
    status = add(basis, photo, work.threads, error);
    nst_work_end(&work);
    return status;
}

/* The eigenvectors of the greatest eigenvalues of the covariance, as [*rank][channels]: fewer than
 * layer->rank when photos vary in fewer directions, as when a channel is always zero. */
static nst_status find_directions(const nst_basis *basis, int i, float *out, int *rank,
                                  nst_error *error)
{
    const nst_basis_layer *layer = &basis->layers[i];
    size_t n = (size_t)layer->channels;
    double photos = basis->photos, all = 0.0;
    double *covariance = malloc(n * n * sizeof *covariance), *values = malloc(n * sizeof *values);
    nst_status status = NST_OK;
    if (!covariance || !values) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++)
            covariance[j * n + k] = layer->products[j * n + k] / photos -
                                    layer->sums[j] / photos * (layer->sums[k] / photos);
    bool found = nst_eigen((int)n, covariance, values);
    for (size_t j = 0; found && j < n; j++)
        all += values[j];
    *rank = 0;
    while (found && *rank < layer->rank && values[n - 1 - (size_t)*rank] > VARIANCE_MIN * all)
        ++*rank;
    if (*rank == 0) {
        status = nst_fail(error, NST_ERR_ARGUMENT, "%s sees no variation in the photos", names[i]);
        goto cleanup;
    }
    for (size_t r = 0; r < (size_t)*rank; r++)
        for (size_t c = 0; c < n; c++)
            out[r * n + c] = (float)covariance[(n - 1 - r) * n + c];
cleanup:
    free(covariance);
    free(values);
    return status;
}

/* ---- the file -------------------------------------------------------------------------------- */

enum { LENGTH_BYTES = 8, HEADER_BYTES = 1024 };

/* The header, filled up with spaces to a fixed length. */
static void write_header(const nst_basis *basis, const int found[NST_BASIS_LAYERS],
                         char header[HEADER_BYTES])
{
    char text[HEADER_BYTES], network[17];
    size_t offset = 0;
    fingerprint(basis->model, network);
    int used = snprintf(text, sizeof text,
                        "{\"__metadata__\":{\"content\":\"nst basis\",\"network\":\"%s\","
                        "\"photos\":\"%d\"}",
                        network, basis->photos);
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        const nst_basis_layer *layer = &basis->layers[i];
        size_t bytes = (size_t)found[i] * (size_t)layer->channels * sizeof(float);
        used += snprintf(text + used, sizeof text - (size_t)used,
                         ",\"%s\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%zu,%zu]}",
                         names[i], found[i], layer->channels, offset, offset + bytes);
        offset += bytes;
    }
    memset(header, ' ', HEADER_BYTES);
    memcpy(header, text, (size_t)used);
    header[used] = '}';
}

nst_status nst_basis_encode(const nst_basis *basis, unsigned char **bytes, size_t *size,
                            nst_error *error)
{
    char header[HEADER_BYTES];
    int found[NST_BASIS_LAYERS];
    size_t values = 0;
    nst_status status = NST_OK;
    if (basis->photos == 0 || !basis->layers[0].products)
        return nst_fail(error, NST_ERR_ARGUMENT, "no photo was added to this basis");
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        values += (size_t)basis->layers[i].rank * (size_t)basis->layers[i].channels;
    float *directions = malloc(values * sizeof *directions), *end = directions;
    unsigned char *file = malloc(LENGTH_BYTES + HEADER_BYTES + values * sizeof(float)), *to = file;
    if (!directions || !file) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    for (int i = 0; i < NST_BASIS_LAYERS; i++) {
        if ((status = find_directions(basis, i, end, &found[i], error)) != NST_OK)
            goto cleanup;
        end += (size_t)found[i] * (size_t)basis->layers[i].channels;
    }
    write_header(basis, found, header);
    for (int i = 0; i < LENGTH_BYTES; i++)
        *to++ = (unsigned char)((uint64_t)HEADER_BYTES >> (8 * i));
    memcpy(to, header, HEADER_BYTES);
    to += HEADER_BYTES;
    for (const float *value = directions; value < end; value++) {
        uint32_t bits;
        memcpy(&bits, value, sizeof bits);
        for (int byte = 0; byte < 4; byte++)
            *to++ = (unsigned char)(bits >> (8 * byte));
    }
    *bytes = file;
    *size = (size_t)(to - file);
    file = NULL;
cleanup:
    free(directions);
    free(file);
    return status;
}

static nst_status read_layer(const nst_safetensors *file, int i, nst_basis_layer *layer,
                             nst_error *error)
{
    const char *path = nst_safetensors_name(file);
    const nst_tensor_info *tensor = nst_safetensors_find(file, names[i]);
    if (!tensor || tensor->dims != 2 || tensor->shape[0] < 1 ||
        tensor->shape[0] > (size_t)layer->rank || tensor->shape[1] != (size_t)layer->channels)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: expected a basis with a tensor %s of at most %d rows of %d", path,
                        names[i], layer->rank, layer->channels);
    layer->rank = (int)tensor->shape[0];
    size_t count = tensor->count;
    float *values = malloc(count * sizeof *values);
    layer->directions = malloc(count * sizeof *layer->directions);
    nst_status status = NST_OK;
    if (!values || !layer->directions)
        status = nst_fail_memory_in(error, path);
    else
        status = nst_safetensors_read(file, tensor, values, error);
    for (size_t j = 0; status == NST_OK && j < count; j++)
        layer->directions[j] = (double)values[j];
    free(values);
    return status;
}

nst_status nst_basis_open(const char *path, const nst_model *model, nst_basis **out,
                          nst_error *error)
{
    nst_safetensors *file = NULL;
    nst_basis *basis = NULL;
    char network[17];
    nst_status status = nst_safetensors_open(path, &file, error);
    if (status != NST_OK || (status = create(model, &basis, error)) != NST_OK)
        goto cleanup;
    const char *content = nst_safetensors_metadata(file, "content");
    const char *made_for = nst_safetensors_metadata(file, "network");
    fingerprint(model, network);
    if (!content || strcmp(content, "nst basis") != 0) {
        status = nst_fail(error, NST_ERR_FORMAT,
                          "%s: expected a basis, made by nst measure --make-basis", path);
        goto cleanup;
    }
    if (!made_for || strcmp(made_for, network) != 0) {
        status =
            nst_fail(error, NST_ERR_FORMAT,
                     "%s: expected a basis made for this network; it was made for another", path);
        goto cleanup;
    }
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        if ((status = read_layer(file, i, &basis->layers[i], error)) != NST_OK)
            goto cleanup;
    *out = basis;
    basis = NULL;
cleanup:
    nst_basis_close(basis);
    nst_safetensors_close(file);
    return status;
}
