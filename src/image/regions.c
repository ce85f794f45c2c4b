/* Reading a mask. Labels are the colors that fill flat areas, found as the peaks of a histogram.
 * Pixels of even areas get their label first, and labels grow from there over edges and noise. */
#include "image/regions.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"
#include "image/check.h"
#include "kernels/resample.h"

/* In steps of 255, the largest over the channels. */
static const float FLAT = 12.0f;   /* between neighbors in a flat area: noise of a JPEG */
static const float LEVEL = 2.0f;   /* across a pixel of an even area: less than any slope has */
static const float RADIUS = 16.0f; /* a label's pixels have its color within this */
static const float NEAR = 32.0f;   /* a color within this is a label's noise, or the same label in
                                      another mask */
/* A label covers at least this part of the flat area; a smaller part is another label's noise. */
static const double PART_MIN = 0.001;
/* At least this part of a label's flat area is even. It is 0.43 and more in the small areas of a
 * JPEG of quality 15 to 90, and almost 0 for colors that a blurred edge passes through. */
static const double EVEN_MIN = 0.25;

enum { BITS = 5, BINS = 1 << 3 * BITS, NONE = -1 };

typedef struct {
    unsigned index;
    double count, even, sum[3]; /* pixels, even ones, sum of colors */
} bin;

/* The bins that hold something, in the order of their colors. Each peak looks at all of them, and
 * mostly they are few. */
typedef struct {
    bin *list;
    int count;
} histogram;

static void color_at(const nst_image *mask, size_t i, float rgb[3])
{
    size_t count = nst_pixel_count(mask);
    for (size_t c = 0; c < 3; c++)
        rgb[c] = 255.0f * mask->rgb[c * count + i];
}

static float distance(const float a[3], const float b[3])
{
    return fmaxf(fabsf(a[0] - b[0]), fmaxf(fabsf(a[1] - b[1]), fabsf(a[2] - b[2])));
}

typedef enum { ROUGH, FLAT_BUT_SLOPING, EVEN } relief;

/* How a pixel compares with its four neighbors. At the border of the mask the missing neighbor
 * counts as having the pixel's own color. */
static relief relief_at(const nst_image *mask, int y, int x)
{
    size_t w = (size_t)mask->width, i = (size_t)y * w + (size_t)x;
    const size_t near[4] = {y > 0 ? i - w : i, y + 1 < mask->height ? i + w : i, x > 0 ? i - 1 : i,
                            x + 1 < mask->width ? i + 1 : i};
    float here[3], there[4][3];
    color_at(mask, i, here);
    for (int k = 0; k < 4; k++) {
        color_at(mask, near[k], there[k]);
        if (!(distance(here, there[k]) <= FLAT))
            return ROUGH;
    }
    bool even = distance(there[0], there[1]) <= LEVEL && distance(there[2], there[3]) <= LEVEL;
    return even ? EVEN : FLAT_BUT_SLOPING;
}

/* ---- the labels' colors ---------------------------------------------------------------------- */

static unsigned bin_of(const float rgb[3])
{
    unsigned index = 0;
    for (int c = 0; c < 3; c++)
        index = index << BITS | (unsigned)rgb[c] >> (8 - BITS);
    return index;
}

static int by_index(const void *a, const void *b)
{
    const bin *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

/* Count the flat pixels. place[i] becomes where bin i lies in the list, or NONE. */
static void fill_bins(const nst_image *mask, int16_t place[BINS], histogram *bins)
{
    memset(place, 0xff, BINS * sizeof *place);
    for (int y = 0; y < mask->height && !nst_parallel_cancelled(); y++)
        for (int x = 0; x < mask->width; x++) {
            float rgb[3];
            relief form = relief_at(mask, y, x);
            if (form == ROUGH)
                continue;
            color_at(mask, (size_t)y * (size_t)mask->width + (size_t)x, rgb);
            unsigned index = bin_of(rgb);
            if (place[index] == NONE) {
                bins->list[bins->count] = (bin){.index = index};
                place[index] = (int16_t)bins->count++;
            }
            bin *own = &bins->list[place[index]];
            own->count += 1.0;
            own->even += form == EVEN ? 1.0 : 0.0;
            for (int c = 0; c < 3; c++)
                own->sum[c] += (double)rgb[c];
        }
    qsort(bins->list, (size_t)bins->count, sizeof *bins->list, by_index);
}

static nst_status make_histogram(const nst_image *mask, histogram *out, nst_error *error)
{
    size_t pixels = nst_pixel_count(mask);
    int16_t *place = malloc(BINS * sizeof *place);
    out->list = malloc((pixels < BINS ? pixels : BINS) * sizeof *out->list);
    out->count = 0;
    bool made = place && out->list;
    if (made)
        fill_bins(mask, place, out);
    else
        free(out->list);
    free(place);
    return made ? NST_OK : nst_fail_memory(error);
}

static void bin_mean(const bin *b, float rgb[3])
{
    for (int c = 0; c < 3; c++)
        rgb[c] = (float)(b->sum[c] / b->count);
}

/* The sum of all bins around a color. */
static bin gather(const histogram *bins, const float around[3], bool remove)
{
    bin sum = {0};
    for (bin *b = bins->list; b < bins->list + bins->count; b++) {
        float rgb[3];
        if (!(b->count > 0.0))
            continue;
        bin_mean(b, rgb);
        if (distance(rgb, around) > RADIUS)
            continue;
        sum.count += b->count;
        sum.even += b->even;
        for (int c = 0; c < 3; c++)
            sum.sum[c] += b->sum[c];
        if (remove)
            b->count = 0.0;
    }
    return sum;
}

/* The next peak: the sum of the bins around the fullest one, which are emptied. */
static bool take_peak(const histogram *bins, bin *peak)
{
    bin *fullest = bins->list;
    float rgb[3];
    for (bin *b = bins->list; b < bins->list + bins->count; b++)
        if (b->count > fullest->count)
            fullest = b;
    if (bins->count == 0 || !(fullest->count > 0.0))
        return false;
    bin_mean(fullest, rgb);
    bin around = gather(bins, rgb, false);
    bin_mean(&around, rgb);
    *peak = gather(bins, rgb, true);
    fullest->count = 0.0; /* so that each call empties at least one bin */
    return true;
}

static double brightness(const nst_region *region)
{
    return 0.299 * (double)region->rgb[0] + 0.587 * (double)region->rgb[1] +
           0.114 * (double)region->rgb[2];
}

static int by_brightness(const void *a, const void *b)
{
    double x = brightness(a), y = brightness(b);
    return x < y ? -1 : x > y ? 1 : memcmp(a, b, sizeof((const nst_region *)a)->rgb);
}

/* Index of the region with the nearest color, rgb in 0..255; -1 when none is within `most`. */
static int nearest(const nst_labels *labels, const float rgb[3], float most)
{
    int best = -1;
    for (int r = 0; r < labels->count; r++) {
        float color[3];
        for (int c = 0; c < 3; c++)
            color[c] = 255.0f * labels->regions[r].rgb[c];
        float d = distance(rgb, color);
        if (d <= most) {
            most = d;
            best = r;
        }
    }
    return best;
}

static nst_status find_regions(const nst_image *mask, nst_labels *labels, nst_error *error)
{
    histogram bins = {0};
    bin peak;
    double flat = 0.0;
    nst_status status = make_histogram(mask, &bins, error);
    if (status == NST_OK && nst_parallel_cancelled()) {
        free(bins.list);
        status = NST_STOPPED;
    }
    if (status != NST_OK)
        return status;
    for (int i = 0; i < bins.count; i++)
        flat += bins.list[i].count;
    while (take_peak(&bins, &peak)) {
        float rgb[3];
        bin_mean(&peak, rgb);
        if (peak.count < PART_MIN * flat || peak.even < EVEN_MIN * peak.count ||
            nearest(labels, rgb, NEAR) >= 0)
            continue;
        if (++labels->count > NST_REGIONS_MAX)
            break;
        for (int c = 0; c < 3; c++)
            labels->regions[labels->count - 1].rgb[c] = rgb[c] / 255.0f;
    }
    free(bins.list);
    if (labels->count < 2)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected areas of 2 to %d flat colors, found %s",
                        NST_REGIONS_MAX, labels->count ? "only one" : "none");
    if (labels->count > NST_REGIONS_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "expected areas of 2 to %d flat colors, found more", NST_REGIONS_MAX);
    qsort(labels->regions, (size_t)labels->count, sizeof *labels->regions, by_brightness);
    return NST_OK;
}

/* ---- labels of pixels ------------------------------------------------------------------------ */

/* Each pixel takes the label that reaches it first from the labeled pixels; with `own`, only a
 * pixel that is not rough and has the label's color. queue holds indices of pixels. */
static void grow(const nst_image *mask, nst_labels *labels, bool own, uint32_t *queue)
{
    size_t w = (size_t)mask->width, h = (size_t)mask->height, head = 0, tail = 0;
    for (size_t i = 0; i < w * h; i++)
        if (labels->label[i] != NST_REGION_NONE)
            queue[tail++] = (uint32_t)i;
    while (head < tail && !nst_parallel_stops_at(head)) {
        size_t i = queue[head++], x = i % w, y = i / w;
        const size_t next[4] = {y > 0 ? i - w : i, x > 0 ? i - 1 : i, x + 1 < w ? i + 1 : i,
                                y + 1 < h ? i + w : i};
        for (int k = 0; k < 4; k++) {
            float rgb[3];
            /* NOLINTNEXTLINE(clang-analyzer-core.*): x + 1 < w keeps i + 1 within the picture */
            if (labels->label[next[k]] != NST_REGION_NONE)
                continue;
            color_at(mask, next[k], rgb);
            if (own && (nearest(labels, rgb, RADIUS) != labels->label[i] ||
                        relief_at(mask, (int)(next[k] / w), (int)(next[k] % w)) == ROUGH))
                continue;
            labels->label[next[k]] = labels->label[i];
            queue[tail++] = (uint32_t)next[k];
        }
    }
}

/* Labels begin where the mask is even, fill the pixels of their own color, and then the rest. So a
 * slope that passes through the color of a third label does not become that label. */
static void grow_labels(const nst_image *mask, nst_labels *labels, uint32_t *queue)
{
    size_t w = (size_t)mask->width, count = w * (size_t)mask->height;
    for (size_t i = 0; i < count && !nst_parallel_stops_at(i); i++) {
        float rgb[3];
        color_at(mask, i, rgb);
        int region =
            relief_at(mask, (int)(i / w), (int)(i % w)) == EVEN ? nearest(labels, rgb, RADIUS) : -1;
        labels->label[i] = region < 0 ? NST_REGION_NONE : (uint8_t)region;
    }
    grow(mask, labels, true, queue);
    grow(mask, labels, false, queue);
}

nst_status nst_labels_read(const nst_image *mask, nst_labels *out, nst_error *error)
{
    size_t count = nst_pixel_count(mask);
    nst_labels labels = {.width = mask->width, .height = mask->height};
    uint32_t *queue = NULL;
    nst_status status = find_regions(mask, &labels, error);
    if (status != NST_OK)
        return status;
    labels.label = malloc(count);
    queue = malloc(count * sizeof *queue);
    if (!labels.label || !queue) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    grow_labels(mask, &labels, queue);
    if (nst_parallel_cancelled()) {
        status = NST_STOPPED;
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++)
        if (labels.label[i] != NST_REGION_NONE)
            labels.regions[labels.label[i]].share += 1.0 / (double)count;
    for (int r = 0; r < labels.count; r++)
        if (!(labels.regions[r].share > 0.0)) {
            status = nst_fail(error, NST_ERR_ARGUMENT, "expected areas of flat colors");
            goto cleanup;
        }
    *out = labels;
    labels.label = NULL;
cleanup:
    free(queue);
    free(labels.label);
    return status;
}

void nst_labels_destroy(nst_labels *labels)
{
    free(labels->label);
    *labels = (nst_labels){0};
}

unsigned nst_labels_match(nst_labels *labels, const nst_labels *known)
{
    uint8_t number[NST_REGIONS_MAX];
    unsigned seen = 0;
    for (int r = 0; r < labels->count; r++) {
        float rgb[3];
        for (int c = 0; c < 3; c++)
            rgb[c] = 255.0f * labels->regions[r].rgb[c];
        int region = nearest(known, rgb, NEAR);
        number[r] = region < 0 ? NST_REGION_NONE : (uint8_t)region;
        if (region >= 0)
            seen |= 1u << region;
    }
    for (size_t i = 0; i < (size_t)labels->width * (size_t)labels->height; i++)
        labels->label[i] = number[labels->label[i]];
    return seen;
}

nst_status nst_labels_share(const nst_labels *labels, int region, int width, int height,
                            int threads, float *out, nst_error *error)
{
    size_t count = (size_t)labels->width * (size_t)labels->height;
    float *plane = malloc(count * sizeof *plane);
    if (!plane)
        return nst_fail_memory(error);
    for (size_t i = 0; i < count && !nst_parallel_stops_at(i); i++)
        plane[i] = labels->label[i] == region ? 1.0f : 0.0f;
    nst_status status =
        nst_resample(plane, labels->height, labels->width, out, height, width, threads, error);
    if (status == NST_OK && nst_parallel_cancelled())
        status = NST_STOPPED;
    for (size_t i = 0; status == NST_OK && i < (size_t)width * (size_t)height; i++)
        out[i] = fminf(fmaxf(out[i], 0.0f), 1.0f); /* a cubic overshoots */
    free(plane);
    return status;
}

nst_status nst_regions_find(const nst_image *mask, nst_region regions[NST_REGIONS_MAX], int *count,
                            nst_error *error)
{
    nst_labels labels = {0};
    nst_status status = nst_check_image("a mask", mask, error);
    if (status != NST_OK || (status = nst_labels_read(mask, &labels, error)) != NST_OK)
        return status;
    memcpy(regions, labels.regions, sizeof labels.regions);
    *count = labels.count;
    nst_labels_destroy(&labels);
    return NST_OK;
}
