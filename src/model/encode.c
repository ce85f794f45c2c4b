/* A model as the bytes of a safetensors file. */
#include <cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/text.h"
#include "model/balance.h"
#include "model/model.h"

enum { LENGTH_BYTES = 8, ALIGNMENT = 8 };

/* ---- header ---------------------------------------------------------------------------------- */

/* The shortest decimals that read back as the same floats, with commas between. */
static const char *numbers_text(const float *values, int count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        char number[32];
        nst_text_float(values[i], number, sizeof number);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "," : "", number);
    }
    return text;
}

/* Functions here that return bool return false when memory has run out. */

/* The balance that the model's own file had, if any. A list with a layer deeper than o->deepest is
 * left out. */
static bool add_balance(cJSON *m, const nst_model_info *info, int deepest)
{
    const nst_balance *b = &info->balance;
    const struct {
        const char *key;
        const nst_layer_weight *list;
        int count;
    } lists[] = {{"nst.content_layers", b->content_layers, b->content_layer_count},
                 {"nst.style_layers", b->style_layers, b->style_layer_count}};
    char text[NST_LAYER_LIST_MAX];
    if (!info->has_balance)
        return true;
    bool ok = cJSON_AddStringToObject(m, "nst.content_weight",
                                      numbers_text(&b->content_weight, 1, text, sizeof text)) &&
              cJSON_AddStringToObject(m, "nst.tv_weight",
                                      numbers_text(&b->tv_weight, 1, text, sizeof text));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        bool complete = true;
        for (int j = 0; j < lists[i].count; j++)
            complete = complete && lists[i].list[j].layer <= deepest;
        nst_balance_print_layers(lists[i].list, lists[i].count, text);
        ok = ok && (!complete || cJSON_AddStringToObject(m, lists[i].key, text));
    }
    return ok;
}

static bool add_metadata(cJSON *header, const nst_model_info *info, const nst_encode_options *o)
{
    char text[128];
    cJSON *m = cJSON_AddObjectToObject(header, "__metadata__");
    const char *source = o->source ? o->source : info->source;
    const char *license = o->license ? o->license : info->license;
    return cJSON_AddStringToObject(m, "color_order", info->is_bgr ? "BGR" : "RGB") &&
           cJSON_AddStringToObject(m, "scale", numbers_text(&info->scale, 1, text, sizeof text)) &&
           cJSON_AddStringToObject(m, "mean", numbers_text(info->mean, 3, text, sizeof text)) &&
           cJSON_AddStringToObject(m, "std", numbers_text(info->std, 3, text, sizeof text)) &&
           cJSON_AddStringToObject(m, "pooling",
                                   info->pooling == NST_POOLING_AVG ? "avg" : "max") &&
           add_balance(m, info, o->deepest) &&
           (!source[0] || cJSON_AddStringToObject(m, "source", source)) &&
           (!license[0] || cJSON_AddStringToObject(m, "license", license));
}

static bool add_tensor(cJSON *header, const char *prefix, const char *layer, const char *kind,
                       const int *shape, int dims, bool half, size_t *offset)
{
    char name[64];
    size_t count = 1, begin = *offset;
    snprintf(name, sizeof name, "%s%s.%s", prefix, layer, kind);
    for (int i = 0; i < dims; i++)
        count *= (size_t)shape[i];
    *offset += count * (half ? 2 : 4);
    cJSON *entry = cJSON_AddObjectToObject(header, name);
    cJSON *sides = cJSON_CreateIntArray(shape, dims);
    cJSON *offsets = cJSON_CreateDoubleArray((const double[]){(double)begin, (double)*offset}, 2);
    bool ok = cJSON_AddStringToObject(entry, "dtype", half ? "F16" : "F32");
    /* Both are added even after a failure: then the entry owns them. */
    ok = cJSON_AddItemToObject(entry, "shape", sides) && ok;
    return cJSON_AddItemToObject(entry, "data_offsets", offsets) && ok;
}

/* The header's text, padded with spaces so that the data begin aligned, and the size of the data.
 * NULL when out of memory. */
static char *make_header(const nst_model *model, const nst_encode_options *o, size_t *data)
{
    const nst_model_info *info = &model->info;
    char *text = NULL, *padded = NULL;
    cJSON *header = cJSON_CreateObject();
    bool ok = header && add_metadata(header, info, o);
    *data = 0;
    for (int i = 0; i < info->layers && i <= o->deepest; i++) {
        if (info->widths[i] == 0)
            continue;
        int before = nst_model_before(model, i);
        const int shape[4] = {info->widths[i], before < 0 ? 3 : info->widths[before], 3, 3};
        const char *name = nst_layers[i].tensor[model->network];
        ok = ok && add_tensor(header, "", name, "weight", shape, 4, o->half, data) &&
             add_tensor(header, "", name, "bias", shape, 1, o->half, data);
    }
    for (int i = 0; i < info->layers && i <= o->deepest; i++) {
        if (info->wide[i] == 0)
            continue;
        const int shape[4] = {info->wide[i], info->widths[i], 1, 1};
        const char *name = nst_layers[i].name;
        ok = ok && add_tensor(header, NST_TAP_PREFIX, name, "weight", shape, 4, o->half, data) &&
             add_tensor(header, NST_TAP_PREFIX, name, "bias", shape, 1, o->half, data);
    }
    if (ok)
        text = cJSON_PrintUnformatted(header);
    if (text) {
        size_t length = (strlen(text) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        padded = malloc(length + 1);
        if (padded)
            snprintf(padded, length + 1, "%-*s", (int)length, text);
    }
    cJSON_free(text);
    cJSON_Delete(header);
    return padded;
}

/* ---- values ---------------------------------------------------------------------------------- */

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The nearest IEEE binary16, ties to even; infinity when the value is too large. */
static uint16_t to_half(float value)
{
    uint16_t sign = (uint16_t)(bits_of(value) >> 16 & 0x8000u);
    float magnitude = fabsf(value);
    if (magnitude >= 65520.0f)
        return sign | 0x7c00u;
    if (magnitude < 0x1p-14f) /* subnormal: a multiple of 2^-24 */
        return sign | (uint16_t)lrintf(magnitude * 0x1p24f);
    uint32_t bits = bits_of(magnitude) - (112u << 23);
    bits += 0xfffu + (bits >> 13 & 1u); /* a carry into the exponent is right */
    return sign | (uint16_t)(bits >> 13);
}

static nst_status write_values(unsigned char **at, const float *values, size_t count, bool half,
                               const char *layer, nst_error *error)
{
    unsigned char *p = *at;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = half ? to_half(values[i]) : bits_of(values[i]);
        if (half && (bits & 0x7c00u) == 0x7c00u)
            return nst_fail(error, NST_ERR_FORMAT, "%s: %g is too large for half precision", layer,
                            (double)values[i]);
        for (int byte = 0; byte < (half ? 2 : 4); byte++)
            *p++ = (unsigned char)(bits >> (8 * byte));
    }
    *at = p;
    return NST_OK;
}

/* ---- public ---------------------------------------------------------------------------------- */

nst_status nst_model_encode(const nst_model *model, const nst_encode_options *options,
                            unsigned char **bytes, size_t *size, nst_error *error)
{
    const nst_model_info *info = &model->info;
    size_t data, length, total;
    unsigned char *file = NULL, *at;
    nst_status status = NST_OK;
    if (options->deepest < 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "there is no layer number %d", options->deepest);
    nst_plain_locale locale = nst_plain_locale_enter();
    char *header = make_header(model, options, &data);
    nst_plain_locale_leave(locale);
    if (!header)
        return nst_fail_memory_for(error, "a copy of the model");
    length = strlen(header);
    if (!nst_add_size(LENGTH_BYTES + length, data, &total) || !(file = malloc(total))) {
        status = nst_fail_memory_for(error, "a copy of the model");
        goto cleanup;
    }
    for (int i = 0; i < LENGTH_BYTES; i++)
        file[i] = (unsigned char)((uint64_t)length >> (8 * i));
    memcpy(file + LENGTH_BYTES, header, length);
    at = file + LENGTH_BYTES + length;
    for (int i = 0; i < info->layers && i <= options->deepest && status == NST_OK; i++) {
        if (info->widths[i] == 0)
            continue;
        int before = nst_model_before(model, i);
        size_t in = before < 0 ? 3 : (size_t)info->widths[before], out = (size_t)info->widths[i];
        const char *layer = nst_layers[i].tensor[model->network];
        status = write_values(&at, model->weights[i], out * in * 9, options->half, layer, error);
        if (status == NST_OK)
            status = write_values(&at, model->bias[i], out, options->half, layer, error);
    }
    for (int i = 0; i < info->layers && i <= options->deepest && status == NST_OK; i++) {
        if (info->wide[i] == 0)
            continue;
        size_t in = (size_t)info->widths[i], out = (size_t)info->wide[i];
        const char *layer = nst_layers[i].name;
        status = write_values(&at, model->wide_weights[i], out * in, options->half, layer, error);
        if (status == NST_OK)
            status = write_values(&at, model->wide_bias[i], out, options->half, layer, error);
    }
    if (status == NST_OK) {
        *bytes = file;
        *size = total;
        file = NULL;
    }
cleanup:
    free(header);
    free(file);
    return status;
}
