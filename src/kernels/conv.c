/* Cutting a convolution into blocks and sending them to threads. */
#include "kernels/conv.h"

#include "base/parallel.h"
#include "kernels/isa.h"

enum {
    PATCH = 36,
    OUT = NST_TILE * NST_TILE,
    /* Tiles in a block. Large enough for the products to run at speed, small enough for what
     * surrounds them to stay in the second-level cache. */
    TILES_WINOGRAD = 64,
    TILES_PACKED = 28,
    TILES_IM2COL = 8,
    TILES_BF16 = 32,
    WIDE_BF16 = 16, /* tiles from left to right: less than 5 % of the sums are of borders then */
    /* A picture is cut into at least so many blocks, so that threads can share the work. */
    BLOCKS = 8,
    TILES_MIN = 14,
    PARTS = 4 /* blocks, or parts of the output's channels, that keep the threads busy */
};

static int most_tiles(nst_conv_algorithm algorithm)
{
    return algorithm == NST_CONV_WINOGRAD ? TILES_WINOGRAD
           : algorithm == NST_CONV_PACKED ? TILES_PACKED
           : algorithm == NST_CONV_BF16   ? TILES_BF16
                                          : TILES_IM2COL;
}

nst_conv_algorithm nst_conv_best(void)
{
    return nst_isa_best()->has_packed ? NST_CONV_PACKED : NST_CONV_WINOGRAD;
}

bool nst_conv_is_own(nst_conv_algorithm algorithm)
{
    return algorithm == NST_CONV_PACKED || algorithm == NST_CONV_BF16;
}

bool nst_conv_has_bf16(void)
{
    return nst_isa_has_bf16();
}

bool nst_conv_is_reproducible(void)
{
    return nst_isa_best()->has_fma;
}

/* Tiles in a block: at most `most`, and few enough for threads to share the blocks. */
static int tiles_in_block(int tiles, int most)
{
    int even = (tiles + BLOCKS - 1) / BLOCKS;
    int some = even < TILES_MIN ? TILES_MIN : even;
    return some > most ? most : some;
}

/* The same for packed filters. A deep layer has few tiles, and reading its filters takes most of
 * the time. So its blocks are large, and threads share the output's channels instead; each part
 * makes the same patches again. A loss gradient (`whole`) needs all channels of a tile before the
 * first of them is overwritten. */
static void cut_packed(nst_blocks *blocks, int channels, bool whole)
{
    int count = (blocks->tiles + TILES_PACKED - 1) / TILES_PACKED;
    int panels = (channels + NST_PACKED_PANEL - 1) / NST_PACKED_PANEL;
    blocks->per_block = tiles_in_block(blocks->tiles, TILES_PACKED);
    if (whole && blocks->tiles < 2 * TILES_MIN)
        blocks->per_block = (blocks->tiles + 1) / 2;
    if (whole || count >= PARTS || panels < 2 * PARTS)
        return;
    blocks->per_block = (blocks->tiles + count - 1) / count;
    blocks->parts = count == 1 ? PARTS : 2;
}

/* channels: of the output. whole: a block needs all of them. */
static nst_blocks cut(nst_conv_algorithm algorithm, int h, int w, int channels, bool whole)
{
    nst_blocks blocks = {.tiles_x = nst_tiles(w), .tiles = nst_tiles(h) * nst_tiles(w), .parts = 1};
    if (algorithm == NST_CONV_PACKED)
        cut_packed(&blocks, channels, whole);
    else
        blocks.per_block = tiles_in_block(blocks.tiles, most_tiles(algorithm));
    blocks.count = (blocks.tiles + blocks.per_block - 1) / blocks.per_block * blocks.parts;
    if (algorithm == NST_CONV_BF16) {
        blocks.wide = blocks.tiles_x < WIDE_BF16 ? blocks.tiles_x : WIDE_BF16;
        blocks.high = blocks.per_block > blocks.wide ? blocks.per_block / blocks.wide : 1;
        blocks.per_block = blocks.wide * blocks.high;
        blocks.count = ((nst_tiles(h) + blocks.high - 1) / blocks.high) *
                       ((blocks.tiles_x + blocks.wide - 1) / blocks.wide);
    }
    return blocks;
}

/* `divide` in simd/bf16_block.c places the parts of this. */
static size_t bf16_workspace(int in, int out)
{
    size_t ins = (size_t)nst_bf16_padded(in), outs = (size_t)nst_bf16_padded(out);
    return NST_BF16_PIXELS * (ins / 2 + outs / 2 + 2 * NST_BF16_PANEL) + outs * NST_BF16_PANEL / 2;
}

size_t nst_conv_workspace(nst_conv_algorithm algorithm, int max_in_c, int max_out_c)
{
    size_t in = (size_t)nst_padded(max_in_c), out = (size_t)nst_padded(max_out_c);
    size_t product, tiles = (size_t)most_tiles(algorithm);
    if (algorithm == NST_CONV_BF16)
        product = bf16_workspace(max_in_c, max_out_c);
    else if (algorithm == NST_CONV_IM2COL)
        product = tiles * OUT * (9 * in + NST_BLAS_PANEL);
    else
        product = PATCH * (tiles * (size_t)nst_conv_stride((int)in) + NST_GROUP) +
                  PATCH * (tiles * NST_BLAS_PANEL + NST_GROUP);
    return product + 2 * tiles * OUT * out;
}

size_t nst_loss_gradient_workspace(int c, int wide_c)
{
    size_t in = (size_t)nst_padded(c), out = wide_c > 0 ? (size_t)nst_padded(wide_c) : 0;
    return (size_t)TILES_WINOGRAD * OUT * in + NST_WIDEN_PIXELS * (in + 3 * out);
}

size_t nst_route_bytes(int c, int h, int w)
{
    return (size_t)nst_padded(c) * (size_t)h * (size_t)w;
}

typedef struct {
    const nst_isa *isa;
    const nst_conv_job *job;
    float *workspace;
    size_t per_thread;
} run;

static void run_block(void *context, int block, int thread)
{
    const run *r = context;
    r->isa->conv_block(r->job, block, r->workspace + (size_t)thread * r->per_thread);
}

static void run_job(const nst_conv_job *job, float *workspace, size_t per_thread, int threads)
{
    run r = {nst_isa_best(), job, workspace, per_thread};
    nst_parallel_for(job->blocks.count, threads, run_block, &r);
}

void nst_conv_forward(const nst_conv_forward_args *args, float *workspace, size_t per_thread,
                      int threads)
{
    nst_conv_job job = {
        .algorithm = args->filter->algorithm,
        .filter = args->filter,
        .in = args->x,
        .out = args->y,
        .forward = true,
        .bias = args->bias,
        .out_pooled = args->pooled,
        .blocks = cut(args->filter->algorithm, args->x.h, args->x.w, args->y.c, false),
    };
    run_job(&job, workspace, per_thread, threads);
}

void nst_conv_backward(const nst_conv_backward_args *args, float *workspace, size_t per_thread,
                       int threads)
{
    const nst_loss_gradient *loss = args->loss;
    nst_conv_job job = {
        .algorithm = args->algorithm,
        .filter = args->filter,
        .in = args->dz,
        .in_pooled = args->pooled,
        .out = args->y,
        .masked = args->masked,
        .loss = args->loss,
        .blocks = cut(args->algorithm, args->y.h, args->y.w, args->y.c,
                      !args->filter || (loss && (loss->part_count > 0 || loss->wide))),
    };
    run_job(&job, workspace, per_thread, threads);
}

/* ---- the first layer, a row of the picture at a time ---------------------------------------- */

typedef struct {
    const nst_isa *isa;
    const nst_first_layer *layer;
    const float *x;
    const nst_map *map;
    float *dx;
} first_run;

static void first_forward_row(void *context, int row, int thread)
{
    (void)thread;
    const first_run *r = context;
    r->isa->first_forward(r->layer, r->x, r->map, row);
}

static void first_backward_row(void *context, int row, int thread)
{
    (void)thread;
    const first_run *r = context;
    r->isa->first_backward(r->layer, r->map, r->dx, row);
}

void nst_first_forward(const nst_first_layer *layer, const float *x, const nst_map *y, int threads)
{
    first_run r = {.isa = nst_isa_best(), .layer = layer, .x = x, .map = y};
    nst_parallel_for(y->h, threads, first_forward_row, &r);
}

void nst_first_backward(const nst_first_layer *layer, const nst_map *dz, float *dx, int threads)
{
    first_run r = {.isa = nst_isa_best(), .layer = layer, .map = dz, .dx = dx};
    nst_parallel_for(dz->h, threads, first_backward_row, &r);
}
