/* Defaults, presets, and what is allowed. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "kernels/conv.h"
#include "nst.h"

/* From strength 50 the content's share of the losses grows by this towards 0, and falls by it
 * towards 100. */
static const double STRENGTH_SPAN = 30.0;

void nst_options_preset(nst_options *options, nst_preset preset)
{
    static const struct {
        int iterations, coarse_iterations;
    } presets[] = {
        [NST_PRESET_DRAFT] = {40, 60},
        [NST_PRESET_NORMAL] = {80, 120},
        [NST_PRESET_HIGH] = {200, 300},
    };
    options->iterations = presets[preset].iterations;
    options->coarse_iterations = presets[preset].coarse_iterations;
    options->scales = 0;
    options->optimizer = NST_OPTIMIZER_LBFGS;
    options->history = 20;
}

void nst_options_default(nst_options *options)
{
    *options = (nst_options){
        .size = 512,
        .min_size = 128,
        .strength = 50.0f,
        .content_weight = NST_BY_MODEL,
        .style_weight = 1.0f,
        .tv_weight = NST_BY_MODEL,
        .style_scale = 1.0f,
        .init = NST_INIT_CONTENT,
        .pooling = NST_POOLING_MODEL,
    };
    nst_options_preset(options, NST_PRESET_NORMAL);
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
    nst_model_describe(model, &info);
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

/* ---- ranges ---------------------------------------------------------------------------------- */

static nst_status check_int(const char *name, int value, int low, int high, nst_error *error)
{
    if (value < low || value > high)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %d: expected %d to %d", name, value, low,
                        high);
    return NST_OK;
}

static nst_status check_float(const char *name, float value, double low, double high,
                              nst_error *error)
{
    if (!((double)value >= low && (double)value <= high))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %g: expected %g to %g", name, (double)value,
                        low, high);
    return NST_OK;
}

static nst_status check_weight(const char *name, float value, nst_error *error)
{
    return value == NST_BY_MODEL ? NST_OK : check_float(name, value, 0.0, 1e9, error);
}

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
            nst_model_describe(model, &info);
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

static nst_status check_precision(nst_precision precision, nst_error *error)
{
    nst_status status = check_int("precision", (int)precision, 0, NST_PRECISION_FAST, error);
    if (status == NST_OK && precision == NST_PRECISION_REPRODUCIBLE && !nst_conv_is_reproducible())
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "precision reproducible: expected a processor with fused multiplication "
                        "(AVX2 and FMA, or AArch64)");
    if (status == NST_OK && precision == NST_PRECISION_FAST && !nst_conv_has_bf16())
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "precision fast: expected a processor with products of bfloat16 (AMX)");
    return status;
}

nst_status nst_options_check(const nst_options *options, const nst_model *model, nst_error *error)
{
    nst_options resolved = *options;
    const nst_options *o = &resolved;
    nst_status status = NST_OK;
    if (model)
        nst_options_resolve(&resolved, model);
    if (o->size != 0)
        status = check_int("size", o->size, NST_SIZE_MIN, NST_SIZE_MAX, error);
    if (status != NST_OK ||
        (status = check_int("iterations", o->iterations, 0, NST_ITERATIONS_MAX, error)) != NST_OK ||
        (status = check_int("coarse-iterations", o->coarse_iterations, 0, NST_ITERATIONS_MAX,
                            error)) != NST_OK ||
        (status = check_int("scales", o->scales, 0, NST_SCALES_MAX, error)) != NST_OK ||
        (status = check_int("min-size", o->min_size, NST_SIZE_MIN, NST_SIZE_MAX, error)) !=
            NST_OK ||
        (status = check_float("strength", o->strength, 0.0, 100.0, error)) != NST_OK ||
        (status = check_weight("content-weight", o->content_weight, error)) != NST_OK ||
        (status = check_float("style-weight", o->style_weight, 0.0, 1e9, error)) != NST_OK ||
        (status = check_weight("tv-weight", o->tv_weight, error)) != NST_OK ||
        (status = check_layers("content-layers", o->content_layers, o->content_layer_count,
                               o->content_weight, model, error)) != NST_OK ||
        (status = check_layers("style-layers", o->style_layers, o->style_layer_count,
                               o->style_weight, model, error)) != NST_OK ||
        (status = check_float("style-scale", o->style_scale, 0.05, 20.0, error)) != NST_OK ||
        (status = check_int("style-stat", (int)o->style_stat, 0, NST_STYLE_STAT_COVARIANCE,
                            error)) != NST_OK ||
        (status = check_int("color", (int)o->color, 0, NST_COLOR_MATCH, error)) != NST_OK ||
        (status = check_int("optimizer", (int)o->optimizer, 0, NST_OPTIMIZER_ADAM, error)) !=
            NST_OK ||
        (status = check_float("learning-rate", o->learning_rate, 0.0, 100.0, error)) != NST_OK ||
        (status = check_int("history", o->history, 1, NST_HISTORY_MAX, error)) != NST_OK ||
        (status = check_int("init", (int)o->init, 0, NST_INIT_IMAGE, error)) != NST_OK ||
        (status = check_precision(o->precision, error)) != NST_OK ||
        (status = check_int("pooling", (int)o->pooling, 0, NST_POOLING_AVG, error)) != NST_OK ||
        (status = check_int("threads", o->threads, 0, NST_THREADS_MAX, error)) != NST_OK)
        return status;
    return NST_OK;
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
