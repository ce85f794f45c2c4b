/* Reading what tests/torch/problem.py writes: a problem, everything that an evaluation of the
 * objective depends on, as lines of text; then the point x and, in a golden fixture, the gradient
 * there as computed by PyTorch in double. */
#ifndef NST_TESTS_FIXTURE_H
#define NST_TESTS_FIXTURE_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "nst.h"
#include "seeded.h"
#include "style/objective.h"

enum { FIXTURE_STYLES_MAX = 4 };

typedef struct fixture {
    int width, height;
    char weights[1024]; /* path of a weights file; "" for the bundled one or seeded ones */
    uint64_t seed;      /* of seeded weights */
    char transform[16]; /* of seeded weights, "" if there are none */
    int widths[NST_LAYER_MAX], layers;
    nst_options options;
    nst_image content, styles[FIXTURE_STYLES_MAX];
    float blend[FIXTURE_STYLES_MAX];
    int style_count;
    nst_losses losses; /* golden */
    float *x;          /* [3][height][width] */
    float *gradient;   /* golden, same shape; NULL in a mere problem */
} fixture;

static inline size_t fixture_pixels(const fixture *f)
{
    return 3 * (size_t)f->width * (size_t)f->height;
}

static inline void fixture_destroy(fixture *f)
{
    nst_image_destroy(&f->content);
    for (int i = 0; i < f->style_count; i++)
        nst_image_destroy(&f->styles[i]);
    free(f->x);
    free(f->gradient);
    memset(f, 0, sizeof *f);
}

static inline bool fixture_weights_line(fixture *f, char *text)
{
    int at = 0;
    if (strcmp(text, "bundled") == 0)
        return true;
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
    if (i >= FIXTURE_STYLES_MAX ||
        sscanf(text, "%" SCNu64 " %d %d %f", &seed, &width, &height, &f->blend[i]) != 4 ||
        seeded_image(seed, width, height, &f->styles[i], NULL) != NST_OK)
        return false;
    f->style_count++;
    return true;
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

    *f = (fixture){0};
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
    if (seeded_weights_write(path, f->seed, f->widths, f->layers, f->transform))
        status = nst_model_open_with(path, algorithm, out, error);
    remove(path);
    return status;
}

static inline nst_status fixture_objective(const fixture *f, const nst_model *model, int threads,
                                           nst_objective **out, nst_error *error)
{
    nst_status status = nst_options_check(&f->options, model, error);
    if (status != NST_OK)
        return status;
    return nst_objective_create(model, &f->options, &f->content, f->styles, f->blend,
                                f->style_count, threads, out, error);
}

#endif
