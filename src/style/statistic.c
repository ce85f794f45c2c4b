/* At one layer, with features F_p and, for each region r, pixel weights w_p that sum to 1:
 *
 *     G_r = sum_p w_p F_p F_p^T                        or, centered, with m = sum_p w_p F_p,
 *     G_r = sum_p w_p (F_p - m) (F_p - m)^T
 *
 *     loss = sum_r share_r |G_r - A_r|^2 / |A_r|^2     A of the style, its weighted mean if several
 *
 * or, with transport, by the Wasserstein-2 distance between the normal distributions that have the
 * same means and covariances, S and A with a small multiple of I added to both:
 *
 *     loss = STANDARD sum_r share_r d_r / (|a_r|^2 + tr A_r)
 *     d_r  = |m_r - a_r|^2 + tr S_r + tr A_r - 2 tr (A_r^1/2 S_r A_r^1/2)^1/2
 *
 * (Vacher et al. 2020, Texture Interpolation for Probing Visual Perception.)
 * Without regions this is one region with w_p = 1 / (H W) and share 1. A region's share is the part
 * of the picture that it covers, so that a pixel counts as much as it would without regions. Guided
 * Gram matrices: Gatys et al. 2017, Controlling Perceptual Factors in Neural Style Transfer; w is
 * the square of the guidance channel there. */
#include "style/statistic.h"

#include <math.h>

#include "base/parallel.h"
#include "kernels/gram.h"
#include "kernels/lapack.h"

/* With this a content weight leaves as much of the photo as it does with Gram matrices: geometric
 * mean over 13 pairs, full VGG19, 512 pixels. */
#define TRANSPORT_STANDARD 0.7

/* This part of the style's mean variance is added to every variance, because the root has no
 * derivative where a variance is zero. */
#define TRANSPORT_RIDGE 3e-3

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
        if (statistic->centered) {
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
        if (statistic->centered)
            region->offset = nst_arena_floats(arena, n);
        if (statistic->transport) {
            region->target_mean = nst_arena_floats(arena, n);
            region->root = nst_arena_take(arena, (size_t)c * (size_t)c, sizeof(double));
        }
    }
}

size_t nst_statistic_transport_workspace(int c)
{
    return (size_t)c * (size_t)c + nst_bures_workspace(c);
}

/* ---- regions --------------------------------------------------------------------------------- */

/* out[h / side][w / side] = means of the blocks of in[h][w] that repeated pooling makes pixels of,
 * divided by their sum. Returns that sum. */
static double shrink(const nst_statistic *map, const float *in, int w, int side, float *out)
{
    double sum = 0.0, area = (double)side * (double)side;
    for (int y = 0; y < map->h && !nst_parallel_cancelled(); y++)
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

void nst_statistic_clear(nst_statistic *statistic, int threads)
{
    for (int r = 0; r < statistic->region_count; r++)
        nst_gram_clear(&statistic->regions[r].moments, statistic->c, threads);
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

void nst_statistic_measured(nst_statistic *statistic, int threads)
{
    double pixels = (double)statistic->h * (double)statistic->w;
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        nst_gram_finish(&region->moments, statistic->c, region->weight ? 1.0 : 1.0 / pixels,
                        region->current, region->mean, threads);
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
        for (size_t i = 0; statistic->transport && i < n; i++)
            region->target_mean[i] += (float)(shares[r] * (double)part->mean[i]);
    }
}

/* out[c][c] = matrix[n][n] in double, without padded channels, with `ridge` added to the diagonal.
 * Returns its trace. */
static double ridged(const float *matrix, size_t n, size_t c, double ridge, double *out)
{
    double trace = 0.0;
    for (size_t i = 0; i < c; i++) {
        for (size_t j = 0; j < c; j++)
            out[i * c + j] = (double)matrix[i * n + j];
        out[i * c + i] += ridge;
        trace += out[i * c + i];
    }
    return trace;
}

static void finish_transport(nst_statistic_region *region, size_t n, size_t c,
                             const nst_statistic_scratch *scratch)
{
    double variance = ridged(region->target, n, c, 0.0, region->root);
    double means = nst_squared_distance(region->target_mean, NULL, n);
    region->norm = fmax(means + variance, NST_LOSS_EPSILON) / TRANSPORT_STANDARD;
    region->ridge = fmax(TRANSPORT_RIDGE * variance, NST_LOSS_EPSILON) / (double)c;
    region->trace = ridged(region->target, n, c, region->ridge, region->root);
    if (!nst_square_root((int)c, region->root, scratch->bures))
        region->trace = NAN; /* the style is not finite; the loss will not be either */
}

void nst_statistic_finish(nst_statistic *statistic, const nst_statistic_scratch *scratch)
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
        for (size_t i = 0; statistic->transport && region->covered > 0.0 && i < n; i++)
            region->target_mean[i] = (float)((double)region->target_mean[i] / region->covered);
        if (statistic->transport)
            finish_transport(region, n, (size_t)statistic->c, scratch);
        else
            region->norm =
                fmax(nst_squared_distance(region->target, NULL, n * n), NST_LOSS_EPSILON);
    }
}

/* ---- the loss -------------------------------------------------------------------------------- */

/* Comparing a region's matrix with its target, a panel of rows at a time. */
typedef struct {
    const nst_statistic_region *region;
    double factor;
    size_t n;
    double *partial; /* [n]: sums of (G - A)^2 over a row */
} comparison;

/* Row i of the loss gradient's matrix, and the sum of squares. Four sums do not wait for each
 * other. */
static double compare_row(const comparison *c, size_t i)
{
    const nst_statistic_region *region = c->region;
    const float *current = region->current + i * c->n, *target = region->target + i * c->n;
    double sum[4] = {0.0};
    for (size_t k = 0; k < c->n; k += NST_GROUP) {
        float *matrix = region->matrix + nst_loss_gradient_index(c->n, i, k);
        for (size_t j = 0; j < NST_GROUP; j++) {
            double d = (double)current[k + j] - (double)target[k + j];
            sum[j % 4] += d * d;
            matrix[j] = (float)(c->factor * d);
        }
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void compare_rows(void *context, int block, int thread)
{
    (void)thread;
    const comparison *c = context;
    const nst_statistic_region *region = c->region;
    for (size_t i = (size_t)block * NST_GROUP; i < ((size_t)block + 1) * NST_GROUP; i++) {
        c->partial[i] = compare_row(c, i);
        double sum = 0.0;
        for (size_t j = 0; region->offset && j < c->n; j++)
            sum += c->factor *
                   ((double)region->current[i * c->n + j] - (double)region->target[i * c->n + j]) *
                   (double)region->mean[j];
        if (region->offset)
            region->offset[i] = (float)-sum;
    }
}

/* |G - A|^2, and dG/dF: L = |G - A|^2 has dL/dF_p = 4 w_p (G - A) (F_p - m), as G is symmetric, F_p
 * stands in it twice and the weighted sum of F_p - m is zero. factor: what multiplies G - A. */
static double compare(const nst_statistic_region *region, double factor, size_t n,
                      const nst_statistic_scratch *scratch)
{
    double sum = 0.0, *partial = (double *)(void *)scratch->gram;
    comparison c = {region, factor, n, partial};
    nst_parallel_for((int)n / NST_GROUP, scratch->threads, compare_rows, &c);
    for (size_t i = 0; i < n; i++)
        sum += partial[i];
    return sum;
}

/* The Wasserstein-2 distance d. With D = dd/dS, symmetric, dd/dF_p = 2 w_p (D (F_p - m) + m - a).
 * factor: what multiplies D. */
static double transport(const nst_statistic_region *region, double factor, size_t n, size_t c,
                        const nst_statistic_scratch *scratch)
{
    double *d = scratch->bures,
           distance = nst_squared_distance(region->mean, region->target_mean, n);
    ridged(region->current, n, c, region->ridge, d);
    distance += nst_bures((int)c, d, region->root, region->trace, d + c * c);
    for (size_t i = 0; i < n; i++) {
        double offset = (double)region->mean[i] - (double)region->target_mean[i];
        for (size_t j = 0; j < n; j++) {
            double slope = i < c && j < c ? d[i * c + j] : 0.0;
            offset -= slope * (double)region->mean[j];
            region->matrix[nst_loss_gradient_index(n, i, j)] = (float)(factor * slope);
        }
        region->offset[i] = (float)(factor * offset);
    }
    return distance;
}

double nst_statistic_loss(nst_statistic *statistic, double style_weight,
                          const nst_statistic_scratch *scratch, nst_loss_gradient *gradient)
{
    double loss = 0.0, pixels = (double)statistic->h * (double)statistic->w;
    size_t n = side_of(statistic);
    gradient->parts = statistic->parts;
    gradient->part_count = 0;
    nst_statistic_measured(statistic, scratch->threads);
    for (int r = 0; r < statistic->region_count; r++) {
        nst_statistic_region *region = &statistic->regions[r];
        if (!(region->share > 0.0))
            continue;
        double factor = style_weight * statistic->weight * region->share / region->norm;
        if (!region->weight)
            factor /= pixels;
        double distance = statistic->transport
                              ? transport(region, 2.0 * factor, n, (size_t)statistic->c, scratch)
                              : compare(region, 4.0 * factor, n, scratch);
        loss += region->share * distance / region->norm;
        statistic->parts[gradient->part_count++] =
            (nst_loss_gradient_part){region->matrix, region->offset, region->weight};
    }
    return loss;
}
