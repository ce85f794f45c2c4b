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
#include "style/statistic.h"

#include <math.h>
#include <string.h>

#include "kernels/gram.h"

static size_t side_of(const nst_statistic *statistic)
{
    return (size_t)nst_padded(statistic->c);
}

void nst_statistic_layout(nst_statistic *statistic, int c, int h, int w, bool measured_only,
                          nst_arena *arena)
{
    size_t n = (size_t)nst_padded(c);
    statistic->c = c;
    statistic->h = h;
    statistic->w = w;
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        region->moments.products = nst_arena_take(arena, n * n, sizeof(double));
        region->current = nst_arena_floats(arena, n * n);
        if (statistic->centred) {
            region->moments.sums = nst_arena_take(arena, n, sizeof(double));
            region->mean = nst_arena_floats(arena, n);
        }
        if (statistic->region_count > 1)
            region->weight = nst_arena_floats(arena, (size_t)h * (size_t)w);
        region->share = 1.0;
        if (measured_only)
            continue;
        region->target = nst_arena_floats(arena, n * n);
        region->matrix = nst_arena_floats(arena, n * n);
        if (statistic->centred)
            region->offset = nst_arena_floats(arena, n);
    }
}

/* ---- regions --------------------------------------------------------------------------------- */

/* out[h / side][w / side] = means of blocks of in[h][w], as repeated pooling sees them, divided by
 * their sum; returns that sum. */
static double shrink(const nst_statistic *map, const float *in, int w, int side, float *out)
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

void nst_statistic_place(nst_statistic *statistic, const float *shares, int height, int width,
                         int side)
{
    double all = 0.0;
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        region->share = shrink(statistic, shares + (size_t)r * (size_t)height * (size_t)width,
                               width, side, region->weight);
        all += region->share;
    }
    for (int r = 0; all > 0.0 && r < statistic->region_count; r++)
        statistic->regions[r].share /= all;
}

/* ---- measuring ------------------------------------------------------------------------------- */

void nst_statistic_clear(nst_statistic *statistic)
{
    size_t n = side_of(statistic);
    for (int r = 0; r < statistic->region_count; r++) {
        nst_moments *moments = &statistic->regions[r].moments;
        memset(moments->products, 0, n * n * sizeof(double));
        if (moments->sums)
            memset(moments->sums, 0, n * sizeof(double));
    }
}

void nst_statistic_sum(nst_statistic *statistic, const nst_band *band,
                       const nst_statistic_scratch *scratch)
{
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        const float *weight =
            region->weight ? region->weight + (size_t)band->first * (size_t)statistic->w : NULL;
        if (region->share > 0.0)
            nst_gram_add(&band->y, band->begin, band->end, weight, scratch->own, &region->moments,
                         scratch->gram, scratch->threads);
    }
}

void nst_statistic_measured(nst_statistic *statistic)
{
    double pixels = (double)statistic->h * (double)statistic->w;
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        nst_gram_finish(&region->moments, statistic->c, region->weight ? 1.0 : 1.0 / pixels,
                        region->current, region->mean);
    }
}

/* ---- targets --------------------------------------------------------------------------------- */

void nst_statistic_add(nst_statistic *statistic, const nst_statistic *style, const double *shares)
{
    size_t n = side_of(statistic);
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        const nst_statistic_region *part = &style->regions[style->region_count > 1 ? r : 0];
        if (!(shares[r] > 0.0) || !(part->share > 0.0))
            continue;
        region->covered += shares[r];
        for (size_t i = 0; i < n * n; i++)
            region->target[i] += (float)(shares[r] * (double)part->current[i]);
    }
}

void nst_statistic_finish(nst_statistic *statistic)
{
    size_t n = side_of(statistic);
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        if (!(region->covered > 0.0))
            region->share = 0.0;
        /* A style may have no pixel of this region at this layer. Then the sum of the other styles
         * is scaled up to the whole. */
        for (size_t i = 0; region->covered > 0.0 && i < n * n; i++)
            region->target[i] = (float)((double)region->target[i] / region->covered);
        region->norm = fmax(nst_squared_distance(region->target, NULL, n * n), NST_LOSS_EPSILON);
    }
}

/* ---- the loss -------------------------------------------------------------------------------- */

/* dG/dF: L = |G - A|^2 has dL/dF_p = 4 w_p (G - A) (F_p - m), as G is symmetric, F_p stands in it
 * twice and the weighted sum of F_p - m is zero. */
static void differentiate(nst_statistic_region *region, double factor, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < n; j++) {
            double d = (double)region->current[i * n + j] - (double)region->target[i * n + j];
            region->matrix[nst_loss_gradient_index(n, i, j)] = (float)(factor * d);
            if (region->offset)
                sum += factor * d * (double)region->mean[j];
        }
        if (region->offset)
            region->offset[i] = (float)-sum;
    }
}

double nst_statistic_loss(nst_statistic *statistic, double style_weight,
                          nst_loss_gradient *gradient)
{
    double loss = 0.0, pixels = (double)statistic->h * (double)statistic->w;
    size_t n = side_of(statistic);
    gradient->parts = statistic->parts;
    gradient->part_count = 0;
    nst_statistic_measured(statistic);
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        if (!(region->share > 0.0))
            continue;
        loss += region->share * nst_squared_distance(region->current, region->target, n * n) /
                region->norm;
        double factor = 4.0 * style_weight * statistic->weight * region->share / region->norm;
        differentiate(region, region->weight ? factor : factor / pixels, n);
        statistic->parts[gradient->part_count++] =
            (nst_loss_gradient_part){region->matrix, region->offset, region->weight};
    }
    return loss;
}
