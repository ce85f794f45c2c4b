#include "model/pass.h"

#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "kernels/gram.h"
#include "kernels/widen.h"
#include "model/layers.h"

/* Memory for a band: so large that its halo takes little of the time, and small beside the pooled
 * maps. */
static const size_t BAND_BYTES_MIN = (size_t)64 << 20;
static const size_t BAND_BYTES_PER_PIXEL = 14;

static bool exists(const nst_pass *pass, int layer)
{
    return pass->model->info.widths[layer] > 0;
}

/* The next layer of the pass; after the last one, a number above `deepest`. */
static int next(const nst_pass *pass, int layer)
{
    do
        layer++;
    while (layer <= pass->deepest && !exists(pass, layer));
    return layer;
}

static int before(const nst_pass *pass, int layer)
{
    return nst_model_before(pass->model, layer);
}

/* Whether a pooling follows: the next layer of the pass is in the next block. */
static bool pools(const nst_pass *pass, int layer)
{
    int after = next(pass, layer);
    return after <= pass->deepest && nst_layers[after].block > nst_layers[layer].block;
}

/* Whether the full-size activation is stored: losses read it, or the next layer reads it and not
 * its pooled form. */
static bool stores(const nst_pass *pass, int layer)
{
    return !pools(pass, layer) || (pass->kept >> layer & 1);
}

int nst_pass_side_min(int deepest)
{
    return 1 << (nst_layers[deepest].block - 1);
}

nst_status nst_pass_check(const nst_pass *pass, nst_error *error)
{
    int side = nst_pass_side_min(pass->deepest);
    if (pass->w < side || pass->h < side)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%dx%d pixels: too small for %s, which needs %d each way", pass->w, pass->h,
                        nst_layers[pass->deepest].name, side);
    return NST_OK;
}

void nst_pass_layer_size(const nst_pass *pass, int layer, int *h, int *w)
{
    *h = pass->h / nst_pass_side_min(layer);
    *w = pass->w / nst_pass_side_min(layer);
}

/* ---- layout ---------------------------------------------------------------------------------- */

static void take_map(nst_map *map, int c, int h, int w, nst_arena *arena)
{
    *map = (nst_map){nst_arena_floats(arena, nst_map_floats(c, h, w)), c, h, w};
}

static void take_pooled(const nst_pass *pass, const nst_block *block, int h, nst_pooled *out,
                        nst_arena *arena)
{
    int c = pass->model->info.widths[block->last];
    out->kind = pass->pooling;
    take_map(&out->map, c, h / 2, block->w / 2, arena);
    out->route = nst_arena_take(arena, nst_route_bytes(c, h / 2, block->w / 2), 1);
}

/* Rows of wide features that are shown together: enough slabs of a Gram matrix for all threads, few
 * enough to stay in a cache. */
static int wide_rows(const nst_pass *pass, int layer, int w)
{
    enum { SLABS = 8 };
    return SLABS * nst_gram_slab(pass->model->info.wide[layer], w);
}

/* The maps of `rows` rows of a block, except those for which the pass has whole maps. */
static void take_stage(const nst_pass *pass, int b, int rows, nst_stage *out, nst_arena *arena)
{
    const nst_block *block = &pass->blocks[b];
    const int *widths = pass->model->info.widths;
    *out = (nst_stage){0};
    if (b == 0) {
        out->x = nst_arena_floats(arena, 3 * ((size_t)rows + 2) * ((size_t)block->w + 2));
        if (!pass->forward_only)
            out->dx = nst_arena_floats(arena, 3 * (size_t)rows * (size_t)block->w);
    } else if (pass->recompute) {
        take_map(&out->input, widths[before(pass, block->first)], rows, block->w, arena);
    } else {
        out->input = pass->pooled[b - 1].map;
    }
    for (int i = block->first; i <= block->last; i = next(pass, i)) {
        out->y[i] = (nst_map){NULL, widths[i], rows, block->w};
        if (stores(pass, i))
            take_map(&out->y[i], widths[i], rows, block->w, arena);
        if (pass->recompute && !pass->forward_only && (pass->targeted >> i & 1))
            take_map(&out->target[i], nst_model_features(pass->model, i), rows, block->w, arena);
    }
    if (pools(pass, block->last)) {
        if (pass->recompute)
            take_pooled(pass, block, rows, &out->pooled, arena);
        else
            out->pooled = pass->pooled[b];
    }
}

static size_t stage_bytes(const nst_pass *pass, int b, int rows)
{
    nst_arena count = {0};
    nst_stage stage;
    take_stage(pass, b, rows, &stage, &count);
    return count.overflow ? SIZE_MAX : count.used;
}

/* Bands as high as memory allows; they begin where tiles and the slabs of Gram matrices do. */
static void choose_rows(nst_pass *pass, int b)
{
    nst_block *block = &pass->blocks[b];
    int convolutions = 0, unit, rows;
    size_t most = BAND_BYTES_PER_PIXEL * (size_t)pass->h * (size_t)pass->w;
    if (most < BAND_BYTES_MIN)
        most = BAND_BYTES_MIN;
    if (pass->band_bytes)
        most = pass->band_bytes;
    block->rows = block->h;
    block->halo = 0;
    if (!pass->recompute || stage_bytes(pass, b, block->h) <= most)
        return;

    for (int i = block->first; i <= block->last; i = next(pass, i))
        convolutions++;
    /* With each convolution one row more at an edge is wrong, on the way there and on the way back.
     * The rounding of a tile depends on its whole patch: so bits change in up to one tile more. */
    int halo = (2 * convolutions + 2 * NST_TILE - 1) / NST_TILE * NST_TILE;
    unit = halo;
    for (int i = block->first; i <= block->last; i++)
        if (pass->kept >> i & 1) {
            int slab = nst_gram_slab(nst_model_features(pass->model, i), block->w);
            unit = slab > unit ? slab : unit;
        }
    for (rows = unit; rows < block->h && stage_bytes(pass, b, rows + unit + 2 * halo) <= most;)
        rows += unit;
    if (rows >= block->h)
        return;
    block->rows = rows;
    block->halo = halo;
}

static void find_blocks(nst_pass *pass)
{
    int first = 0;
    pass->block_count = 0;
    for (int i = 0; i <= pass->deepest; i = next(pass, i)) {
        if (!pools(pass, i) && i < pass->deepest)
            continue;
        nst_block *block = &pass->blocks[pass->block_count++];
        *block = (nst_block){.first = first, .last = i};
        nst_pass_layer_size(pass, i, &block->h, &block->w);
        first = next(pass, i);
    }
}

static int widest(const nst_pass *pass)
{
    int widest = 0;
    for (int i = 0; i <= pass->deepest; i++)
        if (pass->model->info.widths[i] > widest)
            widest = pass->model->info.widths[i];
    return widest;
}

/* The memory of one band, which all bands use one after the other. */
static void take_scratch(nst_pass *pass, nst_arena *arena)
{
    size_t most = 0;
    for (int b = 0; b < pass->block_count; b++) {
        const nst_block *block = &pass->blocks[b];
        int rows = block->rows + 2 * block->halo;
        size_t bytes = stage_bytes(pass, b, rows < block->h ? rows : block->h);
        most = bytes > most ? bytes : most;
        if (b > 0 && block->halo > 0 && !pass->forward_only)
            take_map(&pass->above[b], pass->model->info.widths[before(pass, block->first)],
                     block->halo, block->w, arena);
    }
    pass->scratch = (nst_arena){.base = nst_arena_take(arena, most, 1), .size = most};
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static bool has_wide(const nst_pass *pass, int layer)
{
    return (pass->kept >> layer & 1) && pass->model->info.wide[layer] > 0;
}

/* Keep wide features for the way back: computing them again takes longer than reading them. Those
 * of the first two blocks would take as much memory as all activations, and are not kept. */
static void take_features(nst_pass *pass, nst_arena *arena)
{
    enum { BLOCK = 3 };
    for (int i = 0; i <= pass->deepest; i++) {
        int h, w;
        pass->features[i] = (nst_map){0};
        if (pass->recompute || pass->forward_only || !has_wide(pass, i) ||
            nst_layers[i].block < BLOCK || !nst_conv_is_own(pass->algorithm))
            continue;
        nst_pass_layer_size(pass, i, &h, &w);
        take_map(&pass->features[i], pass->model->info.wide[i], h, w, arena);
    }
}

/* A map of some rows of wide features, in pass->wide. */
static nst_map wide_map(const nst_pass *pass, int layer, int rows)
{
    int h, w;
    nst_pass_layer_size(pass, layer, &h, &w);
    return (nst_map){pass->wide, pass->model->info.wide[layer], rows, w};
}

static size_t wide_floats(const nst_pass *pass)
{
    size_t most = 0;
    for (int i = 0; i <= pass->deepest; i++) {
        int h, w;
        if (!has_wide(pass, i) || pass->features[i].c > 0)
            continue;
        nst_pass_layer_size(pass, i, &h, &w);
        int rows = wide_rows(pass, i, w);
        most = larger(most, nst_map_floats(pass->model->info.wide[i], rows < h ? rows : h, w));
    }
    return most;
}

/* Floats of workspace for one thread. */
static size_t workspace_floats(const nst_pass *pass)
{
    const nst_model_info *info = &pass->model->info;
    int c = widest(pass);
    size_t most = nst_conv_workspace(pass->algorithm, c, c);
    for (int i = 0; i <= pass->deepest; i++)
        if (pass->kept >> i & 1 && info->wide[i] > 0) {
            most = larger(most, nst_loss_gradient_workspace(info->widths[i], info->wide[i]));
            most = larger(most, nst_widen_workspace(info->widths[i], info->wide[i]));
        }
    return most;
}

void nst_pass_layout(nst_pass *pass, nst_arena *arena)
{
    find_blocks(pass);
    for (int b = 0; b < pass->block_count; b++) {
        choose_rows(pass, b);
        if (b + 1 < pass->block_count)
            take_pooled(pass, &pass->blocks[b], pass->blocks[b].h, &pass->pooled[b], arena);
    }
    if (pass->recompute)
        take_scratch(pass, arena);
    else
        for (int b = 0; b < pass->block_count; b++)
            take_stage(pass, b, pass->blocks[b].h, &pass->stages[b], arena);
    take_features(pass, arena);
    pass->wide = nst_arena_floats(arena, wide_floats(pass));
    pass->per_thread = workspace_floats(pass);
    pass->workspace = nst_arena_floats(arena, pass->per_thread * (size_t)pass->threads);
}

/* ---- bands ----------------------------------------------------------------------------------- */

typedef struct {
    int begin, end;  /* rows of the block that this band is for */
    int above, rows; /* first row and height of its maps, halo included */
} extent;

static extent band_at(const nst_block *block, int begin)
{
    int end = block->h - begin < block->rows ? block->h : begin + block->rows;
    int above = begin - block->halo < 0 ? 0 : begin - block->halo;
    int below = block->h - end < block->halo ? block->h : end + block->halo;
    return (extent){begin, end, above, below - above};
}

static void clear_frame(const nst_pass *pass, const nst_map *map)
{
    if (map->data)
        nst_map_clear_frame(map, pass->threads);
}

/* The stage of a band: the pass's own with the plan keep; else in scratch, with borders set to
 * zero. */
static nst_stage *open_stage(nst_pass *pass, int b, const extent *band, nst_stage *local)
{
    const nst_block *block = &pass->blocks[b];
    if (!pass->recompute)
        return &pass->stages[b];
    pass->scratch.used = 0;
    take_stage(pass, b, band->rows, local, &pass->scratch);
    clear_frame(pass, &local->input);
    clear_frame(pass, &local->pooled.map);
    for (int i = block->first; i <= block->last; i++)
        clear_frame(pass, &local->y[i]);
    return local;
}

typedef struct {
    const nst_pooled *from, *to;
    int from_row, to_row, rows;
} route_copy;

static void copy_route_row(void *context, int index, int thread)
{
    (void)thread;
    const route_copy *r = context;
    const nst_pooled *from = r->from, *to = r->to;
    size_t group = (size_t)(index / r->rows), row = (size_t)(index % r->rows);
    size_t bytes = (size_t)from->map.w * NST_GROUP;
    memcpy(to->route + (group * (size_t)to->map.h + (size_t)r->to_row + row) * bytes,
           from->route + (group * (size_t)from->map.h + (size_t)r->from_row + row) * bytes, bytes);
}

static void copy_routes(const nst_pooled *from, int from_row, const nst_pooled *to, int to_row,
                        int rows, int threads)
{
    route_copy r = {from, to, from_row, to_row, rows};
    nst_parallel_for(nst_groups(from->map.c) * rows, threads, copy_route_row, &r);
}

/* ---- forward --------------------------------------------------------------------------------- */

/* Compute activations up to layer `last` and, with `pool`, the block's pooled map. */
static void compute(nst_pass *pass, int b, nst_stage *stage, const extent *band,
                    const float *pixels, int last, bool pool)
{
    const nst_model *model = pass->model;
    const nst_block *block = &pass->blocks[b];
    int first = block->first;
    if (b == 0) {
        nst_rows rows = {pass->h, pass->w, band->above, band->rows};
        nst_transform_forward(&model->transform, pixels, rows, stage->x, pass->threads);
        nst_first_forward(&model->first, stage->x, &stage->y[0], pass->threads);
        first = next(pass, 0);
    }
    for (int i = first; i <= last; i = next(pass, i)) {
        nst_conv_forward_args args = {
            .filter = nst_model_forward_filter(model, pass->algorithm, i),
            .bias = model->bias[i],
            .x = i == block->first ? stage->input : stage->y[before(pass, i)],
            .y = stage->y[i],
            .pooled = pool && pools(pass, i) ? &stage->pooled : NULL,
        };
        nst_conv_forward(&args, pass->workspace, pass->per_thread, pass->threads);
    }
}

/* Compute and show the wide features of a layer's band, some rows at a time. */
static void show_wide(const nst_pass *pass, int layer, const nst_band *band, nst_show show_to,
                      void *context)
{
    int most = wide_rows(pass, layer, band->y.w);
    bool own = nst_conv_is_own(pass->algorithm), kept = pass->features[layer].data != NULL;
    for (int begin = band->begin; begin < band->end; begin += most) {
        int rows = band->end - begin < most ? band->end - begin : most;
        int first = kept ? begin : 0;
        nst_map wide = kept ? pass->features[layer] : wide_map(pass, layer, rows);
        if (!kept)
            clear_frame(pass, &wide);
        nst_widen(nst_model_widening(pass->model, layer), &band->y, begin, own, &wide, first, rows,
                  pass->workspace, pass->per_thread, pass->threads);
        show_to(context, layer,
                &(nst_band){wide, first, first + rows, band->first + begin - band->begin});
    }
}

static void show(const nst_pass *pass, int b, const nst_stage *stage, const extent *band,
                 nst_show show_to, void *context)
{
    const nst_block *block = &pass->blocks[b];
    for (int i = block->first; show_to && i <= block->last; i++) {
        nst_band shown = {stage->y[i], band->begin - band->above, band->end - band->above,
                          band->begin};
        if (!(pass->kept >> i & 1))
            continue;
        if (pass->model->info.wide[i] > 0)
            show_wide(pass, i, &shown, show_to, context);
        else
            show_to(context, i, &shown);
    }
}

void nst_pass_forward(nst_pass *pass, const float *pixels, nst_show show_to, void *context)
{
    for (int b = 0; b < pass->block_count; b++) {
        const nst_block *block = &pass->blocks[b];
        for (int begin = 0; begin < block->h && !nst_parallel_cancelled(); begin += block->rows) {
            extent band = band_at(block, begin);
            nst_stage local, *stage = open_stage(pass, b, &band, &local);
            if (pass->recompute && b > 0)
                nst_map_copy_rows(&pass->pooled[b - 1].map, band.above, &stage->input, 0, band.rows,
                                  pass->threads);
            compute(pass, b, stage, &band, pixels, block->last, true);
            show(pass, b, stage, &band, show_to, context);
            if (pass->recompute && pools(pass, block->last)) {
                int from = (band.begin - band.above) / 2, rows = band.end / 2 - band.begin / 2;
                nst_map_copy_rows(&stage->pooled.map, from, &pass->pooled[b].map, band.begin / 2,
                                  rows, pass->threads);
                copy_routes(&stage->pooled, from, &pass->pooled[b], band.begin / 2, rows,
                            pass->threads);
            }
        }
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

/* A layer's loss gradient, for the rows of a band. */
typedef struct {
    nst_loss_gradient loss;
    nst_loss_gradient_part parts[NST_REGIONS_MAX];
} band_loss;

/* A layer's features, as a map without data. */
static nst_map features_of(const nst_pass *pass, int layer, int h, int w)
{
    return (nst_map){NULL, nst_model_features(pass->model, layer), h, w};
}

static void load_loss(const nst_pass *pass, const nst_block *block, int layer,
                      const nst_stage *stage, const extent *band, const nst_loss_gradient *loss,
                      band_loss *out)
{
    out->loss = *loss;
    out->loss.parts = out->parts;
    for (int i = 0; i < loss->part_count; i++) {
        out->parts[i] = loss->parts[i];
        if (loss->parts[i].weight)
            out->parts[i].weight += (size_t)band->above * (size_t)block->w;
    }
    if (loss->target) {
        nst_map whole = features_of(pass, layer, block->h, block->w);
        whole.data = (float *)loss->target; /* only read */
        nst_map_copy_rows(&whole, band->above, &stage->target[layer], 0, band->rows, pass->threads);
        out->loss.target = stage->target[layer].data;
    }
}

/* Load a band's input to compute it again, and the gradient that came from the block behind it. */
static void load(nst_pass *pass, int b, nst_stage *stage, const extent *band,
                 const nst_loss_gradient *const losses[], band_loss local[])
{
    const nst_block *block = &pass->blocks[b];
    if (b > 0) {
        int kept = band->begin - band->above; /* rows that the band before has overwritten */
        const nst_map *whole = &pass->pooled[b - 1].map;
        if (kept > 0)
            nst_map_copy_rows(&pass->above[b], block->halo - kept, &stage->input, 0, kept,
                              pass->threads);
        nst_map_copy_rows(whole, band->begin, &stage->input, kept, band->rows - kept,
                          pass->threads);
        if (block->halo > 0 && band->end < block->h)
            nst_map_copy_rows(whole, band->end - block->halo, &pass->above[b], 0, block->halo,
                              pass->threads);
    }
    if (pools(pass, block->last)) {
        nst_map_copy_rows(&pass->pooled[b].map, band->above / 2, &stage->pooled.map, 0,
                          stage->pooled.map.h, pass->threads);
        copy_routes(&pass->pooled[b], band->above / 2, &stage->pooled, 0, stage->pooled.map.h,
                    pass->threads);
    }
    for (int i = block->first; i <= block->last; i = next(pass, i))
        if (losses[i])
            load_loss(pass, block, i, stage, band, losses[i], &local[i]);
}

static void backward(nst_pass *pass, const nst_conv_backward_args *args)
{
    nst_conv_backward(args, pass->workspace, pass->per_thread, pass->threads);
}

/* From the gradient at the block's pooled map to that at its input. */
static void go_back(nst_pass *pass, int b, nst_stage *stage,
                    const nst_loss_gradient *const losses[])
{
    const nst_block *block = &pass->blocks[b];
    int last = block->last;
    if (last == pass->deepest) /* no layer follows: the gradient is that of its own losses */
        backward(pass, &(nst_conv_backward_args){.algorithm = pass->algorithm,
                                                 .y = stage->y[last],
                                                 .masked = true,
                                                 .loss = losses[last]});
    else if (stores(pass, last))
        backward(pass, &(nst_conv_backward_args){.algorithm = pass->algorithm,
                                                 .pooled = &stage->pooled,
                                                 .y = stage->y[last],
                                                 .masked = true,
                                                 .loss = losses[last]});
    for (int i = last; i >= block->first; i = before(pass, i)) {
        if (i == 0) {
            nst_first_backward(&pass->model->first, &stage->y[0], stage->dx, pass->threads);
            return;
        }
        nst_conv_backward_args args = {
            .algorithm = pass->algorithm,
            .filter = nst_model_backward_filter(pass->model, pass->algorithm, i)};
        if (stores(pass, i))
            args.dz = stage->y[i];
        else
            args.pooled = &stage->pooled;
        args.y = stage->input;
        if (i > block->first) {
            int p = before(pass, i);
            args.y = stage->y[p];
            args.masked = true;
            args.loss = losses[p];
        }
        backward(pass, &args);
    }
}

void nst_pass_backward(nst_pass *pass, const float *pixels,
                       const nst_loss_gradient *const losses[NST_LAYER_MAX], float *gradient)
{
    for (int b = pass->block_count - 1; b >= 0; b--) {
        const nst_block *block = &pass->blocks[b];
        for (int begin = 0; begin < block->h && !nst_parallel_cancelled(); begin += block->rows) {
            extent band = band_at(block, begin);
            nst_stage local, *stage = open_stage(pass, b, &band, &local);
            band_loss local_losses[NST_LAYER_MAX];
            const nst_loss_gradient *used[NST_LAYER_MAX];
            memcpy(used, losses, sizeof used);
            int skip = band.begin - band.above, rows = band.end - band.begin;
            if (pass->recompute) {
                load(pass, b, stage, &band, losses, local_losses);
                for (int i = block->first; i <= block->last; i++)
                    if (losses[i])
                        used[i] = &local_losses[i].loss;
                int last = block->last;
                compute(pass, b, stage, &band, pixels,
                        stores(pass, last) ? last : before(pass, last), false);
            }
            go_back(pass, b, stage, used);
            if (b == 0)
                nst_transform_backward(&pass->model->transform, stage->dx, band.rows, skip,
                                       (nst_rows){pass->h, pass->w, band.begin, rows}, gradient,
                                       pass->threads);
            else if (pass->recompute)
                nst_map_copy_rows(&stage->input, skip, &pass->pooled[b - 1].map, band.begin, rows,
                                  pass->threads);
        }
    }
}
