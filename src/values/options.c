/* Defaults, presets, values by name, and what is allowed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "kernels/conv.h"
#include "nst.h"
#include "values/layer_list.h"
#include "values/option_table.h"
#include "values/read.h"

/* From strength 50 the content's share of the losses grows by this towards 0, and falls by it
 * towards 100. */
static const double STRENGTH_SPAN = 30.0;

static void *field(nst_options *options, size_t offset)
{
    return (char *)options + offset;
}

static const void *const_field(const nst_options *options, size_t offset)
{
    return (const char *)options + offset;
}

static const nst_option_row *find(const char *name)
{
    for (int i = 0; name && i < nst_option_row_count; i++)
        if (strcmp(nst_option_rows[i].info.name, name) == 0)
            return &nst_option_rows[i];
    return NULL;
}

const nst_option_info *nst_option_info_at(int index)
{
    return index >= 0 && index < nst_option_row_count ? &nst_option_rows[index].info : NULL;
}

const nst_option_info *nst_option_info_find(const char *name)
{
    const nst_option_row *row = find(name);
    return row ? &row->info : NULL;
}

/* ---- presets and defaults -------------------------------------------------------------------- */

nst_status nst_options_preset(nst_options *options, nst_preset preset)
{
    static const struct {
        int iterations, coarse_iterations;
    } presets[] = {
        [NST_PRESET_DRAFT] = {9, 20},
        [NST_PRESET_NORMAL] = {34, 54},
        [NST_PRESET_HIGH] = {100, 150},
    };
    if ((int)preset < 0 || (int)preset > NST_PRESET_HIGH)
        return NST_ERR_ARGUMENT;
    options->iterations = presets[preset].iterations;
    options->coarse_iterations = presets[preset].coarse_iterations;
    options->scales = 0;
    options->optimizer = NST_OPTIMIZER_LBFGS;
    options->history = 20;
    return NST_OK;
}

void nst_options_init(nst_options *options, size_t struct_size)
{
    nst_options full = {.struct_size = sizeof full};
    for (int i = 0; i < nst_option_row_count; i++)
        (void)nst_options_set(&full, nst_option_rows[i].info.name, nst_option_rows[i].info.standard,
                              NULL);
    size_t known = struct_size < sizeof full ? struct_size : sizeof full;
    full.struct_size = known;
    memset(options, 0, struct_size);
    memcpy(options, &full, known);
}

nst_options *nst_options_create(void)
{
    nst_options *options = malloc(sizeof *options);
    if (options)
        nst_options_init(options, sizeof *options);
    return options;
}

void nst_options_destroy(nst_options *options)
{
    free(options);
}

nst_status nst_options_read(const nst_options *in, nst_options *out, nst_error *error)
{
    nst_status status = nst_check_given("options", in, error);
    if (status != NST_OK)
        return status;
    if (in->struct_size < NST_OPTIONS_FIRST_SIZE || in->struct_size > sizeof *out)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "options of %zu bytes: expected what nst_options_default makes",
                        in->struct_size);
    nst_options full;
    nst_options_init(&full, sizeof full);
    memcpy(&full, in, in->struct_size);
    full.struct_size = sizeof full;
    *out = full;
    return NST_OK;
}

/* ---- what is left to the model --------------------------------------------------------------- */

static void copy_layers(nst_layer_weight *to, int *count, const nst_layer_weight *from, int n)
{
    if (*count != 0)
        return;
    memcpy(to, from, (size_t)n * sizeof *to);
    *count = n;
}

void nst_options_resolve(nst_options *options, const nst_model *model)
{
    nst_options *o = options;
    nst_model_info info;
    nst_model_describe(model, &info, sizeof info);
    const nst_balance *b = &info.balance;
    /* Along the trade-off curve: the content's share falls by the same factor with each step. */
    double share = pow(STRENGTH_SPAN, (50.0 - (double)o->strength) / 50.0);
    if (o->content_weight == NST_BY_MODEL)
        o->content_weight = (float)((double)b->content_weight * share);
    if (o->tv_weight == NST_BY_MODEL)
        o->tv_weight = b->tv_weight;
    copy_layers(o->content_layers, &o->content_layer_count, b->content_layers,
                b->content_layer_count);
    copy_layers(o->style_layers, &o->style_layer_count, b->style_layers, b->style_layer_count);
}

/* ---- by name --------------------------------------------------------------------------------- */

static nst_status known(const nst_options *options, const char *name, const nst_option_row **out,
                        nst_error *error)
{
    *out = find(name);
    if (!*out)
        return nst_fail(error, NST_ERR_ARGUMENT, "there is no option %s", name ? name : "NULL");
    if (options->struct_size <= (*out)->offset)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s: the options are not what nst_options_default makes", name);
    return NST_OK;
}

nst_status nst_options_set(nst_options *options, const char *name, const char *text,
                           nst_error *error)
{
    const nst_option_row *row;
    nst_status status = nst_check_given("options", options, error);
    if (status != NST_OK || (status = nst_check_given("the value", text, error)) != NST_OK ||
        (status = known(options, name, &row, error)) != NST_OK)
        return status;
    const nst_option_info *o = &row->info;
    void *place = field(options, row->offset);
    int preset = 0;
    switch (o->kind) {
    case NST_OPTION_INT:
    case NST_OPTION_SIZE:
        return nst_read_int(name, text, o->low, o->high, o->kind == NST_OPTION_SIZE, place, error);
    case NST_OPTION_STRENGTH:
        status = nst_read_real(name, text, o->low, o->high, place, error);
        if (status == NST_OK) /* weights that were said before would hide it */
            options->content_weight = options->tv_weight = NST_BY_MODEL;
        return status;
    case NST_OPTION_WEIGHT:
        if (strcmp(text, NST_OPTION_BY_MODEL) == 0) {
            *(float *)place = NST_BY_MODEL;
            return NST_OK;
        }
        /* fall through */
    case NST_OPTION_REAL:
        return nst_read_real(name, text, o->low, o->high, place, error);
    case NST_OPTION_SEED:
        return nst_read_seed(name, text, place, error);
    case NST_OPTION_BYTES:
        return nst_read_bytes(name, text, place, error);
    case NST_OPTION_CHOICE:
        return nst_read_choice(name, text, o->choices, place, error);
    case NST_OPTION_LAYERS:
        if (strcmp(text, NST_OPTION_BY_MODEL) == 0) {
            *(int *)field(options, row->count_offset) = 0;
            return NST_OK;
        }
        return nst_layers_parse(name, text, place, field(options, row->count_offset), error);
    case NST_OPTION_PRESET:
        status = nst_read_choice(name, text, o->choices, &preset, error);
        return status == NST_OK ? nst_options_preset(options, (nst_preset)preset) : status;
    }
    return NST_OK;
}

nst_status nst_options_get(const nst_options *options, const char *name, char *text, size_t size,
                           nst_error *error)
{
    const nst_option_row *row;
    char buffer[NST_LAYERS_TEXT_MAX] = "";
    nst_status status = nst_check_given("options", options, error);
    if (status != NST_OK || (status = nst_check_given("text", text, error)) != NST_OK ||
        (status = known(options, name, &row, error)) != NST_OK)
        return status;
    const void *place = const_field(options, row->offset);
    int choice;
    switch (row->info.kind) {
    case NST_OPTION_SIZE:
    case NST_OPTION_INT:
        if (row->info.kind == NST_OPTION_SIZE && *(const int *)place == 0)
            snprintf(buffer, sizeof buffer, "full");
        else
            snprintf(buffer, sizeof buffer, "%d", *(const int *)place);
        break;
    case NST_OPTION_WEIGHT:
    case NST_OPTION_STRENGTH:
    case NST_OPTION_REAL:
        nst_text_float(*(const float *)place, buffer, sizeof buffer);
        if (row->info.kind == NST_OPTION_WEIGHT && *(const float *)place == NST_BY_MODEL)
            snprintf(buffer, sizeof buffer, NST_OPTION_BY_MODEL);
        break;
    case NST_OPTION_SEED:
    case NST_OPTION_BYTES:
        snprintf(buffer, sizeof buffer, "%llu", (unsigned long long)*(const uint64_t *)place);
        break;
    case NST_OPTION_CHOICE:
        choice = *(const int *)place;
        for (int i = 0; row->info.choices[i]; i++)
            if (i == choice)
                snprintf(buffer, sizeof buffer, "%s", row->info.choices[i]);
        break;
    case NST_OPTION_LAYERS:
        choice = *(const int *)const_field(options, row->count_offset);
        nst_layers_print(place, choice, buffer, sizeof buffer);
        if (choice == 0)
            snprintf(buffer, sizeof buffer, NST_OPTION_BY_MODEL);
        break;
    case NST_OPTION_PRESET:
        break;
    }
    if (strlen(buffer) >= size)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: its value needs %zu bytes, there are %zu",
                        name, strlen(buffer) + 1, size);
    memcpy(text, buffer, strlen(buffer) + 1);
    return NST_OK;
}

/* ---- what is allowed ------------------------------------------------------------------------- */

static nst_status check_layers(const char *name, const nst_layer_weight *list, int count,
                               float weight, const nst_model *model, nst_error *error)
{
    unsigned seen = 0;
    double sum = 0.0;
    if (count < 0 || count > NST_LAYER_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected at most %d layers", name,
                        NST_LAYER_MAX);
    for (int i = 0; i < count; i++) {
        int layer = list[i].layer;
        const char *known = nst_layer_name(layer);
        if (!known)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: there is no layer number %d", name,
                            layer);
        if (seen >> layer & 1)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: %s appears twice", name, known);
        if (!(list[i].weight >= 0.0f) || !isfinite(list[i].weight))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s: %s: expected a weight of 0 or more, got %g", name, known,
                            (double)list[i].weight);
        seen |= 1u << layer;
        sum += (double)list[i].weight;
        if (model) {
            nst_model_info info;
            nst_model_describe(model, &info, sizeof info);
            if (weight != 0.0f && list[i].weight > 0.0f && info.widths[layer] == 0)
                return nst_fail(error, NST_ERR_ARGUMENT,
                                "%s: %s is not in the model, a %s whose deepest layer is %s", name,
                                known, info.network, nst_layer_name(info.layers - 1));
        }
    }
    if (count > 0 && weight != 0.0f && !(sum > 0.0))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected at least one layer with a weight",
                        name);
    return NST_OK;
}

static nst_status check_row(const nst_option_row *row, const nst_options *o, nst_error *error)
{
    const nst_option_info *info = &row->info;
    const void *place = const_field(o, row->offset);
    double value, low = info->low, high = info->high;
    switch (info->kind) {
    case NST_OPTION_CHOICE:
        low = 0.0;
        while (info->choices[(int)high])
            high += 1.0;
        high -= 1.0;
        /* fall through */
    case NST_OPTION_INT:
    case NST_OPTION_SIZE:
        value = (double)*(const int *)place;
        if (info->kind == NST_OPTION_SIZE && value == 0.0)
            return NST_OK;
        break;
    case NST_OPTION_WEIGHT:
    case NST_OPTION_STRENGTH:
    case NST_OPTION_REAL:
        value = (double)*(const float *)place;
        if (info->kind == NST_OPTION_WEIGHT && *(const float *)place == NST_BY_MODEL)
            return NST_OK;
        break;
    default:
        return NST_OK;
    }
    if (value >= low && value <= high)
        return NST_OK;
    return nst_fail(error, NST_ERR_ARGUMENT, "%s %g: expected %.10g to %.10g", info->name, value,
                    low, high);
}

static nst_status check_precision(nst_precision precision, nst_error *error)
{
    if (precision == NST_PRECISION_REPRODUCIBLE && !nst_conv_is_reproducible())
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "precision reproducible: expected a processor with fused multiplication "
                        "(AVX2 and FMA, or AArch64)");
    if (precision == NST_PRECISION_FAST && !nst_conv_has_bf16())
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "precision fast: expected a processor with products of bfloat16 (AMX)");
    return NST_OK;
}

/* LAPACK's eigenvalues differ in their last bits from one kind of processor to another. */
static nst_status check_statistic(const nst_options *options, nst_error *error)
{
    if (options->style_stat == NST_STYLE_STAT_W2 &&
        options->precision == NST_PRECISION_REPRODUCIBLE)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "style-stat w2: not with precision reproducible; expected gram or "
                        "covariance");
    return NST_OK;
}

nst_status nst_options_check(const nst_options *options, const nst_model *model, nst_error *error)
{
    nst_options o;
    nst_status status = nst_options_read(options, &o, error);
    if (status == NST_OK && model)
        nst_options_resolve(&o, model);
    for (int i = 0; i < nst_option_row_count && status == NST_OK; i++)
        status = check_row(&nst_option_rows[i], &o, error);
    if (status == NST_OK)
        status = check_precision(o.precision, error);
    if (status == NST_OK)
        status = check_statistic(&o, error);
    if (status == NST_OK)
        status = check_layers("content-layers", o.content_layers, o.content_layer_count,
                              o.content_weight, model, error);
    if (status == NST_OK)
        status = check_layers("style-layers", o.style_layers, o.style_layer_count, o.style_weight,
                              model, error);
    return status;
}

void nst_result_size(const nst_options *options, int content_width, int content_height, int *width,
                     int *height)
{
    int longest = content_width > content_height ? content_width : content_height;
    double factor = options->size ? (double)options->size / longest : 1.0;
    long w = lround(content_width * factor), h = lround(content_height * factor);
    *width = w < 1 ? 1 : (int)w;
    *height = h < 1 ? 1 : (int)h;
}
