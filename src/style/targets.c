#include "style/targets.h"

#include <math.h>

#include "base/arena.h"
#include "base/parallel.h"
#include "model/pass.h"
#include "style/cache.h"
#include "style/resize.h"

/* A style's own pass, and what is measured of it at the layers that the pass keeps. */
typedef struct {
    nst_arena arena;
    nst_pass pass;
    nst_texture textures[NST_LAYER_MAX];
    const nst_texture_scratch *scratch;
} look;

static bool is_kept(const look *l, int layer)
{
    return l->pass.kept >> layer & 1;
}

static look look_at(const nst_style *style, const nst_pass *pass,
                    const nst_texture textures[NST_LAYER_MAX], const nst_texture_scratch *scratch)
{
    look l = {.pass = *pass, .scratch = scratch};
    l.pass.h = style->height ? style->height : style->image->height;
    l.pass.w = style->width ? style->width : style->image->width;
    l.pass.forward_only = true;
    l.pass.kept = 0;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        if (!(textures[i].weight > 0.0))
            continue;
        l.pass.kept |= 1u << i;
        l.pass.deepest = i;
        l.textures[i].region_count = style->shares ? textures[i].region_count : 1;
        l.textures[i].centred = textures[i].centred;
    }
    return l;
}

static void layout(look *l)
{
    nst_pass_layout(&l->pass, &l->arena);
    for (int i = 0; i <= l->pass.deepest; i++) {
        int h, w;
        nst_pass_layer_size(&l->pass, i, &h, &w);
        if (is_kept(l, i))
            nst_texture_layout(&l->textures[i], nst_model_features(l->pass.model, i), h, w, true,
                               &l->arena);
    }
}

/* ---- measuring ---------------------------------------------------------------------------------
 */

static void show(void *context, int layer, const nst_band *band)
{
    look *l = context;
    nst_texture_look(&l->textures[layer], band, l->scratch);
}

/* shares as those of nst_style. */
static void run(look *l, const nst_image *image, const float *shares)
{
    for (int i = 0; shares && i <= l->pass.deepest; i++)
        if (is_kept(l, i))
            nst_texture_place(&l->textures[i], shares, l->pass.h, l->pass.w, nst_pass_side_min(i));
    nst_pass_forward(&l->pass, image->rgb, show, l);
    for (int i = 0; i <= l->pass.deepest; i++)
        if (is_kept(l, i))
            nst_texture_measured(&l->textures[i]);
}

static nst_status measure(look *l, const nst_style *style, nst_error *error)
{
    nst_image sized = {0};
    nst_status status = nst_pass_check(&l->pass, error);
    if (status == NST_OK && style->width > 0)
        status = nst_image_resize_here(style->image, l->pass.w, l->pass.h, l->pass.threads, &sized,
                                       error);
    if (status != NST_OK)
        return status;
    layout(l);
    status = nst_arena_reserve(&l->arena, "looking at the style image", error);
    if (status == NST_OK) {
        layout(l);
        run(l, sized.rgb ? &sized : style->image, style->shares);
    }
    nst_image_destroy(&sized);
    return status;
}

/* The same, but only if nobody has done it before. */
static nst_status measure_once(look *l, const nst_scene *scene, int index, nst_error *error)
{
    const nst_style *style = &scene->styles[index];
    nst_style_cache *cache = style->shares ? NULL : scene->cache;
    const nst_style_key key = {.model = l->pass.model,
                               .style = index,
                               .width = l->pass.w,
                               .height = l->pass.h,
                               .layers = l->pass.kept,
                               .pooling = (int)l->pass.pooling,
                               .centred = l->textures[l->pass.deepest].centred};
    nst_status status = NST_OK;
    nst_style_cache_enter(cache);
    if (!nst_style_cache_find(cache, &key, l->textures)) {
        status = measure(l, style, error);
        if (status == NST_OK && !nst_parallel_cancelled())
            nst_style_cache_add(cache, &key, l->textures);
    }
    nst_style_cache_leave(cache);
    return status;
}

/* ---- all styles --------------------------------------------------------------------------------
 */

/* What share of each region's target a style is; returns the largest. */
static double share_out(const nst_scene *scene, const nst_style *style, double *shares)
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
                           const nst_texture_scratch *scratch, nst_texture textures[NST_LAYER_MAX],
                           nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i <= pass->deepest; i++)
        if (textures[i].weight > 0.0 && scene->region_count > 1)
            nst_texture_place(&textures[i], scene->shares, pass->h, pass->w, nst_pass_side_min(i));
    for (int s = 0; s < scene->style_count && status == NST_OK && !nst_parallel_cancelled(); s++) {
        double shares[NST_REGIONS_MAX];
        if (!(share_out(scene, &scene->styles[s], shares) > 0.0))
            continue;
        look l = look_at(&scene->styles[s], pass, textures, scratch);
        status = measure_once(&l, scene, s, error);
        for (int i = 0; i <= l.pass.deepest && status == NST_OK; i++)
            if (is_kept(&l, i))
                nst_texture_add(&textures[i], &l.textures[i], shares);
        nst_arena_release(&l.arena);
    }
    for (int i = 0; i <= pass->deepest && status == NST_OK; i++)
        if (textures[i].weight > 0.0)
            nst_texture_finish(&textures[i]);
    return status;
}

size_t nst_targets_bytes(const nst_pass *pass, const nst_scene *scene,
                         const nst_texture textures[NST_LAYER_MAX])
{
    size_t most = 0;
    for (int s = 0; s < scene->style_count; s++) {
        look l = look_at(&scene->styles[s], pass, textures, NULL);
        layout(&l);
        if (l.arena.overflow)
            return SIZE_MAX;
        most = l.arena.used > most ? l.arena.used : most;
    }
    return most;
}
