#include "pictures/sheet.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/image.h"
#include "pictures/drawing.h"

enum { GAP = 6 };
static const double PIXELS_MAX = 1 << 28; /* of a sheet */
static const float GROUND[3] = {0.14f, 0.14f, 0.16f};
static const float INK[3] = {0.85f, 0.85f, 0.85f};
static const float BAR[3] = {0.95f, 0.62f, 0.15f};

/* ---- ranking --------------------------------------------------------------------------------- */

static int by_strength(const void *left, const void *right)
{
    const nst_strength *a = left, *b = right;
    if (a->mean != b->mean)
        return a->mean > b->mean ? -1 : 1;
    return a->channel - b->channel;
}

void nst_features_rank(const nst_features *features, nst_strength *out)
{
    size_t plane = (size_t)features->width * (size_t)features->height;
    for (int c = 0; c < features->channels; c++) {
        double sum = 0.0;
        for (size_t i = 0; i < plane; i++)
            sum += (double)features->maps[(size_t)c * plane + i];
        out[c] = (nst_strength){c, sum / (double)plane};
    }
    qsort(out, (size_t)features->channels, sizeof *out, by_strength);
}

/* ---- contact sheet --------------------------------------------------------------------------- */

typedef struct {
    int map_width, map_height; /* of a map as drawn */
    int factor;                /* it is enlarged by; 0: it is shrunk */
    int scale;                 /* of digits */
    int cell_width, cell_height, columns, rows;
} plan;

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static plan make_plan(const nst_features *f, int count, int tile)
{
    plan p = {.scale = tile >= 160 ? 2 : 1};
    int longest = larger(f->width, f->height);
    p.factor = tile / longest;
    double by = p.factor > 0 ? (double)p.factor : (double)tile / longest;
    p.map_width = larger(1, (int)lround(f->width * by));
    p.map_height = larger(1, (int)lround(f->height * by));
    int label = larger(p.map_width, nst_number_width(p.scale, f->channels - 1));
    p.cell_width = label + GAP;
    p.cell_height = p.map_height + (NST_DIGIT_HEIGHT + 6) * p.scale + GAP;
    /* A sheet a little wider than high. */
    p.columns = (int)ceil(sqrt(1.3 * count * p.cell_height / p.cell_width));
    p.columns = p.columns < 1 ? 1 : p.columns > count ? count : p.columns;
    p.rows = (count + p.columns - 1) / p.columns;
    return p;
}

/* A map in grey, at its own size or shrunk to the one it is drawn at. */
static nst_status make_tile(const nst_features *f, int channel, const plan *p, int threads,
                            nst_image *out, nst_error *error)
{
    size_t plane = (size_t)f->width * (size_t)f->height;
    const float *map = f->maps + (size_t)channel * plane;
    float most = 0.0f;
    nst_image full = {0};
    for (size_t i = 0; i < plane; i++)
        most = fmaxf(most, map[i]);
    nst_status status = nst_image_create(f->width, f->height, 0, &full, error);
    for (size_t i = 0; status == NST_OK && i < plane; i++)
        full.rgb[i] = full.rgb[plane + i] = full.rgb[2 * plane + i] =
            most > 0.0f ? sqrtf(map[i] / most) : 0.0f;
    if (status == NST_OK && p->factor == 0) {
        status = nst_image_resize(&full, p->map_width, p->map_height, threads, out, error);
        nst_image_destroy(&full);
        return status;
    }
    *out = full;
    return status;
}

static void paste(nst_image *sheet, int left, int top, const nst_image *tile, int factor)
{
    size_t plane = nst_pixel_count(tile);
    for (int y = 0; y < tile->height; y++)
        for (int x = 0; x < tile->width; x++) {
            size_t i = (size_t)y * (size_t)tile->width + (size_t)x;
            const float rgb[3] = {tile->rgb[i], tile->rgb[plane + i], tile->rgb[2 * plane + i]};
            nst_draw_rectangle(sheet, left + x * factor, top + y * factor, factor, factor, rgb);
        }
}

static nst_status draw_cell(nst_image *sheet, int left, int top, const nst_features *f,
                            const nst_strength *s, double strongest, const plan *p, int threads,
                            nst_error *error)
{
    nst_image tile = {0};
    nst_status status = make_tile(f, s->channel, p, threads, &tile, error);
    if (status != NST_OK)
        return status;
    paste(sheet, left, top, &tile, larger(p->factor, 1));
    nst_image_destroy(&tile);
    int bar = strongest > 0.0 ? (int)lround(p->map_width * s->mean / strongest) : 0;
    int below = top + p->map_height + p->scale;
    nst_draw_rectangle(sheet, left, below, bar, 2 * p->scale, BAR);
    nst_draw_number(sheet, left, below + 4 * p->scale, p->scale, s->channel, INK);
    return NST_OK;
}

static void size_of_sheet(const plan *p, double *width, double *height)
{
    *width = (double)p->columns * p->cell_width + GAP;
    *height = (double)p->rows * p->cell_height + GAP;
}

/* Bytes of a picture and of the file that is made of it; floats, then bytes before and after
 * compression in a buffer that grows. */
static uint64_t bytes_of_picture(double width, double height)
{
    enum { PER_PIXEL = 3 * (4 + 1 + 2) };
    return (uint64_t)(width * height) * PER_PIXEL;
}

uint64_t nst_sheet_bytes(const nst_features *features, int count, int tile)
{
    int drawn = count > 0 && count < features->channels ? count : features->channels;
    plan p = make_plan(features, drawn, tile);
    double width, height, map = (double)features->width * features->height;
    size_of_sheet(&p, &width, &height);
    /* A map in grey, and shrunk. */
    return bytes_of_picture(width, height) + (uint64_t)(2.0 * map) * 3 * sizeof(float);
}

nst_status nst_sheet_draw(const nst_features *features, const nst_strength *ranking, int count,
                          int tile, int threads, nst_image *out, nst_error *error)
{
    nst_image sheet = {0};
    plan p = make_plan(features, count, tile);
    double width, height;
    size_of_sheet(&p, &width, &height);
    if (width * height > PIXELS_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "a sheet of %.0fx%.0f pixels: expected a smaller --tile or --count", width,
                        height);
    nst_status status = nst_image_create((int)width, (int)height, 0, &sheet, error);
    if (status != NST_OK)
        return status;
    nst_draw_rectangle(&sheet, 0, 0, sheet.width, sheet.height, GROUND);
    for (int i = 0; i < count && status == NST_OK; i++)
        status = draw_cell(&sheet, GAP + i % p.columns * p.cell_width,
                           GAP + i / p.columns * p.cell_height, features, &ranking[i],
                           ranking[0].mean, &p, threads, error);
    if (status != NST_OK) {
        nst_image_destroy(&sheet);
        return status;
    }
    *out = sheet;
    return NST_OK;
}

/* ---- heat map -------------------------------------------------------------------------------- */

static void heat_color(double value, float rgb[3])
{
    static const double stops[][3] = {{0.0, 0.0, 0.02},
                                      {0.18, 0.08, 0.42},
                                      {0.70, 0.15, 0.30},
                                      {0.96, 0.55, 0.10},
                                      {1.0, 0.98, 0.80}};
    const int last = (int)(sizeof stops / sizeof *stops) - 1;
    double place = value * last;
    int below = place >= last ? last - 1 : (int)place;
    for (int c = 0; c < 3; c++)
        rgb[c] =
            (float)(stops[below][c] + (place - below) * (stops[below + 1][c] - stops[below][c]));
}

/* Numbers along both edges, far enough apart to be read. */
static void draw_axes(nst_image *heat, int channels, int side, int margin)
{
    int step = 1;
    while (step * side < 2 * margin)
        step *= 2;
    for (int c = 0; c < channels; c += step) {
        int width = nst_number_width(1, c), middle = margin + c * side + side / 2;
        nst_draw_number(heat, middle - width / 2, margin - NST_DIGIT_HEIGHT - 3, 1, c, INK);
        nst_draw_number(heat, margin - width - 3, middle - NST_DIGIT_HEIGHT / 2, 1, c, INK);
    }
}

typedef struct {
    int side, margin, size; /* of an entry, of the numbers' edge, of the whole */
} heat_plan;

static heat_plan plan_heat(int channels)
{
    heat_plan p = {.side = larger(1, 640 / channels),
                   .margin = nst_number_width(1, channels - 1) + 8};
    p.size = channels * p.side + p.margin + GAP;
    return p;
}

uint64_t nst_heat_bytes(int channels)
{
    heat_plan p = plan_heat(channels);
    return bytes_of_picture(p.size, p.size);
}

nst_status nst_heat_draw(const nst_features *features, nst_image *out, nst_error *error)
{
    int n = features->channels;
    size_t entries = (size_t)n * (size_t)n;
    float most = 0.0f; /* gcc 12 for ARM fails on this maximum in double */
    nst_image heat = {0};
    if (n > sqrt(PIXELS_MAX) / 2.0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "a Gram matrix of %d channels is too large to draw", n);
    const heat_plan p = plan_heat(n);
    const int side = p.side, margin = p.margin;
    nst_status status = nst_image_create(p.size, p.size, 0, &heat, error);
    if (status != NST_OK)
        return status;
    for (size_t i = 0; i < entries; i++)
        most = fmaxf(most, features->gram[i]);
    nst_draw_rectangle(&heat, 0, 0, heat.width, heat.height, GROUND);
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) {
            double value = (double)features->gram[(size_t)y * (size_t)n + (size_t)x];
            float rgb[3];
            heat_color(value > 0.0 ? sqrt(value / (double)most) : 0.0, rgb);
            nst_draw_rectangle(&heat, margin + x * side, margin + y * side, side, side, rgb);
        }
    draw_axes(&heat, n, side, margin);
    *out = heat;
    return NST_OK;
}
