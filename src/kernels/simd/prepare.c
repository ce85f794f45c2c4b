/* What is done before iterations: filters, weights of half precision, resizing. */
#include <string.h>

#include "kernels/simd/table.h"

/* U = G g G^T of F(4x4, 3x3), interpolation points 0, 1, -1, 2, -2, infinity. Computed in double:
 * it happens once, and the products inherit its error. */
void NST_FOR_ISA(nst_filter_transform_)(float g[NST_TAPS][NST_GROUP], float u[NST_PATCH][NST_GROUP])
{
    static const double G[6][3] = {
        {1.0 / 4, 0, 0},
        {-1.0 / 6, -1.0 / 6, -1.0 / 6},
        {-1.0 / 6, 1.0 / 6, -1.0 / 6},
        {1.0 / 24, 1.0 / 12, 1.0 / 6},
        {1.0 / 24, -1.0 / 12, 1.0 / 6},
        {0, 0, 1},
    };
    double rows[6][3][NST_GROUP];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < NST_GROUP; k++)
                rows[i][j][k] = G[i][0] * (double)g[j][k] + G[i][1] * (double)g[3 + j][k] +
                                G[i][2] * (double)g[6 + j][k];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            for (int k = 0; k < NST_GROUP; k++)
                u[i * 6 + j][k] = (float)(rows[i][0][k] * G[j][0] + rows[i][1][k] * G[j][1] +
                                          rows[i][2][k] * G[j][2]);
}

static inline uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool NST_FOR_ISA(nst_halves_)(const uint16_t *halves, size_t count, float *out)
{
    uint32_t endless = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t sign = (halves[i] & 0x8000u) << 16, magnitude = (halves[i] & 0x7fffu) << 13;
        uint32_t top = magnitude >= 31u << 23; /* infinite or no number, as a float too */
        uint32_t normal = magnitude + (112u << 23) + (top ? 112u << 23 : 0);
        /* Of a half below 2^-14, m times 2^-24: what (1 + m / 1024) times 2^-14 has beyond 2^-14.
         * So no float is subnormal, which a processor may be set to take for zero. */
        uint32_t subnormal = bits_of(of_bits(magnitude + (113u << 23)) - 0x1p-14f);
        endless |= top;
        out[i] = of_bits(sign | (magnitude < 1u << 23 ? subnormal : normal));
    }
    return endless == 0;
}

void NST_FOR_ISA(nst_resample_row_)(const float *in, const int32_t *first, const float *weight,
                                    int taps, int width, float *out)
{
    for (int x = 0; x < width; x += NST_RESAMPLE_BLOCK, first += NST_RESAMPLE_BLOCK) {
        enum { VECTORS = NST_RESAMPLE_BLOCK / LANES };
        int count = width - x < NST_RESAMPLE_BLOCK ? width - x : NST_RESAMPLE_BLOCK;
        vec sum[VECTORS];
        for (int v = 0; v < VECTORS; v++)
            sum[v] = vec_all(0.0f);
        for (int t = 0; t < taps; t++, weight += NST_RESAMPLE_BLOCK)
            for (int v = 0; v < VECTORS; v++)
                sum[v] += vec_load(weight + v * LANES) * vec_gather(in + t, first + v * LANES);
        memcpy(out + x, sum, (size_t)count * sizeof *out);
    }
}
