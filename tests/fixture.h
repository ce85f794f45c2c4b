/* Reading what tests/torch/problem.py writes: a problem, everything that an iteration of the
 * objective depends on, as lines of text; then the point x and, in a golden fixture, the gradient
 * there as computed by PyTorch in double. Colors are prepared as nst_stylize prepares them. */
#ifndef NST_TESTS_FIXTURE_H
#define NST_TESTS_FIXTURE_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/color.h"
#include "model/model.h"
#include "nst.h"
#include "seeded.h"
#include "style/objective.h"

enum { FIXTURE_STYLES_MAX = 4 };

typedef struct fixture {
    int width, height;
    char weights[1024]; /* path of a weights file; "" for seeded ones */
    uint64_t seed;      /* of seeded weights */
    char transform[16]; /* of seeded weights, "" if there are none */
    int widths[NST_LAYER_MAX], layers, wide[NST_LAYER_MAX];
    nst_options options;
    nst_image content, images[FIXTURE_STYLES_MAX];
    nst_scene_style styles[FIXTURE_STYLES_MAX]; /* but for their images */
    int style_count;
    int region_count;
    float *shares;                           /* of the content, or NULL */
    float *style_shares[FIXTURE_STYLES_MAX]; /* or NULL */
    nst_losses losses;                       /* golden */
    float *x;                                /* [planes][height][width] */
    float *gradient;                         /* golden, same shape; NULL in a mere problem */
} fixture;

static inline size_t fixture_pixels(const fixture *f)
{
    return (size_t)nst_objective_planes(&f->options) * (size_t)f->width * (size_t)f->height;
}

static inline void fixture_destroy(fixture *f)
{
    nst_image_destroy(&f->content);
    for (int i = 0; i < f->style_count; i++) {
        nst_image_destroy(&f->images[i]);
        free(f->style_shares[i]);
    }
    free(f->shares);
    free(f->x);
    free(f->gradient);
    memset(f, 0, sizeof *f);
}

static inline bool fixture_weights_line(fixture *f, char *text)
{
    int at = 0;
    if (strcmp(text, "slim") == 0) { /* the tests' own, small and trained */
        snprintf(f->weights, sizeof f->weights, "%s/models/vgg19-slim.safetensors", NST_TESTS_DIR);
        return true;
    }
    if (sscanf(text, "file %1023[^\n]", f->weights) == 1)
        return true;
    if (sscanf(text, "seeded %" SCNu64 " %15s%n", &f->seed, f->transform, &at) != 2)
        return false;
    for (char *end, *p = text + at; f->layers < NST_LAYER_MAX; p = end) {
        long width = strtol(p, &end, 10);
        if (end == p)
            break;
        f->widths[f->layers++] = (int)width;
    }
    return f->layers > 0;
}

static inline bool fixture_wide_line(fixture *f, const char *text)
{
    char name[16];
    int channels, layer;
    if (sscanf(text, "%15s %d", name, &channels) != 2 || (layer = nst_layer_find(name)) < 0)
        return false;
    f->wide[layer] = channels;
    return true;
}

static inline bool fixture_layer_line(const char *text, nst_layer_weight *list, int *count)
{
    char name[16];
    float weight;
    if (*count >= NST_LAYER_MAX || sscanf(text, "%15s %f", name, &weight) != 2)
        return false;
    list[(*count)++] = (nst_layer_weight){nst_layer_find(name), weight};
    return true;
}

static inline bool fixture_style_line(fixture *f, const char *text)
{
    uint64_t seed;
    int width, height, i = f->style_count;
    float weight;
    if (i >= FIXTURE_STYLES_MAX ||
        sscanf(text, "%" SCNu64 " %d %d %f", &seed, &width, &height, &weight) != 4 ||
        seeded_image(seed, width, height, &f->images[i], NULL) != NST_OK)
        return false;
    f->styles[i] = (nst_scene_style){
        NULL, (double)weight, (1u << f->region_count) - 1, NULL, 0, 0, NULL, NULL};
    f->style_count++;
    return true;
}

static inline float *fixture_shares(const fixture *f, uint64_t seed, int width, int height)
{
    float *shares =
        calloc((size_t)f->region_count * (size_t)width * (size_t)height, sizeof *shares);
    if (shares)
        seeded_shares(seed, f->region_count, width, height, shares);
    return shares;
}

static inline bool fixture_regions_line(fixture *f, const char *text)
{
    uint64_t seed;
    if (sscanf(text, "%" SCNu64 " %d", &seed, &f->region_count) != 2 || f->region_count < 1 ||
        f->region_count > NST_REGIONS_MAX || f->width < 1 || f->height < 1 || f->style_count > 0)
        return false;
    f->shares = fixture_shares(f, seed, f->width, f->height);
    return f->shares != NULL;
}

/* Which regions the last style is for, and the seed of its own shares, 0 for none. */
static inline bool fixture_style_regions_line(fixture *f, const char *text)
{
    uint64_t seed;
    int i = f->style_count - 1;
    if (i < 0 || sscanf(text, "%u %" SCNu64, &f->styles[i].regions, &seed) != 2)
        return false;
    if (seed)
        f->styles[i].shares = f->style_shares[i] =
            fixture_shares(f, seed, f->images[i].width, f->images[i].height);
    return !seed || f->styles[i].shares;
}

static inline void fixture_colors(fixture *f)
{
    nst_color_stats from, to;
    bool luma = f->options.color == NST_COLOR_LUMA;
    if (f->options.color == NST_COLOR_STYLE)
        return;
    if (luma)
        nst_color_to_grey(&f->content);
    nst_color_measure(&f->content, NULL, &to);
    for (int i = 0; i < f->style_count; i++) {
        if (luma)
            nst_color_to_grey(&f->images[i]);
        nst_color_measure(&f->images[i], NULL, &from);
        if (luma)
            nst_color_match_grey(&f->images[i], &from, &to);
        else
            nst_color_match(&f->images[i], &from, &to);
    }
}

/* One line of text, without its end. */
static inline bool fixture_line(fixture *f, char *line)
{
    nst_options *o = &f->options;
    nst_losses *l = &f->losses;
    uint64_t seed;
    char *text = strchr(line, ' ');
    if (!text)
        return false;
    *text++ = '\0';
    if (strcmp(line, "weights") == 0)
        return fixture_weights_line(f, text);
    if (strcmp(line, "size") == 0)
        return sscanf(text, "%d %d", &f->width, &f->height) == 2;
    if (strcmp(line, "content") == 0)
        return sscanf(text, "%" SCNu64, &seed) == 1 &&
               seeded_image(seed, f->width, f->height, &f->content, NULL) == NST_OK;
    if (strcmp(line, "style") == 0)
        return fixture_style_line(f, text);
    if (strcmp(line, "regions") == 0)
        return fixture_regions_line(f, text);
    if (strcmp(line, "style_regions") == 0)
        return fixture_style_regions_line(f, text);
    if (strcmp(line, "style_stat") == 0) {
        o->style_stat = strcmp(text, "w2") == 0           ? NST_STYLE_STAT_W2
                        : strcmp(text, "covariance") == 0 ? NST_STYLE_STAT_COVARIANCE
                                                          : NST_STYLE_STAT_GRAM;
        return true;
    }
    if (strcmp(line, "color") == 0) {
        o->color = strcmp(text, "luma") == 0    ? NST_COLOR_LUMA
                   : strcmp(text, "match") == 0 ? NST_COLOR_MATCH
                                                : NST_COLOR_STYLE;
        return true;
    }
    if (strcmp(line, "wide") == 0)
        return fixture_wide_line(f, text);
    if (strcmp(line, "content_layer") == 0)
        return fixture_layer_line(text, o->content_layers, &o->content_layer_count);
    if (strcmp(line, "style_layer") == 0)
        return fixture_layer_line(text, o->style_layers, &o->style_layer_count);
    if (strcmp(line, "pooling") == 0) {
        o->pooling = strcmp(text, "max") == 0   ? NST_POOLING_MAX
                     : strcmp(text, "avg") == 0 ? NST_POOLING_AVG
                                                : NST_POOLING_MODEL;
        return true;
    }
    if (strcmp(line, "factors") == 0)
        return sscanf(text, "%f %f %f", &o->content_weight, &o->style_weight, &o->tv_weight) == 3;
    if (strcmp(line, "losses") == 0)
        return sscanf(text, "%lf %lf %lf %lf", &l->content, &l->style, &l->tv, &l->total) == 4;
    return false;
}

static inline bool fixture_floats(const fixture *f, FILE *file, float **out)
{
    *out = calloc(fixture_pixels(f), sizeof **out);
    return *out && fread(*out, sizeof **out, fixture_pixels(f), file) == fixture_pixels(f);
}

/* Read a problem or golden fixture; false, with a line on stderr, when it is not one. */
static inline bool fixture_read(const char *path, fixture *f)
{
    char line[2048];
    bool data = false, ok = false;
    FILE *file = fopen(path, "rb");

    *f = (fixture){.region_count = 1};
    nst_options_default(&f->options);
    f->options.content_layer_count = f->options.style_layer_count = 0;
    if (!file)
        goto cleanup;
    while (!data && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        data = strcmp(line, "data") == 0;
        if (!data && !fixture_line(f, line))
            goto cleanup;
    }
    ok = data && f->width > 0 && f->height > 0 && fixture_floats(f, file, &f->x) &&
         (!(f->losses.total > 0.0) || fixture_floats(f, file, &f->gradient)) && fgetc(file) == EOF;
    if (ok)
        fixture_colors(f);
cleanup:
    if (file)
        fclose(file);
    if (!ok) {
        fprintf(stderr, "%s: not a readable fixture\n", path);
        fixture_destroy(f);
    }
    return ok;
}

/* The fixture's model; seeded weights go through a file in `folder`, which is removed again. */
static inline nst_status fixture_model(const fixture *f, const char *folder,
                                       nst_conv_algorithm algorithm, nst_model **out,
                                       nst_error *error)
{
    char path[1200];
    nst_status status;
    if (!f->transform[0])
        return nst_model_open_with(f->weights[0] ? f->weights : NULL, algorithm, out, error);
    snprintf(path, sizeof path, "%s/seeded.safetensors", folder);
    status = NST_ERR_IO;
    if (seeded_weights_write(path, f->seed, f->widths, f->layers, f->wide, f->transform))
        status = nst_model_open_with(path, algorithm, out, error);
    remove(path);
    return status;
}

static inline nst_status fixture_objective_by(const fixture *f, const nst_model *model,
                                              nst_plan plan, int threads, nst_objective **out,
                                              nst_error *error)
{
    nst_status status = nst_options_check(&f->options, model, error);
    if (status != NST_OK)
        return status;
    nst_scene_style styles[FIXTURE_STYLES_MAX];
    for (int i = 0; i < f->style_count; i++) {
        styles[i] = f->styles[i];
        styles[i].image = &f->images[i];
    }
    const nst_scene scene = {.content = &f->content,
                             .region_count = f->region_count,
                             .shares = f->shares,
                             .styles = styles,
                             .style_count = f->style_count,
                             .plan = plan};
    return nst_objective_create(model, &f->options, &scene, threads, out, error);
}

static inline nst_status fixture_objective(const fixture *f, const nst_model *model, int threads,
                                           nst_objective **out, nst_error *error)
{
    return fixture_objective_by(f, model, (nst_plan){0}, threads, out, error);
}

#endif
