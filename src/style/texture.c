/* At one layer, with features F_p and, for each region r, pixel weights w_p that sum to 1:
 *
 *     G_r = sum_p w_p F_p F_p^T                        or, centred, with m = sum_p w_p F_p,
 *     G_r = sum_p w_p (F_p - m) (F_p - m)^T
 *
 *     loss = sum_r share_r |G_r - A_r|^2 / |A_r|^2     A of the style, its weighted mean if several
 *
 * Without regions this is one region with w_p = 1 / (H W) and share 1. A region's share is the part
 * of the picture that it covers, so that a pixel counts as much as it would without regions. Guided
 * Gram matrices: Gatys et al. 2017, Controlling Perceptual Factors in Neural Style Transfer; w is
 * the square of the guidance channel there. */
#include "style/texture.h"

#include <math.h>

#include "kernels/gram.h"
#include "style/floor.h"

static size_t matrix_size(const nst_map *map)
{
    return (size_t)nst_padded(map->c) * (size_t)nst_padded(map->c);
}

void nst_texture_layout(nst_texture *texture, const nst_map *map, nst_arena *arena)
{
    size_t n = (size_t)nst_padded(map->c);
    for (int r = 0; r < texture->region_count; r++) {
        nst_texture_region *region = &texture->regions[r];
        region->target = nst_arena_floats(arena, n * n);
        region->current = nst_arena_floats(arena, n * n);
        if (texture->centred) {
            region->mean = nst_arena_floats(arena, n);
            region->offset = nst_arena_floats(arena, n);
        }
        if (texture->region_count > 1)
            region->weight = nst_arena_floats(arena, (size_t)map->h * (size_t)map->w);
        region->share = 1.0;
    }
}

/* ---- regions -----------------------------------------------------------------------------------
 */

/* out[h / side][w / side] = means of blocks of in[h][w], as repeated pooling sees them, divided by
 * their sum; returns that sum. */
static double shrink(const float *in, int w, int side, const nst_map *map, float *out)
{
    double sum = 0.0, area = (double)side * (double)side;
    for (int y = 0; y < map->h; y++)
        for (int x = 0; x < map->w; x++) {
            double block = 0.0;
            for (int i = 0; i < side; i++)
                for (int j = 0; j < side; j++)
                    block +=
                        (double)in[(size_t)(y * side + i) * (size_t)w + (size_t)(x * side + j)];
            out[(size_t)y * (size_t)map->w + (size_t)x] = (float)(block / area);
            sum += block / area;
        }
    for (size_t i = 0; sum > 0.0 && i < (size_t)map->h * (size_t)map->w; i++)
        out[i] = (float)((double)out[i] / sum);
    return sum;
}

void nst_texture_place(nst_texture *texture, const nst_map *map, const float *shares, int h, int w,
                       int side)
{
    double all = 0.0;
    for (int r = 0; r < texture->region_count; r++) {
        nst_texture_region *region = &texture->regions[r];
        region->share =
            shrink(shares + (size_t)r * (size_t)h * (size_t)w, w, side, map, region->weight);
        all += region->share;
    }
    for (int r = 0; all > 0.0 && r < texture->region_count; r++)
        texture->regions[r].share /= all;
}

/* ---- targets -----------------------------------------------------------------------------------
 */

/* The matrix of the pixels that count, into region->current. */
static void measure(const nst_texture *texture, const nst_texture_region *region,
                    const nst_map *map, const float *weight, const nst_texture_scratch *scratch)
{
    if (texture->centred)
        nst_mean_forward(map, weight, region->mean, scratch->threads);
    nst_gram_forward(map, weight, texture->centred ? region->mean : NULL, region->current,
                     scratch->gram, scratch->threads);
}

void nst_texture_add(nst_texture *texture, const nst_map *map, const double *shares,
                     const float *parts, int style_h, int style_w, int side, float *plane,
                     const nst_texture_scratch *scratch)
{
    nst_texture_region *measured = NULL;
    for (int r = 0; r < texture->region_count; r++) {
        nst_texture_region *region = &texture->regions[r];
        if (!(shares[r] > 0.0))
            continue;
        if (parts) {
            const float *part = parts + (size_t)r * (size_t)style_h * (size_t)style_w;
            if (!(shrink(part, style_w, side, map, plane) > 0.0))
                continue;
        }
        if (parts || !measured) {
            measured = region;
            measure(texture, measured, map, parts ? plane : NULL, scratch);
        }
        region->covered += shares[r];
        for (size_t i = 0; i < matrix_size(map); i++)
            region->target[i] += (float)(shares[r] * (double)measured->current[i]);
    }
}

void nst_texture_finish(nst_texture *texture, const nst_map *map)
{
    for (int r = 0; r < texture->region_count; r++) {
        nst_texture_region *region = &texture->regions[r];
        if (!(region->covered > 0.0))
            region->share = 0.0;
        /* A style with nothing for this region at this layer leaves its share to the others. */
        for (size_t i = 0; region->covered > 0.0 && i < matrix_size(map); i++)
            region->target[i] = (float)((double)region->target[i] / region->covered);
        region->norm =
            fmax(nst_squared_distance(region->target, NULL, matrix_size(map)), NST_DENOMINATOR_MIN);
    }
}

/* ---- the loss ----------------------------------------------------------------------------------
 */

/* dG/dF: L = |G - A|^2 has dL/dF_p = 4 w_p (G - A) (F_p - m), as G is symmetric, F_p stands in it
 * twice and the weighted sum of F_p - m is zero. Turns G in region->current into the matrix. */
static void differentiate(nst_texture_region *region, double factor, size_t n)
{
    for (size_t i = 0; i < n * n; i++)
        region->current[i] =
            (float)(factor * ((double)region->current[i] - (double)region->target[i]));
    for (size_t i = 0; region->offset && i < n; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < n; j++)
            sum += (double)region->current[i * n + j] * (double)region->mean[j];
        region->offset[i] = (float)-sum;
    }
}

double nst_texture_loss(nst_texture *texture, const nst_map *map, double style_weight, nst_tap *tap,
                        const nst_texture_scratch *scratch)
{
    double loss = 0.0, pixels = (double)map->h * (double)map->w;
    tap->parts = texture->parts;
    tap->part_count = 0;
    for (int r = 0; r < texture->region_count; r++) {
        nst_texture_region *region = &texture->regions[r];
        if (!(region->share > 0.0))
            continue;
        measure(texture, region, map, region->weight, scratch);
        loss += region->share *
                nst_squared_distance(region->current, region->target, matrix_size(map)) /
                region->norm;
        double factor = 4.0 * style_weight * texture->weight * region->share / region->norm;
        differentiate(region, region->weight ? factor : factor / pixels,
                      (size_t)nst_padded(map->c));
        texture->parts[tap->part_count++] =
            (nst_tap_part){region->current, region->offset, region->weight};
    }
    return loss;
}
