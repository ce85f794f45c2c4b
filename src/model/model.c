/* Opening a weights file: find the network's tensors, check their shapes against each other, read
 * the input transform. */
#include "model/model.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/aligned.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "kernels/gemm.h"
#include "kernels/isa.h"
#include "kernels/widen.h"
#include "model/balance.h"
#include "model/fingerprint.h"
#include "model/safetensors.h"

enum {
    WIDTH_MAX = 1024,      /* twice that of the widest published */
    WAIT_MILLISECONDS = 20 /* before looking again whether the work is cancelled */
};

/* The filters of one algorithm and direction. */
typedef struct {
    int layers;                   /* 0..layers-1 are ready */
    nst_filter of[NST_LAYER_MAX]; /* layer 0 has none: nst_first_layer is its own form */
    float *blocks[NST_LAYER_MAX]; /* matrices; those made at once lie in the block of their first
                                     layer: one large block takes large pages */
} filters;

enum { FORWARD, BACKWARD, DIRECTIONS };

struct nst_prepared {
    pthread_mutex_t lock;
    char fingerprint[NST_FINGERPRINT_TEXT]; /* empty until it is needed */
    filters filters[NST_CONV_COUNT][DIRECTIONS];
    int wide_layers; /* 0..wide_layers-1 are ready */
    nst_widening wide[NST_LAYER_MAX];
};

/* ---- metadata -------------------------------------------------------------------------------- */

/* `count` numbers separated by commas and nothing else, with decimal points in any locale. */
static bool parse_numbers(const char *text, int count, float *out)
{
    bool ok = true;
    for (int i = 0; i < count && ok; i++) {
        char *end;
        out[i] = (float)nst_text_number(text, &end);
        ok = end != text && isfinite(out[i]) && *end == (i + 1 < count ? ',' : '\0');
        text = end + 1;
    }
    return ok;
}

/* Copy as many whole characters as fit. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t length = text ? strnlen(text, size - 1) : 0;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    snprintf(out, size, "%.*s", (int)length, text ? text : "");
}

static nst_status read_numbers(const nst_safetensors *file, const char *key, int count, float *out,
                               bool *found, nst_error *error)
{
    const char *text = nst_safetensors_metadata(file, key);
    if (!text)
        return NST_OK;
    *found = true;
    if (!parse_numbers(text, count, out))
        return nst_fail(error, NST_ERR_FORMAT, "%s: metadata %s: expected %s, got \"%.60s\"",
                        nst_safetensors_name(file), key,
                        count == 1 ? "a number" : "three numbers like 0.5,0.5,0.5", text);
    return NST_OK;
}

/* *index = 0 for the first word, 1 for the second; left alone when the key is absent. */
static nst_status read_word(const nst_safetensors *file, const char *key, const char *first,
                            const char *second, int *index, bool *found, nst_error *error)
{
    const char *text = nst_safetensors_metadata(file, key);
    if (!text)
        return NST_OK;
    *found = true;
    if (strcmp(text, first) != 0 && strcmp(text, second) != 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: metadata %s: expected %s or %s, got \"%.60s\"",
                        nst_safetensors_name(file), key, first, second, text);
    *index = strcmp(text, second) == 0;
    return NST_OK;
}

static nst_status read_transform(const nst_safetensors *file, nst_model_info *info,
                                 nst_error *error)
{
    static const float mean[3] = {0.485f, 0.456f, 0.406f}, std[3] = {0.229f, 0.224f, 0.225f};
    const char *name = nst_safetensors_name(file);
    bool found = false, has_std = false, has_pooling = false;
    int bgr = 0, avg = 0;
    nst_status status;

    info->scale = 1.0f;
    memcpy(info->mean, mean, sizeof mean);
    for (int c = 0; c < 3; c++)
        info->std[c] = 1.0f;
    if ((status = read_word(file, "color_order", "RGB", "BGR", &bgr, &found, error)) != NST_OK ||
        (status = read_numbers(file, "scale", 1, &info->scale, &found, error)) != NST_OK ||
        (status = read_numbers(file, "mean", 3, info->mean, &found, error)) != NST_OK ||
        (status = read_numbers(file, "std", 3, info->std, &has_std, error)) != NST_OK ||
        (status = read_word(file, "pooling", "max", "avg", &avg, &has_pooling, error)) != NST_OK)
        return status;
    found = found || has_std;
    if (!found)
        memcpy(info->std, std, sizeof std);
    if (found && !nst_safetensors_metadata(file, "mean"))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: metadata describes the input but has no \"mean\"", name);
    for (int c = 0; c < 3; c++)
        if (!(info->std[c] > 0.0f) || !(info->scale > 0.0f))
            return nst_fail(error, NST_ERR_FORMAT, "%s: metadata std and scale must be positive",
                            name);
    info->has_transform = found;
    info->is_bgr = bgr;
    info->pooling = avg ? NST_POOLING_AVG : NST_POOLING_MAX;
    return NST_OK;
}

/* ---- tensors --------------------------------------------------------------------------------- */

static const char *shape_text(const nst_tensor_info *t, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "[");
    for (int i = 0; i < t->dims && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, i ? ",%zu" : "%zu", t->shape[i]);
    if (used < size)
        snprintf(text + used, size - used, "]");
    return text;
}

static void note_dtype(nst_model_info *info, const char *dtype)
{
    info->dtype = !info->dtype || strcmp(info->dtype, dtype) == 0 ? dtype : "mixed";
}

static nst_status bind_layer(nst_model *model, const nst_safetensors *file, int layer,
                             const nst_tensor_info *weight, nst_error *error)
{
    const char *path = nst_safetensors_name(file);
    size_t in = layer == 0 ? 3 : (size_t)model->info.widths[nst_model_before(model, layer)];
    char name[64], shape[160];

    if (weight->dims != 4 || weight->shape[0] < 1 || weight->shape[0] > WIDTH_MAX ||
        weight->shape[1] != in || weight->shape[2] != 3 || weight->shape[3] != 3)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s: expected [1..%d,%zu,3,3], got %s", path,
                        weight->name, WIDTH_MAX, in, shape_text(weight, shape, sizeof shape));
    size_t out = weight->shape[0];
    snprintf(name, sizeof name, "%s.bias", nst_layers[layer].tensor[model->network]);
    const nst_tensor_info *bias = nst_safetensors_find(file, name);
    if (!bias)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s is missing beside %s", path, name,
                        weight->name);
    if (bias->dims != 1 || bias->shape[0] != out)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s: expected [%zu], got %s", path, name, out,
                        shape_text(bias, shape, sizeof shape));

    model->weights[layer] = nst_arena_floats(&model->memory, out * in * 9);
    model->bias[layer] = nst_arena_floats(&model->memory, (size_t)nst_padded((int)out));
    if (!model->weights[layer] || !model->bias[layer])
        return nst_fail_memory_for(error, "%s of %s", weight->name, path);
    nst_status status = nst_safetensors_read(file, weight, model->weights[layer], error);
    if (status == NST_OK)
        status = nst_safetensors_read(file, bias, model->bias[layer], error);
    if (status == NST_OK) {
        note_dtype(&model->info, weight->dtype_name);
        note_dtype(&model->info, bias->dtype_name);
        model->info.widths[layer] = (int)out;
        model->info.layers = layer + 1;
    }
    return status;
}

static const nst_tensor_info *find_tensor(const nst_safetensors *file, const char *prefix,
                                          const char *tensor, const char *kind)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s.%s", prefix, tensor, kind);
    return nst_safetensors_find(file, name);
}

static const nst_tensor_info *find_weight(const nst_safetensors *file, const char *tensor)
{
    return find_tensor(file, "", tensor, "weight");
}

/* Whether a tensor is part of a wide tap, as "taps.relu1_1.weight". */
static bool is_tap(const char *name)
{
    return strncmp(name, NST_TAP_PREFIX, strlen(NST_TAP_PREFIX)) == 0;
}

/* The layer that a tap's tensor belongs to, or -1. */
static int layer_of_tap(const char *name)
{
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        const char *rest = name + strlen(NST_TAP_PREFIX);
        size_t length = strlen(nst_layers[i].name);
        if (strncmp(rest, nst_layers[i].name, length) == 0 &&
            (strcmp(rest + length, ".weight") == 0 || strcmp(rest + length, ".bias") == 0))
            return i;
    }
    return -1;
}

static nst_status bind_tap(nst_model *model, const nst_safetensors *file, int layer,
                           nst_error *error)
{
    const char *path = nst_safetensors_name(file), *name = nst_layers[layer].name;
    const nst_tensor_info *weight = find_tensor(file, NST_TAP_PREFIX, name, "weight");
    const nst_tensor_info *bias = find_tensor(file, NST_TAP_PREFIX, name, "bias");
    size_t in = (size_t)model->info.widths[layer];
    char shape[160];

    if (!weight || !bias)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s%s.%s is missing beside %s", path,
                        NST_TAP_PREFIX, name, weight ? "bias" : "weight",
                        weight ? weight->name : bias->name);
    if (in == 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s but no layer %s", path, weight->name, name);
    if (weight->dims != 4 || weight->shape[0] < 1 || weight->shape[0] > WIDTH_MAX ||
        weight->shape[1] != in || weight->shape[2] != 1 || weight->shape[3] != 1)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s: expected [1..%d,%zu,1,1], got %s", path,
                        weight->name, WIDTH_MAX, in, shape_text(weight, shape, sizeof shape));
    size_t out = weight->shape[0];
    if (bias->dims != 1 || bias->shape[0] != out)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s: expected [%zu], got %s", path, bias->name,
                        out, shape_text(bias, shape, sizeof shape));
    model->wide_weights[layer] = nst_arena_floats(&model->memory, out * in);
    model->wide_bias[layer] = nst_arena_floats(&model->memory, out);
    if (!model->wide_weights[layer] || !model->wide_bias[layer])
        return nst_fail_memory_for(error, "%s of %s", weight->name, path);
    nst_status status = nst_safetensors_read(file, weight, model->wide_weights[layer], error);
    if (status == NST_OK)
        status = nst_safetensors_read(file, bias, model->wide_bias[layer], error);
    if (status == NST_OK) {
        note_dtype(&model->info, weight->dtype_name);
        note_dtype(&model->info, bias->dtype_name);
        model->info.wide[layer] = (int)out;
    }
    return status;
}

static nst_status bind_taps(nst_model *model, const nst_safetensors *file, nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < nst_safetensors_count(file) && status == NST_OK; i++) {
        const char *name = nst_safetensors_at(file, i)->name;
        if (!is_tap(name))
            continue;
        int layer = layer_of_tap(name);
        if (layer < 0)
            return nst_fail(error, NST_ERR_FORMAT,
                            "%s: %.60s: expected a tap's name like taps.relu1_1.weight",
                            nst_safetensors_name(file), name);
        if (model->info.wide[layer] == 0)
            status = bind_tap(model, file, layer, error);
    }
    return status;
}

/* Tell the networks apart by the names of tensors. These are the same up to the third convolution
 * of the third block; for a file that ends there it makes no difference. */
static nst_status find_network(const nst_safetensors *file, nst_network *out, nst_error *error)
{
    const char *name = nst_safetensors_name(file);
    if (!find_weight(file, nst_layers[0].tensor[NST_NETWORK_VGG19]))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: no tensor %s.weight: not VGG weights under torchvision's names", name,
                        nst_layers[0].tensor[NST_NETWORK_VGG19]);
    if (nst_safetensors_find(file, "features.1.running_mean"))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: has batch normalization: expected the plain VGG19 or VGG16", name);
    int relu4_1 = nst_layer_find("relu4_1");
    *out = find_weight(file, nst_layers[relu4_1].tensor[NST_NETWORK_VGG16]) ? NST_NETWORK_VGG16
                                                                            : NST_NETWORK_VGG19;
    return NST_OK;
}

/* Whether a tensor of this name is bound to a layer. */
static bool is_bound(const nst_model *model, const char *name)
{
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        const char *tensor = nst_layers[i].tensor[model->network];
        size_t length = tensor ? strlen(tensor) : 0;
        if (tensor && strncmp(name, tensor, length) == 0 &&
            (strcmp(name + length, ".weight") == 0 || strcmp(name + length, ".bias") == 0))
            return true;
    }
    return is_tap(name);
}

/* Memory for all tensors that will be bound; one block, so that it takes large pages. */
static nst_status reserve_memory(nst_model *model, const nst_safetensors *file, nst_error *error)
{
    for (int i = 0; i < nst_safetensors_count(file); i++) {
        const nst_tensor_info *tensor = nst_safetensors_at(file, i);
        if (is_bound(model, tensor->name))
            nst_arena_floats(&model->memory, tensor->count);
    }
    return nst_arena_reserve(&model->memory, nst_safetensors_name(file), 1, error);
}

static nst_status bind_all(nst_model *model, const nst_safetensors *file, nst_error *error)
{
    nst_model_info *info = &model->info;
    nst_status status = read_transform(file, info, error);
    if (status != NST_OK)
        return status;
    if ((status = find_network(file, &model->network, error)) != NST_OK)
        return status;
    info->network = nst_network_names[model->network];
    if ((status = reserve_memory(model, file, error)) != NST_OK)
        return status;
    const char *missing = NULL; /* the first tensor that is not there: none may follow */
    for (int layer = 0; layer < NST_LAYER_MAX; layer++) {
        const char *tensor = nst_layers[layer].tensor[model->network];
        if (!tensor)
            continue;
        const nst_tensor_info *weight = find_weight(file, tensor);
        if (!weight && !missing)
            missing = tensor;
        if (!weight)
            continue;
        if (missing)
            return nst_fail(error, NST_ERR_FORMAT,
                            "%s: %s but no %s.weight: expected the plain %s of torchvision",
                            nst_safetensors_name(file), weight->name, missing, info->network);
        if ((status = bind_layer(model, file, layer, weight, error)) != NST_OK)
            return status;
    }
    if ((status = bind_taps(model, file, error)) != NST_OK)
        return status;
    nst_balance_default(&info->balance);
    if ((status = nst_balance_read(file, info, error)) != NST_OK)
        return status;
    copy_text(info->source, sizeof info->source, nst_safetensors_metadata(file, "source"));
    copy_text(info->license, sizeof info->license, nst_safetensors_metadata(file, "license"));

    model->transform.bgr = info->is_bgr;
    model->transform.scale = info->scale;
    memcpy(model->transform.mean, info->mean, sizeof info->mean);
    memcpy(model->transform.std, info->std, sizeof info->std);
    return nst_first_layer_create(info->widths[0], model->weights[0], model->bias[0], &model->first,
                                  error);
}

/* ---- public ---------------------------------------------------------------------------------- */

/* Make a model of a file that nst_safetensors_open opened, with its status, and close the file. It
 * is NULL after a failure. */
static nst_status make_model(nst_safetensors *file, nst_status status, nst_conv_algorithm algorithm,
                             nst_model **out, nst_error *error)
{
    nst_model *model = calloc(1, sizeof *model);
    nst_prepared *prepared = calloc(1, sizeof *prepared);
    if (!model || !prepared) {
        free(model);
        free(prepared);
        nst_safetensors_close(file);
        return nst_fail_memory_for(error, "the model");
    }
    pthread_mutex_init(&prepared->lock, NULL);
    model->prepared = prepared;
    model->algorithm = algorithm;

    if (status == NST_OK)
        status = nst_gemm_prepare(error);
    if (status == NST_OK)
        status = bind_all(model, file, error);
    nst_safetensors_close(file);
    if (status != NST_OK) {
        nst_model_close(model);
        return status;
    }
    *out = model;
    return NST_OK;
}

nst_status nst_model_open_with(const char *path, nst_conv_algorithm algorithm, nst_model **out,
                               nst_error *error)
{
    nst_safetensors *file = NULL;
    nst_status status;
    if (path) {
        status = nst_safetensors_open(path, &file, error);
    } else {
        size_t size;
        const void *data = nst_bundled_data(&size);
        status = nst_safetensors_open_memory(data, size, "the bundled model", &file, error);
    }
    return make_model(file, status, algorithm, out, error);
}

nst_status nst_model_open_memory(const void *data, size_t size, nst_model **out, nst_error *error)
{
    nst_safetensors *file = NULL;
    if (!data)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected the bytes of a model, got NULL");
    nst_status status = nst_safetensors_open_memory(data, size, "a model in memory", &file, error);
    return make_model(file, status, nst_conv_best(), out, error);
}

nst_status nst_model_open(const char *path, nst_model **out, nst_error *error)
{
    return nst_model_open_with(path, nst_conv_best(), out, error);
}

void nst_model_close(nst_model *model)
{
    if (!model)
        return;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        for (int a = 0; a < NST_CONV_COUNT; a++)
            for (int direction = 0; direction < DIRECTIONS; direction++)
                free(model->prepared->filters[a][direction].blocks[i]);
        nst_widening_destroy(&model->prepared->wide[i]);
    }
    nst_first_layer_destroy(&model->first);
    nst_arena_release(&model->memory);
    pthread_mutex_destroy(&model->prepared->lock);
    free(model->prepared);
    free(model);
}

void nst_model_describe(const nst_model *model, nst_model_info *out, size_t struct_size)
{
    nst_model_info full = model->info;
    size_t known = struct_size < sizeof full ? struct_size : sizeof full;
    full.struct_size = known;
    memset(out, 0, struct_size);
    memcpy(out, &full, known);
}

int nst_model_before(const nst_model *model, int layer)
{
    do
        layer--;
    while (layer >= 0 && model->info.widths[layer] == 0);
    return layer;
}

int nst_model_features(const nst_model *model, int layer)
{
    return model->info.wide[layer] > 0 ? model->info.wide[layer] : model->info.widths[layer];
}

/* The filters of layers first..deepest, in one direction. */
static size_t filter_floats(const nst_model *model, nst_conv_algorithm algorithm, int first,
                            int deepest)
{
    size_t floats = 0;
    for (int i = first > 1 ? first : 1; i <= deepest; i++)
        if (model->info.widths[i] > 0)
            floats += nst_filter_floats(algorithm, model->info.widths[i],
                                        model->info.widths[nst_model_before(model, i)]);
    return floats;
}

/* Prepare one direction of the layers that are not ready yet. */
static nst_status prepare_filters(const nst_model *model, nst_conv_algorithm algorithm,
                                  int direction, int deepest, int threads, nst_error *error)
{
    filters *f = &model->prepared->filters[algorithm][direction];
    const int *widths = model->info.widths;
    int first = f->layers;
    if (first > deepest)
        return NST_OK;
    size_t floats = filter_floats(model, algorithm, first, deepest);
    float *matrix = floats > 0 ? nst_aligned_alloc(floats, sizeof *matrix) : NULL;
    if (floats > 0 && !matrix)
        return nst_fail_memory_for(error, "convolution filters");
    f->blocks[first] = matrix;
    for (; f->layers <= deepest; f->layers++) {
        int layer = f->layers, out = widths[layer];
        if (layer == 0 || out == 0)
            continue;
        int in = widths[nst_model_before(model, layer)];
        nst_filter_make(algorithm, out, in, model->weights[layer], direction == BACKWARD,
                        nst_isa_best()->filter_transform, threads, matrix, &f->of[layer]);
        if (nst_parallel_cancelled()) {
            f->of[layer] = (nst_filter){0};
            if (matrix == f->blocks[first]) { /* no layer of it is ready */
                free(matrix);
                f->blocks[first] = NULL;
            }
            return NST_STOPPED;
        }
        matrix += nst_filter_floats(algorithm, out, in);
    }
    return NST_OK;
}

static nst_status prepare_wide(const nst_model *model, int deepest, nst_error *error)
{
    nst_prepared *p = model->prepared;
    for (; p->wide_layers <= deepest; p->wide_layers++) {
        int layer = p->wide_layers, wide = model->info.wide[layer];
        if (wide == 0)
            continue;
        nst_status status =
            nst_parallel_cancelled()
                ? NST_STOPPED
                : nst_widening_create(model->info.widths[layer], wide, model->wide_weights[layer],
                                      model->wide_bias[layer], &p->wide[layer], error);
        if (status != NST_OK)
            return status;
    }
    return NST_OK;
}

/* False when the calling thread's work is cancelled while another one prepares. */
static bool enter(nst_prepared *p)
{
    struct timespec until;
    do {
        if (nst_parallel_cancelled())
            return false;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WAIT_MILLISECONDS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
    } while (pthread_mutex_timedlock(&p->lock, &until) != 0);
    return true;
}

nst_status nst_model_prepare(const nst_model *model, nst_conv_algorithm algorithm, int deepest,
                             bool backward, int threads, nst_error *error)
{
    nst_prepared *p = model->prepared;
    if (!enter(p))
        return NST_STOPPED;
    nst_status status = prepare_filters(model, algorithm, FORWARD, deepest, threads, error);
    if (status == NST_OK && backward)
        status = prepare_filters(model, algorithm, BACKWARD, deepest, threads, error);
    if (status == NST_OK)
        status = prepare_wide(model, deepest, error);
    pthread_mutex_unlock(&p->lock);
    return status;
}

static size_t wide_floats(const nst_model *model, int first, int deepest)
{
    size_t floats = 0;
    for (int i = first; i <= deepest; i++)
        if (model->info.wide[i] > 0)
            floats += nst_widening_floats(model->info.widths[i], model->info.wide[i]);
    return floats;
}

size_t nst_model_prepared_bytes(const nst_model *model, nst_conv_algorithm algorithm, int deepest)
{
    nst_prepared *p = model->prepared;
    pthread_mutex_lock(&p->lock);
    size_t floats = wide_floats(model, p->wide_layers, deepest);
    for (int direction = 0; direction < DIRECTIONS; direction++)
        floats += filter_floats(model, algorithm, p->filters[algorithm][direction].layers, deepest);
    pthread_mutex_unlock(&p->lock);
    return floats * sizeof(float);
}

size_t nst_model_forward_bytes(const nst_model *model, nst_conv_algorithm algorithm, int deepest)
{
    return (filter_floats(model, algorithm, 0, deepest) + wide_floats(model, 0, deepest)) *
           sizeof(float);
}

const nst_filter *nst_model_forward_filter(const nst_model *model, nst_conv_algorithm algorithm,
                                           int layer)
{
    return &model->prepared->filters[algorithm][FORWARD].of[layer];
}

const nst_filter *nst_model_backward_filter(const nst_model *model, nst_conv_algorithm algorithm,
                                            int layer)
{
    return &model->prepared->filters[algorithm][BACKWARD].of[layer];
}

const nst_widening *nst_model_widening(const nst_model *model, int layer)
{
    return model->info.wide[layer] > 0 ? &model->prepared->wide[layer] : NULL;
}

/* ---- what tells models apart ----------------------------------------------------------------- */

static void add_floats(nst_fingerprint *sum, const float *values, size_t count)
{
    if (values)
        nst_fingerprint_add(sum, values, count * sizeof *values);
}

static void make_fingerprint(const nst_model *model, char text[NST_FINGERPRINT_TEXT])
{
    const nst_model_info *info = &model->info;
    const nst_transform *t = &model->transform;
    int network[2] = {(int)model->network, (int)t->bgr};
    nst_fingerprint sum;
    nst_fingerprint_begin(&sum);
    nst_fingerprint_add(&sum, network, sizeof network);
    add_floats(&sum, &t->scale, 1);
    add_floats(&sum, t->mean, 3);
    add_floats(&sum, t->std, 3);
    nst_fingerprint_add(&sum, info->widths, sizeof info->widths);
    nst_fingerprint_add(&sum, info->wide, sizeof info->wide);
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t out = (size_t)info->widths[i], wide = (size_t)info->wide[i];
        size_t in = i == 0 ? 3 : out > 0 ? (size_t)info->widths[nst_model_before(model, i)] : 0;
        add_floats(&sum, model->weights[i], 9 * in * out);
        add_floats(&sum, model->bias[i], out);
        add_floats(&sum, model->wide_weights[i], wide * out);
        add_floats(&sum, model->wide_bias[i], wide);
    }
    nst_fingerprint_end(&sum, text);
}

void nst_model_fingerprint(const nst_model *model, char text[NST_FINGERPRINT_TEXT])
{
    nst_prepared *p = model->prepared;
    pthread_mutex_lock(&p->lock);
    if (!p->fingerprint[0])
        make_fingerprint(model, p->fingerprint);
    memcpy(text, p->fingerprint, NST_FINGERPRINT_TEXT);
    pthread_mutex_unlock(&p->lock);
}
