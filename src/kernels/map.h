/* Feature maps: views of the activations and gradients between layers.
 *
 * Channels lie in groups of 16 side by side, so that one vector holds the same pixel of 16 channels
 * and no kernel rearranges vectors:
 *
 *     [group][plane_h][plane_w][16],   channel c of pixel (y, x) at
 *     data[((c / 16 * plane_h + y + 1) * plane_w + x + 1) * 16 + c % 16]
 *
 * A plane is the picture rounded up to whole 4x4 tiles with a border of one pixel around.
 * Everything outside the picture, and the channels that fill up the last group, are zero and stay
 * so: convolutions are padded already, and kernels read whole tiles without checking bounds. */
#ifndef NST_KERNELS_MAP_H
#define NST_KERNELS_MAP_H

#include <stddef.h>
#include <stdint.h>

enum {
    NST_GROUP = 16, /* channels in a group */
    NST_TILE = 4    /* pixels on a side of an output tile */
};

typedef struct nst_map {
    float *data; /* 64-byte aligned; not owned */
    int c, h, w; /* channels, height, width; each at least 1 */
} nst_map;

static inline int nst_groups(int channels)
{
    return (channels + NST_GROUP - 1) / NST_GROUP;
}

/* Channels with the last group filled up. */
static inline int nst_padded(int channels)
{
    return nst_groups(channels) * NST_GROUP;
}

static inline int nst_tiles(int pixels)
{
    return (pixels + NST_TILE - 1) / NST_TILE;
}

static inline size_t nst_plane_side(int pixels)
{
    return (size_t)nst_tiles(pixels) * NST_TILE + 2;
}

static inline size_t nst_map_floats(int c, int h, int w)
{
    return (size_t)nst_groups(c) * nst_plane_side(h) * nst_plane_side(w) * NST_GROUP;
}

/* The first of the 16 channels of a group at pixel (y, x); y and x may be -1 or lie on the
 * border. */
static inline float *nst_map_at(const nst_map *map, int group, int y, int x)
{
    size_t plane_h = nst_plane_side(map->h), plane_w = nst_plane_side(map->w);
    size_t row = (size_t)group * plane_h + (size_t)(y + 1);
    return map->data + (row * plane_w + (size_t)(x + 1)) * NST_GROUP;
}

enum { NST_PACKED_PANEL = 32 }; /* columns of a matrix that lie together; the last may be 16 */

/* The index of row i, column j in a matrix that lies in panels of columns,
 * [columns / panel][rows][panel], so that products read it in order. */
static inline size_t nst_panel_index(size_t rows, size_t columns, size_t i, size_t j)
{
    size_t k = j / NST_PACKED_PANEL * NST_PACKED_PANEL;
    size_t width = columns - k < NST_PACKED_PANEL ? columns - k : NST_PACKED_PANEL;
    return k * rows + i * width + (j - k);
}

typedef enum nst_pool { NST_POOL_NONE = 0, NST_POOL_MAX, NST_POOL_AVG } nst_pool;

/* Result of a 2x2, stride 2 pooling (odd last rows and columns dropped). */
typedef struct nst_pooled {
    nst_pool kind;
    nst_map map;    /* [c, h/2, w/2]: pooled values, later their gradient */
    uint8_t *route; /* [group][h/2][w/2][16]: bit 2*dy+dx set when that one of the four pixels
                       receives the gradient: the first maximum, or for AVG all, if positive */
} nst_pooled;

size_t nst_route_bytes(int c, int h, int w); /* h, w of the pooled map */

#endif
