#include "style/targets.h"

#include <math.h>

#include "base/arena.h"
#include "base/parallel.h"
#include "image/resize.h"
#include "model/pass.h"
#include "style/style.h"

/* A style's own pass and its statistics at the layers that the pass keeps. */
typedef struct {
    nst_arena *arena;
    nst_pass pass;
    nst_statistic statistics[NST_LAYER_MAX];
    const nst_statistic_scratch *scratch;
} measurement;

static bool is_kept(const measurement *m, int layer)
{
    return m->pass.kept >> layer & 1;
}

static measurement prepare(const nst_scene_style *style, const nst_pass *pass,
                           const nst_statistic statistics[NST_LAYER_MAX],
                           const nst_statistic_scratch *scratch, nst_arena *arena)
{
    measurement m = {.arena = arena, .pass = *pass, .scratch = scratch};
    m.pass.h = style->height ? style->height : style->image->height;
    m.pass.w = style->width ? style->width : style->image->width;
    m.pass.forward_only = true;
    m.pass.kept = 0;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        if (!(statistics[i].weight > 0.0))
            continue;
        m.pass.kept |= 1u << i;
        m.pass.deepest = i;
        m.statistics[i].region_count = style->shares ? statistics[i].region_count : 1;
        m.statistics[i].centered = statistics[i].centered;
    }
    return m;
}

static void layout(measurement *m)
{
    nst_pass_layout(&m->pass, m->arena);
    for (int i = 0; i <= m->pass.deepest; i++) {
        int h, w;
        nst_pass_layer_size(&m->pass, i, &h, &w);
        if (is_kept(m, i))
            nst_statistic_layout(&m->statistics[i], nst_model_features(m->pass.model, i), h, w,
                                 true, m->arena);
    }
}

/* ---- measuring ------------------------------------------------------------------------------- */

static void show(void *context, int layer, const nst_band *band)
{
    measurement *m = context;
    nst_statistic_sum(&m->statistics[layer], band, m->scratch);
}

/* shares as those of nst_scene_style. */
static void run(measurement *m, const nst_image *image, const float *shares)
{
    for (int i = 0; shares && i <= m->pass.deepest; i++)
        if (is_kept(m, i))
            nst_statistic_place(&m->statistics[i], shares, m->pass.h, m->pass.w,
                                nst_pass_side_min(i));
    nst_pass_forward(&m->pass, image->rgb, show, m);
    for (int i = 0; i <= m->pass.deepest; i++)
        if (is_kept(m, i))
            nst_statistic_measured(&m->statistics[i], m->pass.threads);
}

static nst_status measure(measurement *m, const nst_scene_style *style, nst_error *error)
{
    nst_image sized = {0};
    nst_status status = nst_pass_check(&m->pass, error);
    if (status == NST_OK && style->width > 0)
        status = nst_image_resize_here(style->image, m->pass.w, m->pass.h, m->pass.threads, &sized,
                                       error);
    if (status != NST_OK)
        return status;
    layout(m);
    status = nst_arena_reserve(m->arena, "looking at the style image", m->pass.threads, error);
    if (status == NST_OK) {
        layout(m);
        run(m, sized.rgb ? &sized : style->image, style->shares);
    }
    nst_image_destroy(&sized);
    return status;
}

/* Add what was measured to the targets. */
static void add(const measurement *m, const double *shares, nst_statistic statistics[NST_LAYER_MAX])
{
    for (int i = 0; i <= m->pass.deepest; i++)
        if (is_kept(m, i))
            nst_statistic_add(&statistics[i], &m->statistics[i], shares);
}

static nst_status add_measured(measurement *m, const nst_scene_style *style, const double *shares,
                               nst_statistic statistics[NST_LAYER_MAX], nst_error *error)
{
    nst_status status = measure(m, style, error);
    if (status == NST_OK)
        add(m, shares, statistics);
    return status;
}

/* The same, with matrices that an earlier run has measured, if there are. */
static nst_status add_kept(measurement *m, const nst_scene_style *style, const double *shares,
                           nst_statistic statistics[NST_LAYER_MAX], nst_error *error)
{
    nst_style_key key = {.model = m->pass.model,
                         .width = m->pass.w,
                         .height = m->pass.h,
                         .layers = m->pass.kept,
                         .pooling = (int)m->pass.pooling,
                         .algorithm = m->pass.algorithm,
                         .centered = m->statistics[m->pass.deepest].centered};
    nst_status status = NST_OK;
    if (!nst_style_enter(style->handle))
        return NST_STOPPED;
    if (!nst_style_find(style->handle, &key, style->store, m->statistics)) {
        status = measure(m, style, error);
        if (status == NST_OK && !nst_parallel_cancelled())
            nst_style_keep(style->handle, &key, style->store, m->statistics);
    }
    if (status == NST_OK)
        add(m, shares, statistics);
    nst_style_leave(style->handle);
    return status;
}

/* ---- all styles ------------------------------------------------------------------------------ */

/* shares[r] = the style's share of region r's target; returns the largest. */
static double region_shares(const nst_scene *scene, const nst_scene_style *style, double *shares)
{
    double most = 0.0;
    for (int r = 0; r < scene->region_count; r++) {
        double sum = 0.0;
        for (int i = 0; i < scene->style_count; i++)
            if (scene->styles[i].regions >> r & 1)
                sum += scene->styles[i].weight;
        shares[r] = style->regions >> r & 1 && sum > 0.0 ? style->weight / sum : 0.0;
        most = fmax(most, shares[r]);
    }
    return most;
}

nst_status nst_targets_add(const nst_pass *pass, const nst_scene *scene,
                           const nst_statistic_scratch *scratch, nst_arena *arena,
                           nst_statistic statistics[NST_LAYER_MAX], nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i <= pass->deepest; i++)
        if (statistics[i].weight > 0.0 && scene->region_count > 1)
            nst_statistic_place(&statistics[i], scene->shares, pass->h, pass->w,
                                nst_pass_side_min(i));
    for (int s = 0; s < scene->style_count && status == NST_OK && !nst_parallel_cancelled(); s++) {
        double shares[NST_REGIONS_MAX];
        if (!(region_shares(scene, &scene->styles[s], shares) > 0.0))
            continue;
        const nst_scene_style *style = &scene->styles[s];
        nst_arena_rewind(arena);
        status = nst_plan_tell(&scene->plan, NST_PHASE_STYLES, s + 1, scene->style_count);
        if (status != NST_OK)
            break;
        measurement m = prepare(style, pass, statistics, scratch, arena);
        status = style->handle && !style->shares
                     ? add_kept(&m, style, shares, statistics, error)
                     : add_measured(&m, style, shares, statistics, error);
        nst_arena_rewind(arena);
    }
    for (int i = 0; i <= pass->deepest && status == NST_OK; i++)
        if (statistics[i].weight > 0.0)
            nst_statistic_finish(&statistics[i], scratch);
    return status;
}

size_t nst_targets_bytes(const nst_pass *pass, const nst_scene *scene,
                         const nst_statistic statistics[NST_LAYER_MAX])
{
    size_t most = 0;
    for (int s = 0; s < scene->style_count; s++) {
        nst_arena arena = {0};
        measurement m = prepare(&scene->styles[s], pass, statistics, NULL, &arena);
        layout(&m);
        if (arena.overflow)
            return SIZE_MAX;
        most = arena.used > most ? arena.used : most;
    }
    return most;
}
