/* One block of tiles of a convolution by products of bfloat16: no patches, but rows of pixels. */
#include <string.h>

#include "kernels/simd/block.h"
#include "kernels/simd/table.h"

#if defined(__AVX512F__)

/* A block that is a rectangle of pixels. */
typedef struct {
    int first, tiles;
    int y, x, h, w;
} rectangle;

typedef struct {
    uint16_t *in;     /* [in / 32][pixels with a border][32] */
    uint16_t *y;      /* [out / 32][pixels][32]: the activation, for the losses' gradient */
    uint16_t *matrix; /* 32 columns of a loss gradient part's matrix */
    float *sums;      /* [pixels with a border][32] */
    float *loss;      /* [tile][16 pixels][32] */
} bf16_space;

static rectangle rectangle_of(const nst_blocks *blocks, int block)
{
    int tiles = tiles_of(blocks, block);
    rectangle r = {.first = block * blocks->per_block, .tiles = tiles};
    tile_at corner = tile_position(blocks, r.first);
    int wide = blocks->tiles_x - corner.x / NST_TILE;
    wide = wide < blocks->wide ? wide : blocks->wide;
    r.y = corner.y;
    r.x = corner.x;
    r.w = wide * NST_TILE;
    r.h = tiles / wide * NST_TILE;
    return r;
}

static bf16_space divide(const nst_conv_job *job, float *workspace)
{
    enum { PIXELS = NST_BF16_PIXELS };
    size_t in = job->filter ? (size_t)nst_bf16_padded(job->filter->in_c) : 0;
    size_t out = (size_t)nst_bf16_padded(job->out.c);
    bf16_space s = {.sums = workspace, .loss = workspace + PIXELS * NST_BF16_PANEL};
    s.in = (uint16_t *)(void *)(s.loss + PIXELS * NST_BF16_PANEL);
    s.y = s.in + PIXELS * in;
    s.matrix = s.y + PIXELS * out;
    return s;
}

/* Pixels that a product computes, in whole pairs of tile registers. */
static int whole_pairs(int pixels)
{
    return (pixels + 31) / 32 * 32;
}

/* Add a product's sums, with the part's offset and times its weight, to those of the loss gradient,
 * which lie by tiles. */
static void collect(const nst_conv_job *job, const nst_loss_gradient_part *part, bool add,
                    const rectangle *r, const bf16_space *space, int k, int width)
{
    for (int t = 0; t < r->tiles; t++) {
        tile_at at = tile_position(&job->blocks, r->first + t);
        for (int p = 0; p < OUT; p++) {
            int pixel = (at.y - r->y + p / NST_TILE) * r->w + at.x - r->x + p % NST_TILE;
            const float *from = space->sums + (size_t)pixel * NST_BF16_PANEL;
            float *to = space->loss + (size_t)(t * OUT + p) * NST_BF16_PANEL;
            vec weight = vec_all(weight_at(part->weight, &job->out, at, p));
            for (int c = 0; c < width; c += LANES) {
                vec g = vec_load(from + c);
                if (part->offset)
                    g += vec_load(part->offset + k + c);
                vec_store(to + c, vec_fma(weight, g, add ? vec_load(to + c) : vec_all(0.0f)));
            }
        }
    }
}

/* The loss gradient's parts for channels k..k+31 at all pixels of the rectangle. */
static void sum_parts_bf16(const nst_conv_job *job, const rectangle *r, const bf16_space *space,
                           int k)
{
    int n = nst_padded(job->out.c), width = n - k < NST_BF16_PANEL ? n - k : NST_BF16_PANEL;
    const nst_bf16_product product = {.from = space->y,
                                      .plane = (size_t)NST_BF16_PIXELS * NST_BF16_DEPTH,
                                      .row = r->w,
                                      .pixels = whole_pairs(r->h * r->w),
                                      .chunks = nst_bf16_padded(n) / NST_BF16_DEPTH,
                                      .taps = 1,
                                      .matrix = space->matrix,
                                      .sums = space->sums};
    bool empty = true;
    for (int i = 0; i < job->loss->part_count; i++) {
        const nst_loss_gradient_part *part = &job->loss->parts[i];
        if (!touches(part, &job->out, &job->blocks, r->first, r->tiles))
            continue;
        NST_FOR_ISA(nst_bf16_matrix_)
        (part->matrix + (size_t)k * (size_t)n, n, width, space->matrix);
        NST_FOR_ISA(nst_bf16_product_)(&product);
        collect(job, part, !empty, r, space, k, width);
        empty = false;
    }
    if (empty)
        memset(space->loss, 0, (size_t)(r->tiles * OUT) * NST_BF16_PANEL * sizeof(float));
}

/* Without a filter: channels k..k+31 of the incoming gradient itself, back through the pooling when
 * there is one; zero when there is no gradient. */
static void spread(const nst_conv_job *job, const rectangle *r, int k, float *sums)
{
    bool empty = !job->in_pooled && !job->in.data;
    int out = nst_padded(job->out.c);
    for (int t = 0; t < r->tiles; t++) {
        tile_at at = tile_position(&job->blocks, r->first + t);
        float *to = sums + ((at.y - r->y) * r->w + at.x - r->x) * NST_BF16_PANEL;
        for (int c = 0; c < NST_BF16_PANEL && k + c < out; c += LANES) {
            vec d[PATCH] = {{0}};
            if (!empty)
                source_patch(job, (k + c) / NST_GROUP, at, (k + c) % NST_GROUP, d);
            for (int p = 0; p < OUT; p++)
                vec_store(to + (p / NST_TILE * r->w + p % NST_TILE) * NST_BF16_PANEL + c,
                          d[(p / NST_TILE + 1) * SIDE + p % NST_TILE + 1]);
        }
    }
}

static void sink_rectangle(const sink *to, const rectangle *r, int row, int k, const float *sums)
{
    const nst_conv_job *job = to->job;
    int out = nst_padded(job->out.c);
    for (int t = 0; t < r->tiles; t++) {
        tile_at at = tile_position(&job->blocks, r->first + t);
        const float *from = sums + ((at.y - r->y) * row + at.x - r->x) * NST_BF16_PANEL;
        for (int c = 0; c < NST_BF16_PANEL && k + c < out; c += LANES) {
            vec o[OUT];
            for (int p = 0; p < OUT; p++)
                o[p] = vec_load(from + (p / NST_TILE * row + p % NST_TILE) * NST_BF16_PANEL + c);
            sink_tile(to, t, (k + c) / NST_GROUP, at, (k + c) % NST_GROUP, o);
        }
    }
}

void NST_FOR_ISA(nst_bf16_block_)(const nst_conv_job *job, int block, const float *loss,
                                  float *workspace)
{
    const rectangle at = rectangle_of(&job->blocks, block), *r = &at;
    const size_t plane = (size_t)NST_BF16_PIXELS * NST_BF16_DEPTH;
    bf16_space space = divide(job, workspace);
    sink to = {job, loss, nst_padded(job->out.c), 0};
    bool parts = !job->forward && job->loss && job->loss->part_count > 0 && !to.loss;
    int row = job->filter ? r->w + 2 : r->w;
    nst_bf16_product product = {.from = space.in,
                                .plane = plane,
                                .row = row,
                                .pixels = whole_pairs(r->h * row),
                                .taps = 9,
                                .sums = space.sums};

    if (parts) /* before the sink overwrites y with its gradient */
        NST_FOR_ISA(nst_bf16_pixels_)(&job->out, r->y, r->x, r->h, r->w, space.y, plane);
    if (job->filter) {
        product.chunks = nst_bf16_padded(job->filter->in_c) / NST_BF16_DEPTH;
        product.matrix = (const uint16_t *)(const void *)job->filter->matrix;
        int h = r->h + 2, w = r->w + 2, y = r->y - 1, x = r->x - 1;
        if (job->in_pooled) {
            NST_FOR_ISA(nst_bf16_routed_)(job->in_pooled, y, x, h, w, space.in, plane);
        } else {
            NST_FOR_ISA(nst_bf16_pixels_)(&job->in, y, x, h, w, space.in, plane);
        }
    }
    NST_FOR_ISA(nst_bf16_begin_)();
    for (int k = 0; k < nst_padded(job->out.c); k += NST_BF16_PANEL) {
        if (parts) {
            sum_parts_bf16(job, r, &space, k);
            to = (sink){job, space.loss, NST_BF16_PANEL, k};
        }
        if (job->filter) {
            NST_FOR_ISA(nst_bf16_product_)(&product);
            product.matrix += (size_t)product.chunks * 9 * NST_BF16_DEPTH * NST_BF16_PANEL;
        } else {
            spread(job, r, k, space.sums);
        }
        sink_rectangle(&to, r, row, k, space.sums);
    }
    NST_FOR_ISA(nst_bf16_end_)();
}

#endif
