/* The first layer: 27 products a pixel and output channel, too few for a matrix product to pay. */
#include "kernels/simd/table.h"

enum { PIXELS = 8, TAPS = 27, SIDES = 9 };

/* One row of y. A run of pixels is kept in registers while the 27 weights pass by. */
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
                    sum[p] += weight * from[at[p]];
            }
            for (int p = 0; p < pixels; p++)
                vec_store(to + (size_t)(first + p) * NST_GROUP,
                          vec_where(~(sum[p] < 0.0f), sum[p]));
        }
    }
}

static inline float vec_sum(vec v)
{
    float sum = 0.0f;
    for (int l = 0; l < LANES; l++)
        sum += v[l];
    return sum;
}

/* One row of dx, all three planes: each pixel gathers from the nine outputs that saw it. */
void NST_FOR_ISA(nst_first_backward_)(const nst_first_layer *layer, const nst_map *dz, float *dx,
                                      int row)
{
    int out = nst_padded(layer->out_c);
    size_t plane = (size_t)dz->h * (size_t)dz->w;

    for (int x = 0; x < dz->w; x++) {
        vec sum[3] = {{0}, {0}, {0}};
        for (int c = 0; c < out; c += LANES) {
            for (int side = 0; side < SIDES; side++) {
                /* Output pixel (row - dy, x - dx) used this one through tap (dy + 1, dx + 1). */
                const float *from =
                    nst_map_at(dz, c / NST_GROUP, row + 1 - side / 3, x + 1 - side % 3);
                vec gradient = vec_load(from + c % NST_GROUP);
                for (int plane_of = 0; plane_of < 3; plane_of++)
                    sum[plane_of] +=
                        gradient *
                        vec_load(layer->w + (size_t)(plane_of * SIDES + side) * (size_t)out + c);
            }
        }
        for (int c = 0; c < 3; c++)
            dx[(size_t)c * plane + (size_t)row * (size_t)dz->w + (size_t)x] = vec_sum(sum[c]);
    }
}
