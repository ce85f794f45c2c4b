#include "style/sources.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"
#include "image/check.h"
#include "image/color.h"
#include "image/regions.h"
#include "image/resize.h"
#include "model/pass.h"

/* A style: the caller's image or, where colors are moved, a copy. */
typedef struct {
    nst_image image; /* a view, or `own` */
    nst_image own;
    double weight;
    nst_style *handle; /* the caller's, or NULL */
    unsigned regions;  /* bit r set: region r takes it */
    nst_labels labels; /* of its mask, numbered like the content's; empty without a mask */
} source;

struct nst_sources {
    const nst_inputs *inputs;
    const nst_options *options;
    int threads;
    nst_image grey;    /* the content's luminance, with NST_COLOR_LUMA */
    nst_labels labels; /* of the content's mask; empty without a mask */
    source *styles;    /* [inputs->style_count] */
};

static int region_count(const nst_sources *s)
{
    return s->labels.count ? s->labels.count : 1;
}

/* ---- regions --------------------------------------------------------------------------------- */

/* A mask of another shape belongs to another picture, or to this one before it was turned. */
static nst_status check_shape(const char *what, const nst_image *mask, const nst_image *image,
                              nst_error *error)
{
    double a = (double)mask->width * image->height, b = (double)image->width * mask->height;
    if (fabs(a - b) > 0.05 * fmax(a, b))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is %dx%d, not of the shape of %dx%d", what,
                        mask->width, mask->height, image->width, image->height);
    return NST_OK;
}

static nst_status read_mask(const char *what, const nst_image *mask, const nst_image *image,
                            nst_labels *labels, nst_error *error)
{
    nst_error cause = {0};
    nst_status status = check_shape(what, mask, image, error);
    if (status == NST_OK && (status = nst_labels_read(mask, labels, &cause)) != NST_OK)
        status = nst_fail(error, status, "%s: %s", what, cause.message);
    return status;
}

static nst_status read_style_regions(nst_sources *s, int i, nst_error *error)
{
    const nst_inputs *in = s->inputs;
    source *style = &s->styles[i];
    int number = in->style_regions ? in->style_regions[i] : 0;
    char what[32];
    if (number < 0 || number > s->labels.count)
        return nst_fail(error, NST_ERR_ARGUMENT, "style @%d: the content mask has regions 1 to %d",
                        number, s->labels.count);
    style->regions = number ? 1u << (number - 1) : (1u << s->labels.count) - 1;
    if (!in->style_masks || !in->style_masks[i].rgb)
        return NST_OK;
    snprintf(what, sizeof what, "mask of style %d", i + 1);
    nst_status status = read_mask(what, &in->style_masks[i], &in->styles[i], &style->labels, error);
    if (status == NST_OK)
        style->regions &= nst_labels_match(&style->labels, &s->labels);
    return status;
}

static nst_status read_regions(nst_sources *s, nst_error *error)
{
    const nst_inputs *in = s->inputs;
    unsigned covered = 0;
    nst_status status = read_mask("content mask", in->content_mask, in->content, &s->labels, error);
    for (int i = 0; i < in->style_count && status == NST_OK; i++) {
        status = read_style_regions(s, i, error);
        if (s->styles[i].weight > 0.0)
            covered |= s->styles[i].regions;
    }
    for (int r = 0; r < s->labels.count && status == NST_OK; r++) {
        const float *rgb = s->labels.regions[r].rgb;
        if (!(covered >> r & 1))
            status =
                nst_fail(error, NST_ERR_ARGUMENT,
                         "content mask: no style for region %d (color %.0f,%.0f,%.0f)", r + 1,
                         255.0 * (double)rgb[0], 255.0 * (double)rgb[1], 255.0 * (double)rgb[2]);
    }
    return status;
}

/* ---- colors ---------------------------------------------------------------------------------- */

static nst_status copy_image(const nst_image *from, nst_image *out, nst_error *error)
{
    bool has_alpha = from->alpha != NULL; /* colors are weighted by it when they are resampled */
    nst_status status = nst_image_create(from->width, from->height, has_alpha, out, error);
    if (status == NST_OK)
        memcpy(out->rgb, from->rgb, 3 * nst_pixel_count(from) * sizeof *from->rgb);
    if (status == NST_OK && has_alpha)
        memcpy(out->alpha, from->alpha, nst_pixel_count(from) * sizeof *from->alpha);
    return status;
}

/* Color statistics of the content in a set of regions. */
static nst_status measure_content(const nst_sources *s, const nst_image *content, unsigned regions,
                                  nst_color_stats *stats, nst_error *error)
{
    size_t count = nst_pixel_count(content);
    nst_status status = NST_OK;
    if (regions == (1u << region_count(s)) - 1) {
        nst_color_measure(content, NULL, stats);
        return NST_OK;
    }
    float *one = malloc(count * sizeof *one), *sum = calloc(count, sizeof *sum);
    if (!one || !sum)
        status = nst_fail_memory(error);
    for (int r = 0; r < s->labels.count && status == NST_OK; r++) {
        if (!(regions >> r & 1))
            continue;
        status = nst_labels_share(&s->labels, r, content->width, content->height, s->threads, one,
                                  error);
        for (size_t i = 0; status == NST_OK && i < count && !nst_parallel_stops_at(i); i++)
            sum[i] += one[i];
    }
    if (status == NST_OK)
        nst_color_measure(content, sum, stats);
    free(one);
    free(sum);
    return status;
}

static nst_status color_style(nst_sources *s, source *style, nst_error *error)
{
    bool luma = s->options->color == NST_COLOR_LUMA;
    const nst_image *content = luma ? &s->grey : s->inputs->content;
    nst_color_stats from, to;
    nst_status status = copy_image(&style->image, &style->own, error);
    if (status == NST_OK)
        status = measure_content(s, content, style->regions, &to, error);
    if (status != NST_OK)
        return status;
    style->image = style->own;
    if (luma)
        nst_color_to_grey(&style->image);
    nst_color_measure(&style->image, NULL, &from);
    if (luma)
        nst_color_match_grey(&style->image, &from, &to);
    else
        nst_color_match(&style->image, &from, &to);
    return nst_parallel_cancelled() ? NST_STOPPED : NST_OK;
}

static nst_status color_all(nst_sources *s, nst_error *error)
{
    nst_status status = NST_OK;
    if (s->options->color == NST_COLOR_LUMA) {
        status = copy_image(s->inputs->content, &s->grey, error);
        if (status == NST_OK)
            nst_color_to_grey(&s->grey);
    }
    for (int i = 0; i < s->inputs->style_count && status == NST_OK; i++)
        if (s->options->color != NST_COLOR_STYLE && s->styles[i].regions != 0)
            status = color_style(s, &s->styles[i], error);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

nst_status nst_sources_create(const nst_inputs *inputs, const nst_options *options, int threads,
                              nst_sources **out, nst_error *error)
{
    nst_status status = NST_OK;
    nst_sources *s = calloc(1, sizeof *s);
    source *styles = calloc((size_t)inputs->style_count, sizeof *styles);
    if (!s || !styles) {
        free(s);
        free(styles);
        return nst_fail_memory(error);
    }
    *s = (nst_sources){.inputs = inputs, .options = options, .threads = threads, .styles = styles};
    for (int i = 0; i < inputs->style_count; i++) {
        styles[i].image = inputs->styles[i];
        styles[i].weight = inputs->style_weights ? (double)inputs->style_weights[i] : 1.0;
        styles[i].regions = 1;
        styles[i].handle = inputs->style_handles ? inputs->style_handles[i] : NULL;
    }
    if (inputs->content_mask)
        status = read_regions(s, error);
    if (status == NST_OK)
        status = color_all(s, error);
    if (status != NST_OK) {
        nst_sources_destroy(s);
        return status;
    }
    *out = s;
    return NST_OK;
}

void nst_sources_destroy(nst_sources *s)
{
    if (!s)
        return;
    for (int i = 0; i < s->inputs->style_count; i++) {
        nst_image_destroy(&s->styles[i].own);
        nst_labels_destroy(&s->styles[i].labels);
    }
    nst_image_destroy(&s->grey);
    nst_labels_destroy(&s->labels);
    free(s->styles);
    free(s);
}

/* ---- at one size ----------------------------------------------------------------------------- */

int nst_sources_deepest(const nst_options *options)
{
    int deepest = 0;
    for (int i = 0; i < options->content_layer_count; i++)
        if (options->content_weight > 0.0f && options->content_layers[i].weight > 0.0f &&
            options->content_layers[i].layer > deepest)
            deepest = options->content_layers[i].layer;
    for (int i = 0; i < options->style_layer_count; i++)
        if (options->style_weight > 0.0f && options->style_layers[i].weight > 0.0f &&
            options->style_layers[i].layer > deepest)
            deepest = options->style_layers[i].layer;
    return deepest;
}

/* *out[region_count][height][width] = how much each pixel belongs to each region; the caller frees
 * it. */
static nst_status share_planes(const nst_sources *s, const nst_labels *labels, int width,
                               int height, float **out, nst_error *error)
{
    size_t plane = (size_t)width * (size_t)height, count;
    float *planes = NULL;
    if (nst_mul_size(plane, (size_t)region_count(s), &count) && count <= SIZE_MAX / sizeof *planes)
        planes = malloc(count * sizeof *planes);
    if (!planes)
        return nst_fail_memory(error);
    for (int r = 0; r < region_count(s); r++) {
        nst_status status = nst_labels_share(labels, r, width, height, s->threads,
                                             planes + (size_t)r * plane, error);
        if (status != NST_OK) {
            free(planes);
            return status;
        }
    }
    *out = planes;
    return NST_OK;
}

void nst_sources_style_size(const nst_options *options, int longest, const nst_image *style,
                            int *width, int *height)
{
    double size = (double)longest * (double)options->style_scale;
    double side = nst_pass_side_min(nst_sources_deepest(options));
    double w = style->width, h = style->height;
    double factor = fmax(size / fmax(w, h), side / fmin(w, h));
    *width = (int)lround(w * factor);
    *height = (int)lround(h * factor);
}

void nst_style_size(const nst_options *options, int longest, int style_width, int style_height,
                    int *width, int *height)
{
    const nst_image style = {.width = style_width, .height = style_height};
    nst_sources_style_size(options, longest, &style, width, height);
}

/* The style for a level of this longest side. The caller frees *shares. */
static nst_status place_style(const nst_sources *s, const source *from, int longest,
                              nst_scene_style *out, float **shares, nst_error *error)
{
    *out = (nst_scene_style){.image = &from->image,
                             .weight = from->weight,
                             .regions = from->regions,
                             /* In the content's colors it is another picture for every content. */
                             .handle = from->own.rgb ? NULL : from->handle,
                             .store = s->inputs->style_store};
    nst_sources_style_size(s->options, longest, &from->image, &out->width, &out->height);
    if (!(from->weight > 0.0) || !from->labels.count)
        return NST_OK;
    nst_status status = share_planes(s, &from->labels, out->width, out->height, shares, error);
    out->shares = *shares;
    return status;
}

nst_status nst_sources_objective(const nst_sources *s, const nst_model *model, nst_plan plan,
                                 int width, int height, nst_objective **out, nst_error *error)
{
    size_t count = (size_t)s->inputs->style_count;
    int longest = width > height ? width : height;
    nst_scene_style *styles = calloc(count, sizeof *styles);
    nst_image content = {0};
    float *shares = NULL, **style_shares = calloc(count, sizeof *style_shares);
    nst_status status = NST_OK;
    if (!styles || !style_shares) {
        status = nst_fail_memory(error);
        goto cleanup;
    }
    status = nst_image_resize_here(s->grey.rgb ? &s->grey : s->inputs->content, width, height,
                                   s->threads, &content, error);
    if (status == NST_OK && s->labels.count)
        status = share_planes(s, &s->labels, width, height, &shares, error);
    for (size_t i = 0; i < count && status == NST_OK; i++)
        status = place_style(s, &s->styles[i], longest, &styles[i], &style_shares[i], error);
    if (status == NST_OK)
        status = nst_objective_create(model, s->options,
                                      &(nst_scene){.content = &content,
                                                   .region_count = region_count(s),
                                                   .shares = shares,
                                                   .styles = styles,
                                                   .style_count = (int)count,
                                                   .plan = plan},
                                      s->threads, out, error);
cleanup:
    for (size_t i = 0; style_shares && i < count; i++)
        free(style_shares[i]);
    nst_image_destroy(&content);
    free(shares);
    free(style_shares);
    free(styles);
    return status;
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Longest side at which colors are compared: their mean and covariance hardly depend on it. */
enum { COLOR_SIDE_MAX = 256 };

static nst_status shrink(const nst_image *in, int threads, nst_image *out, nst_error *error)
{
    double longest = in->width > in->height ? in->width : in->height;
    double factor = fmin(1.0, COLOR_SIDE_MAX / longest);
    return nst_image_resize_here(in, (int)fmax(1.0, round(in->width * factor)),
                                 (int)fmax(1.0, round(in->height * factor)), threads, out, error);
}

/* Color statistics of a picture for each region that takes part: stats[region_count]. Those of a
 * region without a pixel are the whole picture's. */
static nst_status region_colors(const nst_sources *s, const nst_image *image,
                                const nst_labels *labels, nst_color_stats *stats, nst_error *error)
{
    nst_image small = {0};
    float *share = NULL;
    nst_status status = shrink(image, s->threads, &small, error);
    size_t count = status == NST_OK ? nst_pixel_count(&small) : 0;
    if (status == NST_OK && labels->count && !(share = malloc(count * sizeof *share)))
        status = nst_fail_memory(error);
    for (int r = 0; r < region_count(s) && status == NST_OK; r++) {
        double sum = 0.0;
        if (share)
            status =
                nst_labels_share(labels, r, small.width, small.height, s->threads, share, error);
        for (size_t i = 0; share && status == NST_OK && i < count; i++)
            sum += (double)share[i];
        if (status == NST_OK)
            nst_color_measure(&small, sum > 0.0 ? share : NULL, &stats[r]);
    }
    free(share);
    nst_image_destroy(&small);
    return status;
}

/* The map of each region from the photo's colors to those of its styles. */
static nst_status color_maps(const nst_sources *s, nst_color_map maps[NST_REGIONS_MAX],
                             nst_error *error)
{
    int regions = region_count(s), count = s->inputs->style_count;
    nst_color_stats content[NST_REGIONS_MAX], one[NST_REGIONS_MAX];
    /* By region and style, so that the styles of a region lie together. */
    nst_color_stats *all = calloc((size_t)regions * (size_t)count, sizeof *all);
    double *weights = calloc((size_t)regions * (size_t)count, sizeof *weights);
    nst_status status = all && weights
                            ? region_colors(s, s->inputs->content, &s->labels, content, error)
                            : nst_fail_memory(error);
    for (int i = 0; i < count && status == NST_OK; i++) {
        const source *style = &s->styles[i];
        if (!(style->weight > 0.0))
            continue;
        status = region_colors(s, &style->image, &style->labels, one, error);
        for (int r = 0; r < regions && status == NST_OK; r++) {
            all[r * count + i] = one[r];
            weights[r * count + i] = style->regions >> r & 1 ? style->weight : 0.0;
        }
    }
    for (int r = 0; r < regions && status == NST_OK; r++) {
        nst_color_stats styles;
        nst_color_pool(all + r * count, weights + r * count, count, &styles);
        nst_color_map_between(&content[r], &styles, &maps[r]);
    }
    free(all);
    free(weights);
    return status;
}

static nst_status paint_in_style_colors(const nst_sources *s, nst_image *image, nst_error *error)
{
    nst_color_map maps[NST_REGIONS_MAX];
    float *shares = NULL;
    nst_status status = color_maps(s, maps, error);
    if (status == NST_OK && s->labels.count)
        status = share_planes(s, &s->labels, image->width, image->height, &shares, error);
    if (status == NST_OK)
        nst_color_apply(image, maps, shares, region_count(s));
    free(shares);
    return status;
}

bool nst_starts_at_content(const nst_options *options)
{
    /* Where the styles are in the photo's colors, the photo is in theirs. */
    return options->init == NST_INIT_CONTENT ||
           (options->init == NST_INIT_COLORS && options->color != NST_COLOR_STYLE);
}

nst_status nst_sources_start(const nst_sources *s, bool recolor, int width, int height,
                             nst_image *out, nst_error *error)
{
    const nst_image *from = s->inputs->content;
    if (s->options->init == NST_INIT_IMAGE)
        from = s->inputs->init;
    if (s->options->init == NST_INIT_STYLE) {
        int i = 0;
        while (!(s->styles[i].weight > 0.0)) /* nst_given_check made sure of one */
            i++;
        from = &s->styles[i].image;
    }
    nst_status status = nst_image_resize_here(from, width, height, s->threads, out, error);
    if (status == NST_OK && recolor && s->options->init == NST_INIT_COLORS &&
        !nst_starts_at_content(s->options))
        status = paint_in_style_colors(s, out, error);
    if (status == NST_OK && nst_objective_planes(s->options) == 1)
        nst_color_to_grey(out);
    return status;
}
