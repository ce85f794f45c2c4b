/* The first layer: 27 products a pixel and output channel, too few for a matrix product to be
 * faster. */
#include "kernels/simd/table.h"

enum { PIXELS = 8, TAPS = 27, SIDES = 9 };

/* One row of y. The sums of a run of pixels stay in registers while the 27 weights are read. */
void NST_FOR_ISA(nst_first_forward_)(const nst_first_layer *layer, const float *x, const nst_map *y,
                                     int row)
{
    int out = nst_padded(layer->out_c);
    size_t width = (size_t)y->w + 2, plane = width * ((size_t)y->h + 2);

    for (int c = 0; c < out; c += LANES) {
        const float *w = layer->w + c;
        vec bias = vec_load(layer->bias + c);
        float *to = nst_map_at(y, c / NST_GROUP, row, 0) + c % NST_GROUP;
        for (int first = 0; first < y->w; first += PIXELS) {
            int pixels = y->w - first < PIXELS ? y->w - first : PIXELS;
            /* The last run of a row repeats its last pixel rather than read past the row. */
            vec sum[PIXELS];
            int at[PIXELS];
            for (int p = 0; p < PIXELS; p++) {
                sum[p] = bias;
                at[p] = first + (p < pixels ? p : pixels - 1);
            }
            for (int t = 0; t < TAPS; t++) {
                const float *from = x + (size_t)(t / SIDES) * plane +
                                    ((size_t)row + (size_t)(t / 3 % 3)) * width + t % 3;
                vec weight = vec_load(w + (size_t)t * (size_t)out);
                for (int p = 0; p < PIXELS; p++)
                    sum[p] = vec_fma(weight, vec_all(from[at[p]]), sum[p]);
            }
            for (int p = 0; p < pixels; p++)
                vec_store(to + (size_t)(first + p) * NST_GROUP,
                          vec_where(~(sum[p] < 0.0f), sum[p]));
        }
    }
}

/* The sum over the 16 channels of a group, in halves: in the same order for any vector. */
static inline float sum_of_group(const vec *v)
{
    float at[NST_GROUP];
    for (int i = 0; i < NST_GROUP / LANES; i++)
        for (int l = 0; l < LANES; l++)
            at[i * LANES + l] = v[i][l];
    for (int half = NST_GROUP / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            at[i] += at[i + half];
    return at[0];
}

/* The border beside the pixel at (row, x), which lies at the edge, repeats that pixel. So the
 * gradient at those places of the border is added to the pixel's, dx[3], `plane` floats apart.
 * Output (i + 1 - ky, j + 1 - kx) reads place (i, j) through tap (ky, kx); outputs exist only
 * inside the picture. */
static void add_border(const nst_first_layer *layer, const nst_map *dz, int row, int x, float *dx,
                       size_t plane)
{
    enum { VECTORS = NST_GROUP / LANES };
    int out = nst_padded(layer->out_c);
    int top = row == 0 ? -1 : row, bottom = row == dz->h - 1 ? dz->h : row;
    int left = x == 0 ? -1 : x, right = x == dz->w - 1 ? dz->w : x;
    vec sum[3][VECTORS] = {{{0}}};
    for (int i = top; i <= bottom; i++)
        for (int j = left; j <= right; j++)
            for (int side = 0; side < SIDES; side++) {
                int y_out = i + 1 - side / 3, x_out = j + 1 - side % 3;
                if ((i == row && j == x) || y_out < 0 || y_out >= dz->h || x_out < 0 ||
                    x_out >= dz->w)
                    continue;
                for (int channel = 0; channel < out; channel += LANES) {
                    int v = channel % NST_GROUP / LANES;
                    vec gradient = vec_load(nst_map_at(dz, channel / NST_GROUP, y_out, x_out) +
                                            channel % NST_GROUP);
                    const float *w = layer->w + (size_t)side * (size_t)out + channel;
                    for (int c = 0; c < 3; c++)
                        sum[c][v] = vec_fma(
                            gradient, vec_load(w + (size_t)(c * SIDES) * (size_t)out), sum[c][v]);
                }
            }
    for (int c = 0; c < 3; c++)
        dx[(size_t)c * plane] += sum_of_group(sum[c]);
}

/* One row of dx, all three planes: each pixel sums over the nine outputs that read it. */
void NST_FOR_ISA(nst_first_backward_)(const nst_first_layer *layer, const nst_map *dz, float *dx,
                                      int row)
{
    enum { VECTORS = NST_GROUP / LANES, RUN = VECTORS == 1 ? 8 : VECTORS == 2 ? 2 : 1 };
    int out = nst_padded(layer->out_c);
    size_t plane = (size_t)dz->h * (size_t)dz->w;

    for (int first = 0; first < dz->w; first += RUN) {
        /* The last run of a row computes its last pixel again rather than read past the border. */
        int pixels = dz->w - first < RUN ? dz->w - first : RUN;
        vec sum[3][RUN][VECTORS] = {{{{0}}}};
        for (int group = 0; group < nst_groups(out); group++) {
            for (int side = 0; side < SIDES; side++) {
                /* Output (row - dy, x - dx) reads this pixel through tap (dy + 1, dx + 1). */
                const float *from = nst_map_at(dz, group, row + 1 - side / 3, first + 1 - side % 3);
                for (int i = 0; i < VECTORS; i++) {
                    const float *w =
                        layer->w + (size_t)side * (size_t)out + group * NST_GROUP + i * LANES;
                    vec weight[3];
                    for (int c = 0; c < 3; c++)
                        weight[c] = vec_load(w + (size_t)(c * SIDES) * (size_t)out);
                    for (int p = 0; p < RUN; p++) {
                        int at = p < pixels ? p : pixels - 1;
                        vec gradient = vec_load(from + (ptrdiff_t)at * NST_GROUP + i * LANES);
                        for (int c = 0; c < 3; c++)
                            sum[c][p][i] = vec_fma(gradient, weight[c], sum[c][p][i]);
                    }
                }
            }
        }
        for (int c = 0; c < 3; c++)
            for (int p = 0; p < pixels; p++)
                dx[(size_t)c * plane + (size_t)row * (size_t)dz->w + (size_t)(first + p)] =
                    sum_of_group(sum[c][p]);
    }
    bool edge = row == 0 || row == dz->h - 1;
    for (int x = 0; x < dz->w; x += edge || x == dz->w - 1 ? 1 : dz->w - 1)
        add_border(layer, dz, row, x, dx + (size_t)row * (size_t)dz->w + (size_t)x, plane);
}
