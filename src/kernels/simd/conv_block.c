/* One block of tiles of a convolution: source, product, sink. See kernels/conv.h.
 *
 * Everything here works on `LANES` channels of one group at a time; l is the first of them. */
#include <string.h>

#include "kernels/conv.h"
#include "kernels/gemm.h"
#include "kernels/isa.h"
#include "kernels/simd/block.h"
#include "kernels/simd/table.h"
#include "kernels/simd/vector.h"

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

/* ---- the loss gradient's parts, for all pixels of a block ------------------------------------ */

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

/* The same for losses of wide features, with their target. For a few pixels at a time: compute the
 * features or read those that were kept, find the gradient there, carry it back to the map's
 * channels. Pixels outside the picture get wrong values; no sink stores them. */
static void sum_wide(const nst_conv_job *job, int first, int tiles, float *scratch, float *sum)
{
    enum { TILES = NST_WIDEN_PIXELS / OUT };
    const nst_loss_gradient *loss = job->loss;
    const nst_widening *w = loss->wide;
    int narrow = nst_padded(w->in_c), wide = nst_padded(w->out_c);
    size_t floats = NST_WIDEN_PIXELS * (size_t)wide;
    float *rows = scratch, *features = rows + NST_WIDEN_PIXELS * (size_t)narrow;
    float *gradient = features + floats, *other = gradient + floats;
    /* Both are only read. */
    nst_map target = {(float *)loss->target, w->out_c, job->out.h, job->out.w};
    nst_map kept = {(float *)loss->features, w->out_c, job->out.h, job->out.w};

    for (int done = 0; done < tiles; done += TILES) {
        int some = tiles - done < TILES ? tiles - done : TILES, pixels = some * OUT;
        if (loss->features) {
            gather_pixels(&kept, &job->blocks, first + done, some, features);
        } else {
            gather_pixels(&job->out, &job->blocks, first + done, some, rows);
            NST_FOR_ISA(nst_widen_pixels_)
            (w, nst_conv_is_own(job->algorithm), pixels, rows, features);
        }
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

/* part: which of the job->blocks.parts parts of the output's channels to compute. */
static void run_winograd(const nst_conv_job *job, int first, int tiles, int part, const sink *to,
                         float *workspace)
{
    int in = nst_padded(job->filter->in_c), out = nst_padded(job->filter->out_c);
    int stride = nst_conv_stride(in);
    /* One cache line more between planes, so that the 36 stores of a patch do not share a set. */
    size_t plane = (size_t)job->blocks.per_block * (size_t)stride + NST_GROUP;
    bool packed = job->algorithm == NST_CONV_PACKED;
    int panel = packed ? NST_PACKED_PANEL : NST_BLAS_PANEL;
    int panels = (out + panel - 1) / panel, parts = job->blocks.parts;
    int begin = part * panels / parts * panel, end = (part + 1) * panels / parts * panel;
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
    for (int k = begin; k < end; k += panel) {
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

/* Without a filter: the incoming gradient itself, back through the pooling when there is one; zero
 * when there is no gradient. */
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
    int part = block % blocks->parts;
    block /= blocks->parts;
    int first = block * blocks->per_block, tiles = tiles_of(blocks, block);

    sink to = {.job = job};
    bool bf16 = job->algorithm == NST_CONV_BF16;
    bool parts = !job->forward && job->loss && job->loss->part_count > 0 && !bf16;
    if (parts || (!job->forward && job->loss && job->loss->wide)) {
        /* Before the sink overwrites y with its gradient. */
        int channels = nst_padded(job->out.c);
        size_t floats = (size_t)blocks->per_block * OUT * (size_t)channels;
        if (job->loss->wide)
            sum_wide(job, first, tiles, workspace + floats, workspace);
        else
            sum_parts(job, first, tiles, channels, NULL, workspace + floats, workspace);
        to.loss = workspace;
        to.stride = channels;
        workspace += floats; /* the rest of it is free again */
    }
#if defined(__AVX512F__)
    if (bf16) {
        NST_FOR_ISA(nst_bf16_block_)(job, block, to.loss, workspace);
        return;
    }
#endif
    if (!job->filter)
        run_identity(job, first, tiles, &to);
    else if (job->algorithm == NST_CONV_IM2COL)
        run_im2col(job, first, tiles, &to, workspace);
    else
        run_winograd(job, first, tiles, part, &to, workspace);
}
