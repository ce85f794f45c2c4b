#include "model/balance.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/layers.h"

static const double WEIGHT_MAX = 1e9;

/* Chosen by trade-off curves and by eye; tests/bench/PICTURES.md has the figures. */
void nst_balance_default(nst_balance *balance)
{
    static const struct {
        const char *name;
        float weight;
    } style[] = {{"relu1_1", 0.3f}, {"relu2_1", 0.3f}, {"relu3_1", 0.4f}, {"relu4_1", 1.0f}};
    *balance = (nst_balance){.content_weight = 0.05f, .tv_weight = 3.5f};
    balance->content_layers[balance->content_layer_count++] =
        (nst_layer_weight){nst_layer_find("relu4_2"), 1.0f};
    for (size_t i = 0; i < sizeof style / sizeof *style; i++)
        balance->style_layers[balance->style_layer_count++] =
            (nst_layer_weight){nst_layer_find(style[i].name), style[i].weight};
}

/* ---- from metadata --------------------------------------------------------------------------- */

/* A weight at the beginning of text, with a decimal point in any locale. *end is what follows; NULL
 * when there is no weight in range. */
static float parse_weight(const char *text, const char **end)
{
    char *after;
    double value = nst_text_number(text, &after);
    bool ok = after != text && value >= 0.0 && value <= WEIGHT_MAX;
    *end = ok ? after : NULL;
    return ok ? (float)value : 0.0f;
}

static nst_status read_weight(const nst_safetensors *file, const char *key, float *out, int *found,
                              nst_error *error)
{
    const char *text = nst_safetensors_metadata(file, key), *end;
    if (!text)
        return NST_OK;
    float value = parse_weight(text, &end);
    if (!end || *end)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: metadata %s: expected a number of 0 or more, got \"%.60s\"",
                        nst_safetensors_name(file), key, text);
    *out = value;
    *found = 1;
    return NST_OK;
}

/* Read one item of a list. Returns what follows it, or NULL when it is no layer with a weight. */
static const char *parse_layer(const char *text, nst_layer_weight *out)
{
    char name[16];
    size_t length = strcspn(text, ":,");
    if (length >= sizeof name)
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    *out = (nst_layer_weight){nst_layer_find(name), 1.0f};
    text += length;
    if (*text == ':')
        out->weight = parse_weight(text + 1, &text);
    return out->layer >= 0 && text && (*text == ',' || *text == '\0') ? text : NULL;
}

static nst_status read_layers(const nst_safetensors *file, const char *key,
                              const nst_model_info *info, nst_layer_weight *list, int *count,
                              int *found, nst_error *error)
{
    const char *text = nst_safetensors_metadata(file, key);
    nst_layer_weight read[NST_LAYER_MAX];
    unsigned seen = 0;
    double sum = 0.0;
    int n = 0;
    if (!text)
        return NST_OK;
    for (const char *at = text; at; at = *at ? at + 1 : NULL) {
        nst_layer_weight next;
        at = parse_layer(at, &next);
        if (!at || seen >> next.layer & 1)
            return nst_fail(error, NST_ERR_FORMAT,
                            "%s: metadata %s: expected layers like relu1_1:0.5,relu4_1, each once, "
                            "got \"%.60s\"",
                            nst_safetensors_name(file), key, text);
        if (info->widths[next.layer] == 0)
            return nst_fail(error, NST_ERR_FORMAT, "%s: metadata %s: %s is not in the model",
                            nst_safetensors_name(file), key, nst_layer_name(next.layer));
        seen |= 1u << next.layer;
        sum += (double)next.weight;
        read[n++] = next;
    }
    if (!(sum > 0.0))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: metadata %s: expected at least one layer with a weight",
                        nst_safetensors_name(file), key);
    memcpy(list, read, (size_t)n * sizeof *list);
    *count = n;
    *found = 1;
    return NST_OK;
}

nst_status nst_balance_read(const nst_safetensors *file, nst_model_info *info, nst_error *error)
{
    nst_balance *b = &info->balance;
    int *found = &info->has_balance;
    nst_status status;
    if ((status = read_weight(file, "nst.content_weight", &b->content_weight, found, error)) !=
            NST_OK ||
        (status = read_weight(file, "nst.tv_weight", &b->tv_weight, found, error)) != NST_OK ||
        (status = read_layers(file, "nst.content_layers", info, b->content_layers,
                              &b->content_layer_count, found, error)) != NST_OK ||
        (status = read_layers(file, "nst.style_layers", info, b->style_layers,
                              &b->style_layer_count, found, error)) != NST_OK)
        return status;
    return NST_OK;
}

/* ---- as text --------------------------------------------------------------------------------- */

void nst_balance_print_layers(const nst_layer_weight *list, int count,
                              char text[NST_LAYER_LIST_MAX])
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count && used < NST_LAYER_LIST_MAX; i++) {
        used += (size_t)snprintf(text + used, NST_LAYER_LIST_MAX - used, "%s%s", i ? "," : "",
                                 nst_layer_name(list[i].layer));
        if (list[i].weight != 1.0f && used < NST_LAYER_LIST_MAX)
            used += (size_t)snprintf(text + used, NST_LAYER_LIST_MAX - used, ":%.9g",
                                     (double)list[i].weight);
    }
}
