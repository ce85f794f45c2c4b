/* One block of tiles of a convolution: source, product, sink. See kernels/conv.h.
 *
 * Everything here works on `LANES` channels of one group at a time; l is the first of them. */
#include <string.h>

#include "kernels/conv.h"
#include "kernels/gemm.h"
#include "kernels/isa.h"
#include "kernels/simd/table.h"
#include "kernels/simd/vector.h"

enum { SIDE = 6, PATCH = SIDE * SIDE, OUT = NST_TILE * NST_TILE };

/* ---- where the tiles of a block lie -------------------------------------------------- */

typedef struct {
    int y, x; /* top left pixel of the output tile */
} tile_at;

static tile_at tile_position(const nst_blocks *blocks, int tile)
{
    return (tile_at){tile / blocks->tiles_x * NST_TILE, tile % blocks->tiles_x * NST_TILE};
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

/* The gradient of pooled values, handed to those of the four pixels that their route names. The
 * patch starts at an odd pixel, so 4x4 pooled values cover it, each outermost one by half. */
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

/* ---- Winograd transforms --------------------------------------------------------------- */

/* B^T d of six values that lie `stride` apart, in place. */
static inline void input_transform(vec *d, int stride)
{
    const vec two = vec_all(2.0f), four = vec_all(4.0f), five = vec_all(5.0f);
    vec d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride],
        d5 = d[5 * stride];
    vec even = vec_fma(-four, d2, d4), odd = vec_fma(-four, d1, d3);
    vec half = d4 - d2, by_two = d3 - d1;
    d[0] = vec_fma(four, d0, vec_fma(-five, d2, d4));
    d[stride] = even + odd;
    d[2 * stride] = even - odd;
    d[3 * stride] = vec_fma(two, by_two, half);
    d[4 * stride] = vec_fma(-two, by_two, half);
    d[5 * stride] = vec_fma(four, d1, vec_fma(-five, d3, d5));
}

/* A^T m of six values that lie `stride` apart; the first four places receive the result. */
static inline void output_transform(vec *m, int stride)
{
    vec a = m[stride] + m[2 * stride], b = m[stride] - m[2 * stride];
    vec c = m[3 * stride] + m[4 * stride], e = m[3 * stride] - m[4 * stride];
    vec m0 = m[0], m5 = m[5 * stride];
    m[0] = m0 + a + c;
    m[stride] = vec_fma(vec_all(2.0f), e, b);
    m[2 * stride] = vec_fma(vec_all(4.0f), c, a);
    m[3 * stride] = vec_fma(vec_all(8.0f), e, b) + m5;
}

/* ---- sinks ------------------------------------------------------------------------------ */

typedef struct {
    const nst_conv_job *job;
    const float
        *loss;  /* [tile][16 pixels][padded channels]: sum of the loss gradient's parts, or NULL */
    int stride; /* between its pixels */
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
        v[p] = vec_where(~(z < 0.0f), z); /* and not z > 0: a NaN must show */
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
    const float *parts =
        to->loss ? to->loss + (size_t)tile * OUT * (size_t)to->stride + group * NST_GROUP + l
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

/* ---- the loss gradient's parts, for all pixels of a block
 * ------------------------------------------ */

/* rows[tile][16][channels] = pixels of `map`, zero where a tile sticks out of the picture. */
static void gather_pixels(const nst_map *map, const nst_blocks *blocks, int first, int tiles,
                          float *rows)
{
    int groups = nst_groups(map->c);
    size_t channels = (size_t)nst_padded(map->c);
    size_t row = nst_plane_side(map->w) * NST_GROUP;
    for (int t = 0; t < tiles; t++) {
        tile_at at = tile_position(blocks, first + t);
        for (int group = 0; group < groups; group++) {
            const float *from = nst_map_at(map, group, at.y, at.x);
            float *to = rows + (size_t)t * OUT * channels + (size_t)group * NST_GROUP;
            for (int p = 0; p < OUT; p++)
                memcpy(to + (size_t)p * channels,
                       from + (size_t)(p / NST_TILE) * row + (size_t)(p % NST_TILE) * NST_GROUP,
                       NST_GROUP * sizeof(float));
        }
    }
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
static bool touches(const nst_loss_gradient_part *part, const nst_map *map,
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

static void scale_rows(const nst_loss_gradient_part *part, const nst_map *map,
                       const nst_blocks *blocks, int first, int tiles, int channels, float *rows)
{
    for (int t = 0; t < tiles; t++)
        for (int p = 0; p < OUT; p++, rows += channels) {
            float weight = weight_at(part->weight, map, tile_position(blocks, first + t), p);
            for (int c = 0; c < channels; c += LANES)
                vec_store(rows + c, weight * vec_load(rows + c));
        }
}

static void add_offset(const nst_loss_gradient_part *part, const nst_map *map,
                       const nst_blocks *blocks, int first, int tiles, int channels, float *rows)
{
    for (int t = 0; t < tiles; t++)
        for (int p = 0; p < OUT; p++, rows += channels) {
            float weight = weight_at(part->weight, map, tile_position(blocks, first + t), p);
            for (int c = 0; c < channels; c += LANES)
                vec_store(rows + c,
                          vec_fma(vec_all(weight), vec_load(part->offset + c), vec_load(rows + c)));
        }
}

/* sum[tile][16][channels] over the parts, for features [tile][16][channels], or those of the map
 * itself where they are NULL; rows is scratch of the same shape. */
static void sum_parts(const nst_conv_job *job, int first, int tiles, int channels,
                      const float *features, float *rows, float *sum)
{
    const nst_map *map = &job->out;
    int pixels = tiles * OUT;
    bool empty = true;
    for (int i = 0; i < job->loss->part_count; i++) {
        const nst_loss_gradient_part *part = &job->loss->parts[i];
        if (!touches(part, map, &job->blocks, first, tiles))
            continue;
        if (features)
            memcpy(rows, features, (size_t)pixels * (size_t)channels * sizeof *rows);
        else
            gather_pixels(map, &job->blocks, first, tiles, rows);
        if (part->weight)
            scale_rows(part, map, &job->blocks, first, tiles, channels, rows);
        for (int k = 0; k < channels; k += NST_PACKED_PANEL) {
            int width = channels - k < NST_PACKED_PANEL ? channels - k : NST_PACKED_PANEL;
            const float *panel = part->matrix + (size_t)k * (size_t)channels;
            if (nst_conv_is_own(job->algorithm)) {
                NST_FOR_ISA(nst_panel_product_)
                (pixels, width, channels, rows, channels, panel, sum + k, channels, !empty);
            } else {
                nst_gemm(pixels, width, channels, rows, channels, panel, width, empty ? 0.0f : 1.0f,
                         sum + k, channels);
            }
        }
        if (part->offset)
            add_offset(part, map, &job->blocks, first, tiles, channels, sum);
        empty = false;
    }
    if (empty)
        memset(sum, 0, (size_t)pixels * (size_t)channels * sizeof *sum);
}

/* The same through a wide loss, its target included: features are made, differentiated and taken
 * back, some pixels at a time. Pixels outside the picture come out wrong; no sink stores them. */
static void sum_wide(const nst_conv_job *job, int first, int tiles, float *scratch, float *sum)
{
    enum { TILES = NST_WIDEN_PIXELS / OUT };
    const nst_loss_gradient *loss = job->loss;
    const nst_widening *w = loss->wide;
    int narrow = nst_padded(w->in_c), wide = nst_padded(w->out_c);
    size_t floats = NST_WIDEN_PIXELS * (size_t)wide;
    float *rows = scratch, *features = rows + NST_WIDEN_PIXELS * (size_t)narrow;
    float *gradient = features + floats, *other = gradient + floats;
    nst_map target = {(float *)loss->target, w->out_c, job->out.h, job->out.w}; /* only read */

    for (int done = 0; done < tiles; done += TILES) {
        int some = tiles - done < TILES ? tiles - done : TILES, pixels = some * OUT;
        gather_pixels(&job->out, &job->blocks, first + done, some, rows);
        NST_FOR_ISA(nst_widen_pixels_)(w, nst_conv_is_own(job->algorithm), pixels, rows, features);
        sum_parts(job, first + done, some, wide, features, other, gradient);
        if (loss->target)
            gather_pixels(&target, &job->blocks, first + done, some, other);
        for (size_t i = 0; i < (size_t)pixels * (size_t)wide; i += LANES) {
            vec f = vec_load(features + i), g = vec_load(gradient + i);
            if (loss->target)
                g = vec_fma(vec_all(loss->scale), f - vec_load(other + i), g);
            vec_store(gradient + i, vec_where(f > 0.0f, g));
        }
        NST_FOR_ISA(nst_narrow_pixels_)
        (w, nst_conv_is_own(job->algorithm), pixels, gradient,
         sum + (size_t)(done * OUT) * (size_t)narrow);
    }
}

/* ---- the algorithms ------------------------------------------------------------------------ */

static void run_winograd(const nst_conv_job *job, int first, int tiles, const sink *to,
                         float *workspace)
{
    int in = nst_padded(job->filter->in_c), out = nst_padded(job->filter->out_c);
    int stride = nst_conv_stride(in);
    /* A line more between planes, so that the 36 stores of a patch do not share a cache set. */
    size_t plane = (size_t)job->blocks.per_block * (size_t)stride + NST_GROUP;
    bool packed = job->algorithm == NST_CONV_PACKED;
    int panel = packed ? NST_PACKED_PANEL : NST_BLAS_PANEL;
    size_t m_plane = (size_t)job->blocks.per_block * (size_t)panel + NST_GROUP;
    float *v = workspace, *m = v + PATCH * plane;

    for (int group = 0; group < in / NST_GROUP; group++) {
        for (int t = 0; t < tiles; t++) {
            tile_at at = tile_position(&job->blocks, first + t);
            for (int l = 0; l < NST_GROUP; l += LANES) {
                vec d[PATCH];
                source_patch(job, group, at, l, d);
                for (int j = 0; j < SIDE; j++)
                    input_transform(d + j, SIDE);
                float *to_v = v + (size_t)t * (size_t)stride + group * NST_GROUP + l;
                for (int i = 0; i < SIDE; i++) {
                    input_transform(d + i * SIDE, 1);
                    for (int j = 0; j < SIDE; j++)
                        vec_store(to_v + (size_t)(i * SIDE + j) * plane, d[i * SIDE + j]);
                }
            }
        }
    }
    for (int k = 0; k < out; k += panel) {
        int width = out - k < panel ? out - k : panel;
        for (int e = 0; e < PATCH; e++) {
            const float *a = v + (size_t)e * plane, *u = job->filter->matrix;
            float *c = m + (size_t)e * m_plane;
            if (packed) {
                u += (size_t)(k * PATCH + e * width) * (size_t)in;
                NST_FOR_ISA(nst_panel_product_)(tiles, width, in, a, stride, u, c, width, 0);
            } else {
                u += (size_t)e * (size_t)in * (size_t)out + (size_t)k;
                nst_gemm(tiles, width, in, a, stride, u, out, 0.0f, c, width);
            }
        }
        for (int t = 0; t < tiles; t++) {
            tile_at at = tile_position(&job->blocks, first + t);
            for (int c = 0; c < width; c += LANES) {
                vec d[PATCH];
                const float *from = m + (size_t)t * (size_t)width + c;
                for (int e = 0; e < PATCH; e++)
                    d[e] = vec_load(from + (size_t)e * m_plane);
                for (int j = 0; j < SIDE; j++)
                    output_transform(d + j, SIDE);
                vec o[OUT];
                for (int i = 0; i < NST_TILE; i++) {
                    output_transform(d + i * SIDE, 1);
                    for (int j = 0; j < NST_TILE; j++)
                        o[i * NST_TILE + j] = d[i * SIDE + j];
                }
                sink_tile(to, t, (k + c) / NST_GROUP, at, (k + c) % NST_GROUP, o);
            }
        }
    }
}

static void run_im2col(const nst_conv_job *job, int first, int tiles, const sink *to,
                       float *workspace)
{
    int in = nst_padded(job->filter->in_c), out = nst_padded(job->filter->out_c);
    int depth = 9 * in, pixels = tiles * OUT;
    float *rows = workspace, *m = rows + (size_t)job->blocks.per_block * OUT * (size_t)depth;

    for (int group = 0; group < in / NST_GROUP; group++) {
        for (int t = 0; t < tiles; t++) {
            tile_at at = tile_position(&job->blocks, first + t);
            for (int l = 0; l < NST_GROUP; l += LANES) {
                vec d[PATCH];
                source_patch(job, group, at, l, d);
                for (int p = 0; p < OUT; p++) {
                    float *row = rows + (size_t)(t * OUT + p) * (size_t)depth +
                                 (size_t)group * 9 * NST_GROUP + l;
                    const vec *corner = d + p / NST_TILE * SIDE + p % NST_TILE;
                    for (int k = 0; k < 9; k++)
                        vec_store(row + k * NST_GROUP, corner[k / 3 * SIDE + k % 3]);
                }
            }
        }
    }
    for (int k = 0; k < out; k += NST_BLAS_PANEL) {
        int width = out - k < NST_BLAS_PANEL ? out - k : NST_BLAS_PANEL;
        nst_gemm(pixels, width, depth, rows, depth, job->filter->matrix + k, out, 0.0f, m, width);
        for (int t = 0; t < tiles; t++) {
            tile_at at = tile_position(&job->blocks, first + t);
            for (int c = 0; c < width; c += LANES) {
                vec o[OUT];
                for (int p = 0; p < OUT; p++)
                    o[p] = vec_load(m + (size_t)(t * OUT + p) * (size_t)width + c);
                sink_tile(to, t, (k + c) / NST_GROUP, at, (k + c) % NST_GROUP, o);
            }
        }
    }
}

/* No filter: the gradient itself, spread out by pooling or not, or none at all. */
static void run_identity(const nst_conv_job *job, int first, int tiles, const sink *to)
{
    bool empty = !job->in_pooled && !job->in.data;
    for (int group = 0; group < nst_groups(job->out.c); group++) {
        for (int t = 0; t < tiles; t++) {
            tile_at at = tile_position(&job->blocks, first + t);
            for (int l = 0; l < NST_GROUP; l += LANES) {
                vec d[PATCH] = {{0}}, o[OUT];
                if (!empty)
                    source_patch(job, group, at, l, d);
                for (int p = 0; p < OUT; p++)
                    o[p] = d[(p / NST_TILE + 1) * SIDE + p % NST_TILE + 1];
                sink_tile(to, t, group, at, l, o);
            }
        }
    }
}

void NST_FOR_ISA(nst_conv_block_)(const nst_conv_job *job, int block, float *workspace)
{
    const nst_blocks *blocks = &job->blocks;
    int first = block * blocks->per_block;
    int tiles = blocks->tiles - first;
    if (tiles > blocks->per_block)
        tiles = blocks->per_block;

    sink to = {.job = job};
    if (!job->forward && job->loss && (job->loss->part_count > 0 || job->loss->wide)) {
        /* Before the sink overwrites y with its gradient. */
        int channels = nst_padded(job->out.c);
        size_t floats = (size_t)blocks->per_block * OUT * (size_t)channels;
        if (job->loss->wide)
            sum_wide(job, first, tiles, workspace + floats, workspace);
        else
            sum_parts(job, first, tiles, channels, NULL, workspace + floats, workspace);
        to.loss = workspace;
        to.stride = channels;
        workspace += floats; /* what else was used is free again */
    }
    if (!job->filter)
        run_identity(job, first, tiles, &to);
    else if (job->algorithm == NST_CONV_IM2COL)
        run_im2col(job, first, tiles, &to, workspace);
    else
        run_winograd(job, first, tiles, &to, workspace);
}
