/* The losses are relative, so that the same weights suit every model, layer and resolution:
 *
 *     content = sum_l c_l |F_l - P_l|^2 / |P_l|^2               F features, P the content's
 *     style   = sum_l s_l |G_l - A_l|^2 / |A_l|^2               G = F F^T / (H W), A the style's
 *     tv      = mean of squared forward differences
 *     total   = content_weight content + style_weight style + tv_weight tv
 *
 * with sum c_l = sum s_l = 1. A of several styles is their weighted mean; regions and covariance:
 * statistic.c. */
#include "style/objective.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/parallel.h"
#include "kernels/gram.h"
#include "model/fingerprint.h"
#include "model/layers.h"
#include "model/pass.h"
#include "style/statistic.h"
#include "style/targets.h"

typedef struct {
    double weight;   /* share of the content loss; 0: the layer has none */
    nst_map target;  /* P, the whole layer */
    double norm;     /* |P|^2, at least NST_LOSS_EPSILON */
    double distance; /* |F - P|^2, summed up during a pass */
} content_term;

struct nst_objective {
    nst_workspace *workspace; /* `own`, or the plan's */
    nst_workspace own;
    nst_pass pass;
    double content_weight, style_weight, tv_weight;
    content_term content[NST_LAYER_MAX];
    nst_statistic style[NST_LAYER_MAX];
    nst_loss_gradient gradients[NST_LAYER_MAX];
    nst_statistic_scratch scratch;
    double *partial;
    int planes;                        /* of the point */
    char passed[NST_FINGERPRINT_TEXT]; /* fingerprint of the picture that the pass has just been
                                          forward on, with all sums; empty: none */
    float *grey, *grey_gradient;       /* [3][h][w] each, when the point is luminance; else NULL */
};

/* ---- layers and their weights ---------------------------------------------------------------- */

/* out[layer] = weights of a list, normalized to sum 1; returns the deepest layer. */
static int read_terms(const nst_layer_weight *list, int count, double out[NST_LAYER_MAX])
{
    double sum = 0.0;
    int deepest = 0;
    for (int i = 0; i < count; i++)
        sum += (double)list[i].weight;
    for (int i = 0; i < count; i++) {
        if (list[i].weight == 0.0f)
            continue;
        out[list[i].layer] = (double)list[i].weight / sum;
        if (list[i].layer > deepest)
            deepest = list[i].layer;
    }
    return deepest;
}

static void choose_layers(nst_objective *o, const nst_options *options, int region_count)
{
    double content[NST_LAYER_MAX] = {0}, style[NST_LAYER_MAX] = {0};
    int deepest = 0;
    if (o->content_weight > 0.0)
        deepest = read_terms(options->content_layers, options->content_layer_count, content);
    if (o->style_weight > 0.0) {
        int d = read_terms(options->style_layers, options->style_layer_count, style);
        deepest = d > deepest ? d : deepest;
    }
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        o->content[i].weight = content[i];
        o->style[i].weight = style[i];
        o->style[i].region_count = region_count;
        o->style[i].centered = options->style_stat != NST_STYLE_STAT_GRAM;
        o->style[i].transport = options->style_stat == NST_STYLE_STAT_W2;
        if (content[i] > 0.0 || style[i] > 0.0)
            o->pass.kept |= 1u << i;
        if (content[i] > 0.0)
            o->pass.targeted |= 1u << i;
    }
    o->pass.deepest = deepest;
}

/* ---- one allocation -------------------------------------------------------------------------- */

static void layout_statistics(nst_objective *o, nst_arena *arena)
{
    size_t gram_workspace = 0, bures_workspace = 0;
    for (int i = 0; i <= o->pass.deepest; i++) {
        int c = nst_model_features(o->pass.model, i), h, w;
        if (!(o->style[i].weight > 0.0))
            continue;
        nst_pass_layer_size(&o->pass, i, &h, &w);
        nst_statistic_layout(&o->style[i], c, h, w, false, arena);
        if (nst_gram_workspace(c) > gram_workspace)
            gram_workspace = nst_gram_workspace(c);
        if (o->style[i].transport && nst_statistic_transport_workspace(c) > bures_workspace)
            bures_workspace = nst_statistic_transport_workspace(c);
    }
    o->scratch =
        (nst_statistic_scratch){.gram = nst_arena_floats(arena, gram_workspace),
                                .bures = nst_arena_take(arena, bures_workspace, sizeof(double)),
                                .own = nst_conv_is_own(o->pass.algorithm),
                                .threads = o->pass.threads};
}

static void layout_pass(nst_objective *o, nst_arena *arena)
{
    nst_pass_layout(&o->pass, arena);
    if (o->planes == 1) {
        o->grey = nst_arena_floats(arena, 3 * (size_t)o->pass.h * (size_t)o->pass.w);
        o->grey_gradient = nst_arena_floats(arena, 3 * (size_t)o->pass.h * (size_t)o->pass.w);
    }
    for (int i = 0; i <= o->pass.deepest; i++) {
        int c = nst_model_features(o->pass.model, i), h, w;
        nst_pass_layer_size(&o->pass, i, &h, &w);
        if (o->content[i].weight > 0.0)
            o->content[i].target =
                (nst_map){nst_arena_floats(arena, nst_map_floats(c, h, w)), c, h, w};
    }
    o->partial = nst_arena_take(arena, (size_t)o->pass.h, sizeof(double));
}

/* ---- targets --------------------------------------------------------------------------------- */

static void clear_sums(nst_objective *o)
{
    for (int i = 0; i <= o->pass.deepest; i++) {
        o->content[i].distance = 0.0;
        if (o->style[i].weight > 0.0)
            nst_statistic_clear(&o->style[i], o->pass.threads);
    }
}

static void take_content(void *context, int layer, const nst_band *band)
{
    nst_objective *o = context;
    content_term *term = &o->content[layer];
    if (!(term->weight > 0.0))
        return;
    nst_map_copy_rows(&band->y, band->begin, &term->target, band->first, band->end - band->begin,
                      o->pass.threads);
    term->norm = nst_map_distance(&band->y, band->begin, band->end, NULL, 0, term->norm, o->partial,
                                  o->pass.threads);
}

/* For the first evaluation as well, whose distance to the content is zero. */
static void take_content_and_style(void *context, int layer, const nst_band *band)
{
    nst_objective *o = context;
    take_content(context, layer, band);
    if (o->style[layer].weight > 0.0)
        nst_statistic_sum(&o->style[layer], band, &o->scratch);
}

static void name_picture(const nst_objective *o, const float *rgb, char text[NST_FINGERPRINT_TEXT])
{
    nst_fingerprint sum;
    nst_fingerprint_begin(&sum);
    nst_fingerprint_add(&sum, rgb, 3 * (size_t)o->pass.h * (size_t)o->pass.w * sizeof *rgb);
    nst_fingerprint_end(&sum, text);
}

static void add_content(nst_objective *o, const nst_image *content, bool is_first_point)
{
    if (is_first_point) {
        clear_sums(o);
        nst_pass_forward(&o->pass, content->rgb, take_content_and_style, o);
        name_picture(o, content->rgb, o->passed);
    } else {
        nst_pass_forward(&o->pass, content->rgb, take_content, o);
    }
    for (int i = 0; i <= o->pass.deepest; i++)
        o->content[i].norm = fmax(o->content[i].norm, NST_LOSS_EPSILON);
}

static nst_conv_algorithm algorithm_of(const nst_options *options, const nst_model *model)
{
    switch (options->precision) {
    case NST_PRECISION_REPRODUCIBLE:
        return NST_CONV_PACKED;
    case NST_PRECISION_FAST:
        return NST_CONV_BF16;
    case NST_PRECISION_SINGLE:
        break;
    }
    return model->algorithm;
}

static nst_objective describe(const nst_model *model, const nst_options *asked,
                              const nst_scene *scene, int threads)
{
    nst_options resolved = *asked;
    const nst_options *options = &resolved;
    nst_options_resolve(&resolved, model);
    int pooling =
        options->pooling == NST_POOLING_MODEL ? model->info.pooling : (int)options->pooling;
    nst_objective o = {
        .pass =
            {
                .model = model,
                .algorithm = algorithm_of(options, model),
                .h = scene->content->height,
                .w = scene->content->width,
                .pooling = pooling == NST_POOLING_AVG ? NST_POOL_AVG : NST_POOL_MAX,
                .recompute = scene->plan.recompute,
                .band_bytes = scene->plan.band_bytes,
                .threads = threads,
            },
        .content_weight = (double)options->content_weight,
        .style_weight = (double)options->style_weight,
        .tv_weight = (double)options->tv_weight,
        .planes = nst_objective_planes(options),
    };
    choose_layers(&o, options, scene->region_count);
    return o;
}

size_t nst_objective_bytes(const nst_model *model, const nst_options *options,
                           const nst_scene *scene, int threads)
{
    nst_objective o = describe(model, options, scene, threads);
    nst_arena lasting = {0}, pass = {0};
    layout_statistics(&o, &lasting);
    layout_pass(&o, &pass);
    size_t styles = nst_targets_bytes(&o.pass, scene, o.style);
    size_t most = pass.used > styles ? pass.used : styles, bytes;
    if (lasting.overflow || pass.overflow || !nst_add_size(most, lasting.used, &bytes) ||
        !nst_add_size(bytes, nst_model_prepared_bytes(model, o.pass.algorithm, o.pass.deepest),
                      &bytes))
        return SIZE_MAX;
    return bytes;
}

nst_status nst_objective_create(const nst_model *model, const nst_options *options,
                                const nst_scene *scene, int threads, nst_objective **out,
                                nst_error *error)
{
    nst_status status;
    nst_objective *o = malloc(sizeof *o);
    if (!o)
        return nst_fail_memory(error);
    *o = describe(model, options, scene, threads);
    o->workspace = scene->plan.workspace ? scene->plan.workspace : &o->own;
    nst_arena *lasting = &o->workspace->styles, *passing = &o->workspace->pass;
    if ((status = nst_pass_check(&o->pass, error)) != NST_OK ||
        (status = nst_plan_tell(&scene->plan, NST_PHASE_WEIGHTS, 1, 1)) != NST_OK ||
        (status = nst_model_prepare(model, o->pass.algorithm, o->pass.deepest, true, threads,
                                    error)) != NST_OK)
        goto cleanup;
    layout_statistics(o, lasting);
    if ((status = nst_arena_reserve(lasting, "the styles", threads, error)) != NST_OK)
        goto cleanup;
    layout_statistics(o, lasting);
    if (o->style_weight > 0.0 && (status = nst_targets_add(&o->pass, scene, &o->scratch, passing,
                                                           o->style, error)) != NST_OK)
        goto cleanup;
    if (nst_parallel_cancelled()) {
        status = NST_STOPPED;
        goto cleanup;
    }
    if ((status = nst_plan_tell(&scene->plan, NST_PHASE_CONTENT, 1, 1)) != NST_OK)
        goto cleanup;
    layout_pass(o, passing);
    if ((status = nst_arena_reserve(passing, "this size", threads, error)) != NST_OK)
        goto cleanup;
    layout_pass(o, passing);
    if (o->content_weight > 0.0)
        add_content(o, scene->content, scene->plan.starts_at_content);
    if (nst_parallel_cancelled())
        status = NST_STOPPED;
cleanup:
    if (status != NST_OK) {
        nst_objective_destroy(o);
        return status;
    }
    *out = o;
    return NST_OK;
}

void nst_objective_destroy(nst_objective *objective)
{
    if (!objective)
        return;
    nst_arena_rewind(&objective->workspace->styles);
    nst_arena_rewind(&objective->workspace->pass);
    nst_arena_release(&objective->own.styles);
    nst_arena_release(&objective->own.pass);
    free(objective);
}

/* ---- evaluation ------------------------------------------------------------------------------ */

static void sum_layer(void *context, int layer, const nst_band *band)
{
    nst_objective *o = context;
    content_term *term = &o->content[layer];
    if (o->style[layer].weight > 0.0)
        nst_statistic_sum(&o->style[layer], band, &o->scratch);
    if (term->weight > 0.0)
        term->distance = nst_map_distance(&band->y, band->begin, band->end, &term->target,
                                          band->first, term->distance, o->partial, o->pass.threads);
}

static void sum_layers(nst_objective *o, const float *rgb)
{
    char picture[NST_FINGERPRINT_TEXT];
    bool is_passed = false;
    if (o->passed[0]) {
        name_picture(o, rgb, picture);
        is_passed = strcmp(picture, o->passed) == 0;
        o->passed[0] = '\0'; /* the way back overwrites what the pass holds */
    }
    if (is_passed)
        return;
    clear_sums(o);
    nst_pass_forward(&o->pass, rgb, sum_layer, o);
}

static double content_loss(nst_objective *o, int layer)
{
    content_term *term = &o->content[layer];
    o->gradients[layer].target = term->target.data;
    o->gradients[layer].scale = (float)(2.0 * o->content_weight * term->weight / term->norm);
    return term->weight * term->distance / term->norm;
}

/* Names the first layer whose map is still there and not finite. */
static nst_status not_finite(const nst_objective *o, const nst_losses *losses, nst_error *error)
{
    const nst_pass *pass = &o->pass;
    for (int b = 0; b < pass->block_count; b++) {
        const nst_block *block = &pass->blocks[b];
        for (int i = block->first; i <= block->last; i++) {
            const nst_map *map = b + 1 < pass->block_count && i == block->last
                                     ? &pass->pooled[b].map
                                     : &pass->stages[b].y[i];
            if (map->data && !nst_map_finite(map))
                return nst_fail(error, NST_ERR_NUMERIC, "the features of %s are not finite",
                                nst_layers[i].name);
        }
    }
    return nst_fail(error, NST_ERR_NUMERIC,
                    "the losses are not finite (content %g, style %g, total variation %g)",
                    losses->content, losses->style, losses->tv);
}

/* Value and gradient at a picture of three planes. */
static nst_status evaluate(nst_objective *o, const float *rgb, nst_losses *losses, float *gradient,
                           nst_error *error)
{
    const nst_loss_gradient *gradients[NST_LAYER_MAX] = {0};
    nst_losses sum = {0};

    sum_layers(o, rgb);
    if (nst_parallel_cancelled())
        return NST_STOPPED;
    for (int i = 0; i <= o->pass.deepest; i++) {
        if (o->content[i].weight > 0.0)
            sum.content += content_loss(o, i);
        if (o->style[i].weight > 0.0)
            sum.style += o->style[i].weight * nst_statistic_loss(&o->style[i], o->style_weight,
                                                                 &o->scratch, &o->gradients[i]);
        if (o->pass.kept >> i & 1) {
            o->gradients[i].wide = nst_model_widening(o->pass.model, i);
            o->gradients[i].features = o->pass.features[i].data;
            gradients[i] = &o->gradients[i];
        }
    }
    sum.tv = nst_variation(rgb, o->pass.h, o->pass.w, 0.0f, NULL, o->partial, o->pass.threads);
    sum.total =
        o->content_weight * sum.content + o->style_weight * sum.style + o->tv_weight * sum.tv;
    if (!isfinite(sum.total))
        return not_finite(o, &sum, error);
    if (gradient) {
        nst_pass_backward(&o->pass, rgb, gradients, gradient);
        nst_variation(rgb, o->pass.h, o->pass.w, (float)o->tv_weight, gradient, o->partial,
                      o->pass.threads);
        size_t count = 3 * (size_t)o->pass.h * (size_t)o->pass.w;
        if (!nst_parallel_cancelled() && !nst_values_finite(gradient, count, o->pass.threads))
            return nst_fail(error, NST_ERR_NUMERIC,
                            "the gradient is not finite, though the loss is: %g", sum.total);
    }
    if (nst_parallel_cancelled())
        return NST_STOPPED;
    *losses = sum;
    return NST_OK;
}

int nst_objective_planes(const nst_options *options)
{
    return options->color == NST_COLOR_LUMA ? 1 : 3;
}

nst_status nst_objective_evaluate(nst_objective *objective, const float *pixels, nst_losses *losses,
                                  float *gradient, nst_error *error)
{
    nst_objective *o = objective;
    size_t count = (size_t)o->pass.h * (size_t)o->pass.w;
    if (!o->grey)
        return evaluate(o, pixels, losses, gradient, error);
    for (size_t plane = 0; plane < 3; plane++)
        memcpy(o->grey + plane * count, pixels, count * sizeof *pixels);
    nst_status status = evaluate(o, o->grey, losses, gradient ? o->grey_gradient : NULL, error);
    const float *g = o->grey_gradient;
    for (size_t i = 0; status == NST_OK && gradient && i < count; i++)
        gradient[i] = g[i] + g[count + i] + g[2 * count + i];
    return status;
}
