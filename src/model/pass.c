#include "model/pass.h"

#include "model/layers.h"

static bool exists(const nst_pass *pass, int layer)
{
    return pass->model->info.widths[layer] > 0;
}

static int before(const nst_pass *pass, int layer)
{
    return nst_model_before(pass->model, layer);
}

/* Whether a pooling follows: the next layer of the pass is in the next block. */
static bool pools(const nst_pass *pass, int layer)
{
    int next = layer + 1;
    while (next <= pass->deepest && !exists(pass, next))
        next++;
    return next <= pass->deepest && nst_layers[next].block > nst_layers[layer].block;
}

/* Whether the full-size activation is stored: someone looks at it, or the next layer's input is
 * it and not its pooled form. */
static bool stores(const nst_pass *pass, int layer)
{
    return !pools(pass, layer) || (pass->kept >> layer & 1);
}

int nst_pass_side_min(int deepest)
{
    return 1 << (nst_layers[deepest].block - 1);
}

static void take_map(nst_map *map, int c, int h, int w, nst_arena *arena)
{
    *map = (nst_map){nst_arena_floats(arena, nst_map_floats(c, h, w)), c, h, w};
}

void nst_pass_layout(nst_pass *pass, nst_arena *arena)
{
    const nst_model_info *info = &pass->model->info;
    int h = pass->h, w = pass->w, widest = 0;

    pass->x = nst_arena_floats(arena, 3 * (size_t)(h + 2) * (size_t)(w + 2));
    pass->dx = nst_arena_floats(arena, 3 * (size_t)h * (size_t)w);
    for (int i = 0; i <= pass->deepest; i++) {
        int c = info->widths[i];
        if (c > widest)
            widest = c;
        pass->y[i] = (nst_map){NULL, c, h, w};
        if (!exists(pass, i))
            continue;
        if (stores(pass, i))
            take_map(&pass->y[i], c, h, w, arena);
        if (pools(pass, i)) {
            h /= 2;
            w /= 2;
            pass->pooled[i].kind = pass->pooling;
            take_map(&pass->pooled[i].map, c, h, w, arena);
            pass->pooled[i].route = nst_arena_take(arena, nst_route_bytes(c, h, w), 1);
        }
    }
    pass->per_thread = nst_conv_workspace(pass->model->algorithm, widest, widest);
    pass->workspace = nst_arena_floats(arena, pass->per_thread * (size_t)pass->threads);
}

void nst_pass_forward(nst_pass *pass, const float *pixels)
{
    const nst_model *model = pass->model;
    nst_transform_forward(&model->transform, pixels, pass->h, pass->w, pass->x, pass->threads);
    nst_first_forward(&model->first, pass->x, &pass->y[0], pass->threads);
    for (int i = 1; i <= pass->deepest; i++) {
        if (!exists(pass, i))
            continue;
        int p = before(pass, i);
        nst_conv_forward_args args = {
            .filter = nst_model_forward_filter(model, i),
            .bias = model->bias[i],
            .x = pools(pass, p) ? pass->pooled[p].map : pass->y[p],
            .y = pass->y[i],
            .pooled = pools(pass, i) ? &pass->pooled[i] : NULL,
        };
        nst_conv_forward(&args, pass->workspace, pass->per_thread, pass->threads);
    }
}

static void backward(nst_pass *pass, const nst_conv_backward_args *args)
{
    nst_conv_backward(args, pass->workspace, pass->per_thread, pass->threads);
}

void nst_pass_backward(nst_pass *pass, const nst_tap *const taps[NST_LAYER_MAX], float *gradient)
{
    int last = pass->deepest;
    /* Nothing lies behind the deepest layer: its gradient is its tap's alone. */
    backward(pass,
             &(nst_conv_backward_args){.y = pass->y[last], .masked = true, .tap = taps[last]});

    for (int i = last, p; (p = before(pass, i)) >= 0; i = p) {
        nst_conv_backward_args args = {.filter = nst_model_backward_filter(pass->model, i)};
        if (stores(pass, i))
            args.dz = pass->y[i];
        else
            args.pooled = &pass->pooled[i];

        if (!pools(pass, p)) {
            args.y = pass->y[p];
            args.masked = true;
            args.tap = taps[p];
            backward(pass, &args);
            continue;
        }
        args.y = pass->pooled[p].map;
        backward(pass, &args);
        if (stores(pass, p))
            backward(pass, &(nst_conv_backward_args){.pooled = &pass->pooled[p],
                                                     .y = pass->y[p],
                                                     .masked = true,
                                                     .tap = taps[p]});
    }
    nst_first_backward(&pass->model->first, &pass->y[0], pass->dx, pass->threads);
    nst_transform_backward(&pass->model->transform, pass->dx, pass->h, pass->w, gradient,
                           pass->threads);
}
