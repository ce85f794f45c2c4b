/* Products of bfloat16 with sums in single, by the matrix unit of Intel's processors (AMX; Intel
 * 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapter 18).
 *
 * A tile register holds 16 rows of 64 bytes. TDPBF16PS adds to 16x16 sums the product of 16 pixels
 * x 32 channels with 32 channels x 16 outputs; of the second, two channels lie side by side in each
 * 32 bits. So a convolution needs no patches: pixels lie in rows of 32 channels, and a tap is the
 * same rows read from another start. */
#include "kernels/simd/table.h"

#if defined(__AVX512F__)

#define WITH_AMX __attribute__((target("amx-tile,amx-bf16,avx512bf16")))

enum {
    DEPTH = NST_BF16_DEPTH,
    ROWS = 16,
    TILE = ROWS * DEPTH, /* values of a tile register */
    TOGETHER = 2         /* chunks of DEPTH input channels: of a filter, these stay in the
                            first-level cache */
};

/* ---- source ------------------------------------------------------------------------------ */

/* 32 channels of one pixel: the first 16 are `low`, the others `high`. */
static inline WITH_AMX void store_pixel(__m512 low, __m512 high, uint16_t *to)
{
    _mm512_store_si512((__m512i *)to, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

WITH_AMX void NST_FOR_ISA(nst_bf16_pixels_)(const nst_map *map, int y, int x, int h, int w,
                                            uint16_t *to, size_t plane)
{
    int groups = nst_groups(map->c);
    for (int group = 0; group < groups; group += 2, to += plane) {
        uint16_t *at = to;
        for (int i = 0; i < h; i++) {
            const float *low = nst_map_at(map, group, y + i, x);
            const float *high = group + 1 < groups ? nst_map_at(map, group + 1, y + i, x) : NULL;
            for (int j = 0; j < w; j++, at += DEPTH)
                store_pixel(
                    _mm512_load_ps(low + (size_t)j * NST_GROUP),
                    high ? _mm512_load_ps(high + (size_t)j * NST_GROUP) : _mm512_setzero_ps(), at);
        }
    }
}

typedef struct {
    __m512 gradient;
    __m128i route;
} routed;

static inline WITH_AMX routed load_routed(const nst_pooled *pooled, int group, int y, int x)
{
    const nst_map *map = &pooled->map;
    if (group >= nst_groups(map->c) || y < 0 || x < 0 || y >= map->h || x >= map->w)
        return (routed){_mm512_setzero_ps(), _mm_setzero_si128()};
    size_t pixel = ((size_t)group * (size_t)map->h + (size_t)y) * (size_t)map->w + (size_t)x;
    __m512 gradient = _mm512_load_ps(nst_map_at(map, group, y, x));
    if (pooled->kind == NST_POOL_AVG)
        gradient = _mm512_mul_ps(gradient, _mm512_set1_ps(0.25f));
    return (routed){gradient,
                    _mm_loadu_si128((const __m128i *)(pooled->route + pixel * NST_GROUP))};
}

static inline WITH_AMX __m512 chosen(const routed *r, int k)
{
    return _mm512_maskz_mov_ps(_mm_test_epi8_mask(r->route, _mm_set1_epi8((char)(1 << k))),
                               r->gradient);
}

WITH_AMX void NST_FOR_ISA(nst_bf16_routed_)(const nst_pooled *pooled, int y, int x, int h, int w,
                                            uint16_t *to, size_t plane)
{
    for (int group = 0; group < nst_groups(pooled->map.c); group += 2, to += plane) {
        /* Rows and columns begin in the middle of a pooled value: y and x are odd. */
        for (int a = 0; 2 * a - 1 < h; a++) {
            for (int b = 0; 2 * b - 1 < w; b++) {
                int py = (y - 1) / 2 + a, px = (x - 1) / 2 + b;
                routed low = load_routed(pooled, group, py, px);
                routed high = load_routed(pooled, group + 1, py, px);
                for (int k = 0; k < 4; k++) {
                    int i = 2 * a - 1 + k / 2, j = 2 * b - 1 + k % 2;
                    if (i >= 0 && i < h && j >= 0 && j < w)
                        store_pixel(chosen(&low, k), chosen(&high, k),
                                    to + ((size_t)i * (size_t)w + (size_t)j) * DEPTH);
                }
            }
        }
    }
}

WITH_AMX void NST_FOR_ISA(nst_bf16_matrix_)(const float *rows, int depth, int width, uint16_t *to)
{
    for (int c = 0; c < nst_bf16_padded(depth); c += 2, to += DEPTH)
        for (int j = 0; j < NST_BF16_PANEL; j += ROWS) {
            __m512i even = _mm512_setzero_si512(), odd = even;
            const float *from = rows + (size_t)c * (size_t)width + j;
            if (c < depth && j < width) {
                even = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_load_ps(from)));
                odd = _mm512_cvtepu16_epi32(
                    (__m256i)_mm512_cvtneps_pbh(_mm512_load_ps(from + width)));
            }
            /* Two tiles of 16 pairs of channels, one for each 16 outputs. */
            uint16_t *tile = to + (c / DEPTH) * TILE + (j / ROWS) * TILE;
            _mm512_store_si512((__m512i *)tile, _mm512_or_si512(even, _mm512_slli_epi32(odd, 16)));
        }
}

/* ---- product ------------------------------------------------------------------------------ */

typedef struct {
    uint8_t palette, start_row, zero[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} tile_shapes;

WITH_AMX void NST_FOR_ISA(nst_bf16_begin_)(void)
{
    static const tile_shapes shapes = {
        .palette = 1,
        .row_bytes = {64, 64, 64, 64, 64, 64, 64, 64},
        .rows = {ROWS, ROWS, ROWS, ROWS, ROWS, ROWS, ROWS, ROWS},
    };
    _tile_loadconfig(&shapes);
}

WITH_AMX void NST_FOR_ISA(nst_bf16_end_)(void)
{
    _tile_release();
}

WITH_AMX void NST_FOR_ISA(nst_bf16_product_)(const nst_bf16_product *p)
{
    /* Tiles 0 to 3 are the sums of two runs of 16 pixels and two of 16 outputs. */
    const size_t stride = DEPTH * sizeof(uint16_t), sum_stride = NST_BF16_PANEL * sizeof(float);
    for (int first = 0; first < p->chunks; first += TOGETHER) {
        int end = first + TOGETHER < p->chunks ? first + TOGETHER : p->chunks;
        for (int m = 0; m < p->pixels; m += 2 * ROWS) {
            float *c = p->sums + (size_t)m * NST_BF16_PANEL;
            float *below = c + ROWS * NST_BF16_PANEL;
            if (first == 0) {
                _tile_zero(0);
                _tile_zero(1);
                _tile_zero(2);
                _tile_zero(3);
            } else {
                _tile_loadd(0, c, sum_stride);
                _tile_loadd(1, c + ROWS, sum_stride);
                _tile_loadd(2, below, sum_stride);
                _tile_loadd(3, below + ROWS, sum_stride);
            }
            const uint16_t *b = p->matrix + (size_t)(first * p->taps) * 2 * TILE;
            for (int k = first; k < end; k++) {
                const uint16_t *from = p->from + (size_t)k * p->plane + (size_t)m * DEPTH;
                for (int t = 0; t < p->taps; t++, b += (ptrdiff_t)2 * TILE) {
                    const uint16_t *a = from + (size_t)(t / 3 * p->row + t % 3) * DEPTH;
                    _tile_loadd(4, a, stride);
                    _tile_loadd(6, b, stride);
                    _tile_loadd(5, a + TILE, stride);
                    _tile_loadd(7, b + TILE, stride);
                    _tile_dpbf16ps(0, 4, 6);
                    _tile_dpbf16ps(2, 5, 6);
                    _tile_dpbf16ps(1, 4, 7);
                    _tile_dpbf16ps(3, 5, 7);
                }
            }
            _tile_stored(0, c, sum_stride);
            _tile_stored(1, c + ROWS, sum_stride);
            _tile_stored(2, below, sum_stride);
            _tile_stored(3, below + ROWS, sum_stride);
        }
    }
}

#endif
