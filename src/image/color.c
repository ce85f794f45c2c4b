#include "image/color.h"
#include "base/image.h"
#include "base/parallel.h"

#include <math.h>
#include <stddef.h>

/* Smaller variances count as this: a standard deviation of 0.01, about 2.5 steps of 255. */
static const double VARIANCE_MIN = 1e-4;

static float clamp(double value)
{
    return value < 0.0 ? 0.0f : value > 1.0 ? 1.0f : (float)value;
}

void nst_color_measure(const nst_image *image, const float *share, nst_color_stats *stats)
{
    size_t count = nst_pixel_count(image);
    double weights = 0.0, sum[3] = {0}, products[3][3] = {{0}};
    for (size_t i = 0; i < count && !nst_parallel_stops_at(i); i++) {
        double w = share ? (double)share[i] : 1.0;
        /* Relative to a half, so that a flat image's variance is not lost in rounding. */
        const double c[3] = {(double)image->rgb[i] - 0.5, (double)image->rgb[count + i] - 0.5,
                             (double)image->rgb[2 * count + i] - 0.5};
        weights += w;
        for (int a = 0; a < 3; a++) {
            sum[a] += w * c[a];
            for (int b = 0; b <= a; b++)
                products[a][b] += w * c[a] * c[b];
        }
    }
    for (int a = 0; a < 3; a++) {
        stats->mean[a] = sum[a] / weights + 0.5;
        for (int b = 0; b <= a; b++)
            stats->covariance[a][b] = stats->covariance[b][a] =
                products[a][b] / weights - sum[a] / weights * (sum[b] / weights);
    }
}

void nst_color_pool(const nst_color_stats *stats, const double *weights, int count,
                    nst_color_stats *out)
{
    double sum = 0.0;
    *out = (nst_color_stats){.mean = {0}};
    for (int i = 0; i < count; i++)
        sum += weights[i];
    for (int i = 0; i < count; i++)
        for (int a = 0; a < 3; a++)
            out->mean[a] += weights[i] / sum * stats[i].mean[a];
    for (int i = 0; i < count; i++) {
        const nst_color_stats *s = &stats[i];
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++)
                out->covariance[a][b] += weights[i] / sum *
                                         (s->covariance[a][b] + (s->mean[a] - out->mean[a]) *
                                                                    (s->mean[b] - out->mean[b]));
    }
}

/* ---- roots of symmetric 3x3 matrices --------------------------------------------------------- */

/* One turn of Jacobi's method: rotate rows and columns p and q of m so that m[p][q] vanishes, and
 * the columns of v with them. */
static void rotate(double m[3][3], double v[3][3], int p, int q)
{
    if (m[p][q] == 0.0)
        return;
    double theta = (m[q][q] - m[p][p]) / (2.0 * m[p][q]);
    double t = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1.0));
    double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    for (int k = 0; k < 3; k++) {
        double a = m[k][p], b = m[k][q];
        m[k][p] = c * a - s * b;
        m[k][q] = s * a + c * b;
    }
    for (int k = 0; k < 3; k++) {
        double a = m[p][k], b = m[q][k];
        m[p][k] = c * a - s * b;
        m[q][k] = s * a + c * b;
    }
    for (int k = 0; k < 3; k++) {
        double a = v[k][p], b = v[k][q];
        v[k][p] = c * a - s * b;
        v[k][q] = s * a + c * b;
    }
}

/* out = the symmetric matrix whose square is `in` or, with `inverse`, the inverse of `in`, whose
 * eigenvalues then count as VARIANCE_MIN at least. */
static void root(const double in[3][3], int inverse, double out[3][3])
{
    enum { TURNS = 12 }; /* convergence is quadratic: 5 are enough for doubles */
    double m[3][3], v[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, factor[3];
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            m[a][b] = in[a][b];
    for (int turn = 0; turn < TURNS; turn++) {
        rotate(m, v, 0, 1);
        rotate(m, v, 0, 2);
        rotate(m, v, 1, 2);
    }
    for (int a = 0; a < 3; a++)
        factor[a] = inverse ? 1.0 / sqrt(fmax(m[a][a], VARIANCE_MIN)) : sqrt(fmax(m[a][a], 0.0));
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            out[a][b] = v[a][0] * factor[0] * v[b][0] + v[a][1] * factor[1] * v[b][1] +
                        v[a][2] * factor[2] * v[b][2];
}

/* ---- matching -------------------------------------------------------------------------------- */

void nst_color_map_between(const nst_color_stats *from, const nst_color_stats *to,
                           nst_color_map *map)
{
    double whiten[3][3], color[3][3];
    root(from->covariance, 1, whiten);
    root(to->covariance, 0, color);
    for (int a = 0; a < 3; a++) {
        map->from[a] = from->mean[a];
        map->to[a] = to->mean[a];
        for (int b = 0; b < 3; b++) {
            map->matrix[a][b] = 0.0;
            for (int k = 0; k < 3; k++)
                map->matrix[a][b] += color[a][k] * whiten[k][b];
        }
    }
}

void nst_color_apply(nst_image *image, const nst_color_map *maps, const float *shares, int count)
{
    size_t plane = nst_pixel_count(image);
    for (size_t i = 0; i < plane && !nst_parallel_stops_at(i); i++) {
        double out[3] = {0};
        for (int r = 0; r < count; r++) {
            const nst_color_map *map = &maps[r];
            double d[3], share = shares ? (double)shares[(size_t)r * plane + i] : 1.0;
            for (int c = 0; c < 3; c++)
                d[c] = (double)image->rgb[(size_t)c * plane + i] - map->from[c];
            for (int c = 0; c < 3; c++)
                out[c] += share * (map->to[c] + map->matrix[c][0] * d[0] +
                                   map->matrix[c][1] * d[1] + map->matrix[c][2] * d[2]);
        }
        for (int c = 0; c < 3; c++)
            image->rgb[(size_t)c * plane + i] = clamp(out[c]);
    }
}

void nst_color_match(nst_image *image, const nst_color_stats *from, const nst_color_stats *to)
{
    nst_color_map map;
    nst_color_map_between(from, to, &map);
    nst_color_apply(image, &map, NULL, 1);
}

void nst_color_match_grey(nst_image *image, const nst_color_stats *from, const nst_color_stats *to)
{
    double gain =
        sqrt(fmax(to->covariance[0][0], 0.0) / fmax(from->covariance[0][0], VARIANCE_MIN));
    for (size_t i = 0; i < 3 * nst_pixel_count(image) && !nst_parallel_stops_at(i); i++)
        image->rgb[i] = clamp(to->mean[0] + gain * ((double)image->rgb[i] - from->mean[0]));
}

/* ---- luminance and chroma -------------------------------------------------------------------- */

static double luminance_of(const float *rgb, size_t count, size_t i)
{
    return 0.299 * (double)rgb[i] + 0.587 * (double)rgb[count + i] +
           0.114 * (double)rgb[2 * count + i];
}

void nst_color_to_grey(nst_image *image)
{
    size_t count = nst_pixel_count(image);
    for (size_t i = 0; i < count && !nst_parallel_stops_at(i); i++)
        image->rgb[i] = image->rgb[count + i] = image->rgb[2 * count + i] =
            clamp(luminance_of(image->rgb, count, i));
}

/* With I and Q kept, all three channels change by as much as Y does. */
void nst_color_add_chroma(const float *luminance, const nst_image *image, float *rgb)
{
    size_t count = nst_pixel_count(image);
    for (size_t i = 0; i < count && !nst_parallel_stops_at(i); i++) {
        double from = luminance_of(image->rgb, count, i), to = (double)clamp((double)luminance[i]);
        double d[3], keep = 1.0;
        for (size_t c = 0; c < 3; c++) {
            d[c] = (double)image->rgb[c * count + i] - from;
            if (to + d[c] > 1.0)
                keep = fmin(keep, (1.0 - to) / d[c]);
            if (to + d[c] < 0.0)
                keep = fmin(keep, to / -d[c]);
        }
        for (size_t c = 0; c < 3; c++)
            rgb[c * count + i] = clamp(to + keep * d[c]);
    }
}
