/* What blocks of tiles read and write with every algorithm: where tiles lie, 6x6 patches as the
 * source, and the sinks.
 *
 * Everything here works on `LANES` channels of one group at a time; l is the first of them. */
#ifndef NST_KERNELS_SIMD_BLOCK_H
#define NST_KERNELS_SIMD_BLOCK_H

#include "kernels/isa.h"
#include "kernels/simd/vector.h"

enum { SIDE = 6, PATCH = SIDE * SIDE, OUT = NST_TILE * NST_TILE };

/* ---- where the tiles of a block lie -------------------------------------------------- */

typedef struct {
    int y, x; /* top left pixel of the output tile */
} tile_at;

/* Tiles are numbered block by block, per_block numbers for each. */
static inline tile_at tile_position(const nst_blocks *blocks, int tile)
{
    int y = tile / blocks->tiles_x, x = tile % blocks->tiles_x;
    if (blocks->wide > 0) {
        int block = tile / blocks->per_block, inside_it = tile % blocks->per_block;
        int across = (blocks->tiles_x + blocks->wide - 1) / blocks->wide;
        int left = block % across * blocks->wide;
        int wide = blocks->tiles_x - left < blocks->wide ? blocks->tiles_x - left : blocks->wide;
        y = block / across * blocks->high + inside_it / wide;
        x = left + inside_it % wide;
    }
    return (tile_at){y * NST_TILE, x * NST_TILE};
}

static inline int tiles_of(const nst_blocks *blocks, int block)
{
    int left = blocks->tiles - block * blocks->per_block;
    if (blocks->wide > 0) {
        tile_at corner = tile_position(blocks, block * blocks->per_block);
        int wide = blocks->tiles_x - corner.x / NST_TILE;
        int high = blocks->tiles / blocks->tiles_x - corner.y / NST_TILE;
        return (wide < blocks->wide ? wide : blocks->wide) *
               (high < blocks->high ? high : blocks->high);
    }
    return left < blocks->per_block ? left : blocks->per_block;
}

/* ---- source: 6x6 patches -------------------------------------------------------------- */

static inline void load_patch(const nst_map *in, int group, tile_at at, int l, vec *d)
{
    const float *p = nst_map_at(in, group, at.y - 1, at.x - 1) + l;
    size_t row = nst_plane_side(in->w) * NST_GROUP;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            d[i * SIDE + j] = vec_load(p + (size_t)i * row + (size_t)j * NST_GROUP);
}

/* The gradient of each pooled value goes to those of its four pixels that its route names. The
 * patch starts at an odd pixel, so 4x4 pooled values cover it, and half of each outermost one lies
 * outside. */
static inline void load_routed_patch(const nst_pooled *pooled, int group, tile_at at, int l, vec *d)
{
    const nst_map *map = &pooled->map;
    const float scale = pooled->kind == NST_POOL_AVG ? 0.25f : 1.0f;
    for (int a = 0; a < 4; a++) {
        for (int b = 0; b < 4; b++) {
            int y = at.y / 2 - 1 + a, x = at.x / 2 - 1 + b;
            vec gradient = {0};
            ivec route = {0};
            if (y >= 0 && x >= 0 && y < map->h && x < map->w) {
                size_t pixel = ((size_t)group * (size_t)map->h + (size_t)y) * (size_t)map->w;
                const uint8_t *r = pooled->route + (pixel + (size_t)x) * NST_GROUP + l;
                route = __builtin_convertvector(*(const bvec *)r, ivec);
                gradient = vec_load(nst_map_at(map, group, y, x) + l) * scale;
            }
            ivec bit = (ivec){0} + 1;
            for (int k = 0; k < 4; k++, bit += bit) {
                int i = 2 * a - 1 + k / 2, j = 2 * b - 1 + k % 2;
                if (i >= 0 && i < SIDE && j >= 0 && j < SIDE)
                    d[i * SIDE + j] = vec_where((route & bit) != 0, gradient);
            }
        }
    }
}

static inline void source_patch(const nst_conv_job *job, int group, tile_at at, int l, vec *d)
{
    if (job->in_pooled)
        load_routed_patch(job->in_pooled, group, at, l, d);
    else
        load_patch(&job->in, group, at, l, d);
}

/* ---- sinks ------------------------------------------------------------------------------ */

typedef struct {
    const nst_conv_job *job;
    const float *loss; /* [tile][16 pixels][stride]: sum of the loss gradient's parts, or NULL */
    int stride;        /* between its pixels */
    int first;         /* its first channel */
} sink;

static inline int inside(int limit, int start)
{
    int n = limit - start;
    return n < NST_TILE ? n : NST_TILE;
}

static inline void sink_pooled(const nst_pooled *pooled, int group, tile_at at, int l, const vec *v)
{
    const nst_map *map = &pooled->map;
    for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) {
            int y = at.y / 2 + a, x = at.x / 2 + b;
            if (y >= map->h || x >= map->w)
                continue;
            const vec *q = v + 2 * a * NST_TILE + 2 * b;
            const vec four[4] = {q[0], q[1], q[NST_TILE], q[NST_TILE + 1]};
            vec value;
            ivec route;
            if (pooled->kind == NST_POOL_AVG) {
                value = 0.25f * ((four[0] + four[1]) + (four[2] + four[3]));
                route = ((four[0] > 0.0f) & 1) | ((four[1] > 0.0f) & 2) | ((four[2] > 0.0f) & 4) |
                        ((four[3] > 0.0f) & 8);
            } else {
                value = four[0];
                ivec bit = route = (ivec){0} + 1;
                for (int k = 1; k < 4; k++) {
                    ivec larger = four[k] > value;
                    value = (vec)(((ivec)four[k] & larger) | ((ivec)value & ~larger));
                    bit += bit;
                    route = (bit & larger) | (route & ~larger);
                }
                route &= value > 0.0f;
            }
            vec_store(nst_map_at(map, group, y, x) + l, value);
            size_t pixel = ((size_t)group * (size_t)map->h + (size_t)y) * (size_t)map->w;
            uint8_t *r = pooled->route + (pixel + (size_t)x) * NST_GROUP + l;
            *(bvec *)r = __builtin_convertvector(route, bvec);
        }
    }
}

static inline void sink_forward(const nst_conv_job *job, int group, tile_at at, int l, vec *v)
{
    vec bias = vec_load(job->bias + group * NST_GROUP + l);
    for (int p = 0; p < OUT; p++) {
        vec z = v[p] + bias;
        v[p] = vec_where(~(z < 0.0f), z); /* not z > 0, so that NaN stays NaN */
    }
    if (job->out.data) {
        int rows = inside(job->out.h, at.y), columns = inside(job->out.w, at.x);
        size_t row = nst_plane_side(job->out.w) * NST_GROUP;
        float *y = nst_map_at(&job->out, group, at.y, at.x) + l;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                vec_store(y + (size_t)i * row + (size_t)j * NST_GROUP, v[i * NST_TILE + j]);
    }
    if (job->out_pooled)
        sink_pooled(job->out_pooled, group, at, l, v);
}

static inline void sink_backward(const sink *to, int tile, int group, tile_at at, int l,
                                 const vec *v)
{
    const nst_conv_job *job = to->job;
    const nst_loss_gradient *loss = job->loss;
    int rows = inside(job->out.h, at.y), columns = inside(job->out.w, at.x);
    size_t row = nst_plane_side(job->out.w) * NST_GROUP;
    float *out = nst_map_at(&job->out, group, at.y, at.x) + l;
    const float *target =
        loss && loss->target && !loss->wide ? loss->target + (out - job->out.data) : NULL;
    const float *parts = to->loss ? to->loss + (size_t)tile * OUT * (size_t)to->stride +
                                        (group * NST_GROUP + l - to->first)
                                  : NULL;

    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            size_t at_pixel = (size_t)i * row + (size_t)j * NST_GROUP;
            vec g = v[i * NST_TILE + j];
            if (job->masked) {
                vec y = vec_load(out + at_pixel);
                if (parts)
                    g += vec_load(parts + (i * NST_TILE + j) * to->stride);
                if (target)
                    g = vec_fma(vec_all(loss->scale), y - vec_load(target + at_pixel), g);
                g = vec_where(y > 0.0f, g);
            }
            vec_store(out + at_pixel, g);
        }
    }
}

static inline void sink_tile(const sink *to, int tile, int group, tile_at at, int l, vec *v)
{
    if (to->job->forward)
        sink_forward(to->job, group, at, l, v);
    else
        sink_backward(to, tile, group, at, l, v);
}

/* The weight of pixel p of a tile, zero outside the picture. */
static inline float weight_at(const float *weight, const nst_map *map, tile_at at, int p)
{
    int y = at.y + p / NST_TILE, x = at.x + p % NST_TILE;
    if (y >= map->h || x >= map->w)
        return 0.0f;
    return weight ? weight[(size_t)y * (size_t)map->w + (size_t)x] : 1.0f;
}

/* Whether a part has any weight in a block. */
static inline bool touches(const nst_loss_gradient_part *part, const nst_map *map,
                           const nst_blocks *blocks, int first, int tiles)
{
    if (!part->weight)
        return true;
    for (int t = 0; t < tiles; t++)
        for (int p = 0; p < OUT; p++)
            if (weight_at(part->weight, map, tile_position(blocks, first + t), p) != 0.0f)
                return true;
    return false;
}

#endif
