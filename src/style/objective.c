/* Losses, relative so that one set of weights serves every model, layer and resolution:
 *
 *     content = sum_l c_l |F_l - P_l|^2 / |P_l|^2               F features, P the content's
 *     style   = sum_l s_l |G_l - A_l|^2 / |A_l|^2               G = F F^T / (H W), A the style's
 *     tv      = mean of squared forward differences
 *     total   = content_weight content + style_weight style + tv_weight tv
 *
 * with sum c_l = sum s_l = 1. A of several styles is their weighted mean. */
#include "style/objective.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernels/gram.h"
#include "model/layers.h"
#include "model/pass.h"

/* Denominators never fall below this, so that a flat or black image gives finite losses. */
static const double DENOMINATOR_MIN = 1e-8;

typedef struct {
    double weight; /* share of the content loss; 0: not looked at */
    float *target; /* data of a map shaped like the layer's */
    double norm;   /* |P|^2, floored */
} content_term;

typedef struct {
    double weight;  /* share of the style loss; 0: not looked at */
    float *target;  /* A [n][n], n = padded channels */
    float *current; /* G [n][n], then the tap's matrix */
    double norm;    /* |A|^2, floored */
} style_term;

struct nst_objective {
    nst_arena arena;
    nst_pass pass;
    double content_weight, style_weight, tv_weight;
    content_term content[NST_LAYER_MAX];
    style_term style[NST_LAYER_MAX];
    nst_tap taps[NST_LAYER_MAX];
    float *gram_workspace;
    double *partial;
};

static size_t channels(const nst_objective *o, int layer)
{
    return (size_t)nst_padded(o->pass.model->info.widths[layer]);
}

/* ---- what to look at ---------------------------------------------------------------------------
 */

/* Spread a list of layer weights over the layers, normalised; returns the deepest one used. */
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

static void choose_layers(nst_objective *o, const nst_options *options)
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
        if (content[i] > 0.0 || style[i] > 0.0)
            o->pass.kept |= 1u << i;
    }
    o->pass.deepest = deepest;
}

/* ---- one allocation ----------------------------------------------------------------------------
 */

static void layout(nst_objective *o, nst_arena *arena)
{
    size_t gram_workspace = 0, partials = (size_t)o->pass.h;
    nst_pass_layout(&o->pass, arena);
    for (int i = 0; i <= o->pass.deepest; i++) {
        const nst_map *y = &o->pass.y[i];
        size_t n = channels(o, i);
        if (nst_map_partials(y) > partials)
            partials = nst_map_partials(y);
        if (o->content[i].weight > 0.0)
            o->content[i].target = nst_arena_floats(arena, nst_map_floats(y->c, y->h, y->w));
        if (o->style[i].weight > 0.0) {
            o->style[i].target = nst_arena_floats(arena, n * n);
            o->style[i].current = nst_arena_floats(arena, n * n);
            if (nst_gram_workspace(y->c) > gram_workspace)
                gram_workspace = nst_gram_workspace(y->c);
        }
    }
    o->gram_workspace = nst_arena_floats(arena, gram_workspace);
    o->partial = nst_arena_take(arena, partials, sizeof(double));
}

/* ---- targets -----------------------------------------------------------------------------------
 */

static nst_status check_side(const nst_image *image, int deepest, nst_error *error)
{
    int side = nst_pass_side_min(deepest);
    if (image->width < side || image->height < side)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%dx%d pixels: too small for %s, which needs %d each way", image->width,
                        image->height, nst_layers[deepest].name, side);
    return NST_OK;
}

/* Add `share` of a style image's Gram matrices to the targets. */
static nst_status add_style(nst_objective *o, const nst_image *style, double share,
                            nst_error *error)
{
    nst_arena arena = {0};
    nst_pass pass = o->pass;
    pass.h = style->height;
    pass.w = style->width;
    pass.deepest = 0;
    for (int i = 0; i < NST_LAYER_MAX; i++)
        if (o->style[i].weight > 0.0)
            pass.deepest = i;
    nst_status status = check_side(style, pass.deepest, error);
    if (status != NST_OK)
        return status;
    nst_pass_layout(&pass, &arena);
    status = nst_arena_reserve(&arena, "looking at the style image", error);
    if (status != NST_OK)
        return status;
    nst_pass_layout(&pass, &arena);
    nst_pass_forward(&pass, style->rgb);
    for (int i = 0; i <= pass.deepest; i++) {
        style_term *term = &o->style[i];
        if (!(term->weight > 0.0))
            continue;
        nst_gram_forward(&pass.y[i], term->current, o->gram_workspace, pass.threads);
        for (size_t j = 0; j < channels(o, i) * channels(o, i); j++)
            term->target[j] += (float)(share * (double)term->current[j]);
    }
    nst_arena_release(&arena);
    return NST_OK;
}

static nst_status add_styles(nst_objective *o, const nst_image *styles, const float *weights,
                             int count, nst_error *error)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += weights ? (double)weights[i] : 1.0;
    for (int i = 0; i < count; i++) {
        double share = (weights ? (double)weights[i] : 1.0) / sum;
        if (share == 0.0)
            continue;
        nst_status status = add_style(o, &styles[i], share, error);
        if (status != NST_OK)
            return status;
    }
    for (int i = 0; i <= o->pass.deepest; i++) {
        style_term *term = &o->style[i];
        if (term->weight > 0.0)
            term->norm =
                fmax(nst_squared_distance(term->target, NULL, channels(o, i) * channels(o, i)),
                     DENOMINATOR_MIN);
    }
    return NST_OK;
}

static void add_content(nst_objective *o, const nst_image *content)
{
    nst_pass_forward(&o->pass, content->rgb);
    for (int i = 0; i <= o->pass.deepest; i++) {
        content_term *term = &o->content[i];
        const nst_map *y = &o->pass.y[i];
        if (!(term->weight > 0.0))
            continue;
        memcpy(term->target, y->data, nst_map_floats(y->c, y->h, y->w) * sizeof(float));
        term->norm = fmax(nst_map_distance(y, NULL, o->partial, o->pass.threads), DENOMINATOR_MIN);
    }
}

nst_status nst_objective_create(const nst_model *model, const nst_options *options,
                                const nst_image *content, const nst_image *styles,
                                const float *style_weights, int style_count, int threads,
                                nst_objective **out, nst_error *error)
{
    nst_status status;
    nst_objective *o = calloc(1, sizeof *o);
    if (!o)
        return nst_fail(error, NST_ERR_MEMORY, "out of memory");
    int pooling =
        options->pooling == NST_POOLING_MODEL ? model->info.pooling : (int)options->pooling;
    o->pass = (nst_pass){
        .model = model,
        .h = content->height,
        .w = content->width,
        .pooling = pooling == NST_POOLING_AVG ? NST_POOL_AVG : NST_POOL_MAX,
        .threads = threads,
    };
    o->content_weight = (double)options->content_weight;
    o->style_weight = (double)options->style_weight;
    o->tv_weight = (double)options->tv_weight;
    choose_layers(o, options);

    if ((status = check_side(content, o->pass.deepest, error)) != NST_OK ||
        (status = nst_model_prepare(model, o->pass.deepest, error)) != NST_OK)
        goto cleanup;
    layout(o, &o->arena);
    if ((status = nst_arena_reserve(&o->arena, "this size", error)) != NST_OK)
        goto cleanup;
    layout(o, &o->arena);
    if (o->style_weight > 0.0 &&
        (status = add_styles(o, styles, style_weights, style_count, error)) != NST_OK)
        goto cleanup;
    if (o->content_weight > 0.0)
        add_content(o, content);
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
    nst_arena_release(&objective->arena);
    free(objective);
}

/* ---- evaluation --------------------------------------------------------------------------------
 */

static double content_loss(nst_objective *o, int layer)
{
    content_term *term = &o->content[layer];
    double distance =
        nst_map_distance(&o->pass.y[layer], term->target, o->partial, o->pass.threads);
    o->taps[layer].target = term->target;
    o->taps[layer].scale = (float)(2.0 * o->content_weight * term->weight / term->norm);
    return term->weight * distance / term->norm;
}

/* dL/dF = M F with M = 4 weight / (H W |A|^2) (G - A): G is symmetric, and F stands in it twice. */
static double style_loss(nst_objective *o, int layer)
{
    style_term *term = &o->style[layer];
    const nst_map *y = &o->pass.y[layer];
    size_t count = channels(o, layer) * channels(o, layer);
    nst_gram_forward(y, term->current, o->gram_workspace, o->pass.threads);
    double distance = nst_squared_distance(term->current, term->target, count);
    double factor =
        4.0 * o->style_weight * term->weight / ((double)y->h * (double)y->w * term->norm);
    for (size_t i = 0; i < count; i++)
        term->current[i] = (float)(factor * ((double)term->current[i] - (double)term->target[i]));
    o->taps[layer].matrix = term->current;
    return term->weight * distance / term->norm;
}

static nst_status not_finite(const nst_objective *o, const nst_losses *losses, nst_error *error)
{
    const nst_pass *pass = &o->pass;
    for (int i = 0; i <= pass->deepest; i++) {
        if (pass->model->info.widths[i] == 0)
            continue;
        const nst_map *map = pass->y[i].data ? &pass->y[i] : &pass->pooled[i].map;
        if (!nst_map_finite(map))
            return nst_fail(error, NST_ERR_NUMERIC, "the features of %s are not finite",
                            nst_layers[i].name);
    }
    return nst_fail(error, NST_ERR_NUMERIC,
                    "the losses are not finite (content %g, style %g, total variation %g)",
                    losses->content, losses->style, losses->tv);
}

nst_status nst_objective_evaluate(nst_objective *objective, const float *pixels, nst_losses *losses,
                                  float *gradient, nst_error *error)
{
    nst_objective *o = objective;
    const nst_tap *taps[NST_LAYER_MAX] = {0};
    nst_losses sum = {0};

    nst_pass_forward(&o->pass, pixels);
    for (int i = 0; i <= o->pass.deepest; i++) {
        if (o->content[i].weight > 0.0)
            sum.content += content_loss(o, i);
        if (o->style[i].weight > 0.0)
            sum.style += style_loss(o, i);
        if (o->pass.kept >> i & 1)
            taps[i] = &o->taps[i];
    }
    sum.tv = nst_variation(pixels, o->pass.h, o->pass.w, 0.0f, NULL, o->partial, o->pass.threads);
    sum.total =
        o->content_weight * sum.content + o->style_weight * sum.style + o->tv_weight * sum.tv;
    if (!isfinite(sum.total))
        return not_finite(o, &sum, error);
    if (gradient) {
        nst_pass_backward(&o->pass, taps, gradient);
        nst_variation(pixels, o->pass.h, o->pass.w, (float)o->tv_weight, gradient, o->partial,
                      o->pass.threads);
    }
    *losses = sum;
    return NST_OK;
}
