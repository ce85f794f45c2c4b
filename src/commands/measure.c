/* nst measure: how much of a photo and a painting there is in pictures of any program. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments/help.h"
#include "arguments/usage.h"
#include "base/error.h"
#include "commands/command.h"
#include "files/output.h"
#include "files/path.h"
#include "hub/chosen.h"
#include "hub/models.h"
#include "hub/styles.h"
#include "imageio/imageio.h"
#include "pictures/look.h"
#include "pictures/statistics.h"
#include "results/json.h"
#include "values/layer_list.h"

typedef struct {
    const char *content, *style, *weights, *layer_list, *basis, *make_basis;
    char **pictures;
    int picture_count;
    nst_options options; /* size, threads and max_memory only */
    bool json, help;
} request;

/* One picture, measured. */
typedef struct {
    const char *path;
    int width, height; /* at which it was measured */
    nst_measurement network;
    double color_content, color_style; /* color distances */
    double detail;                     /* relative to the style's; NAN when that has none */
    nst_effectiveness effectiveness;   /* with a basis */
} row;

typedef struct {
    const request *request;
    nst_model *model;
    nst_basis *basis;         /* or NULL */
    nst_look look;            /* the memory for pictures */
    nst_image content, style; /* as in their files, or reduced to about twice the size needed */
    unsigned layers;
    row *rows;
} work;

/* Fine detail below this is rounding: it is a few thousandths of a level. */
static const double FLAT = 1e-10;

/* ---- measuring ------------------------------------------------------------------------------- */

/* The layers that were asked for, or the usual ones as far as the model has them. */
static nst_status choose_layers(work *w, nst_error *error)
{
    static const char usual[] = "relu1_1,relu2_1,relu3_1,relu4_1,relu4_2,relu5_1";
    const char *asked = w->request->layer_list;
    nst_layer_weight list[NST_LAYER_MAX];
    nst_model_info info;
    int count = 0;
    nst_status status = nst_layers_parse("--layers", asked ? asked : usual, list, &count, error);
    if (status != NST_OK)
        return status;
    nst_model_describe(w->model, &info, sizeof info);
    for (int i = 0; i < count; i++) {
        int layer = list[i].layer;
        if (info.widths[layer] > 0)
            w->layers |= 1u << layer;
        else if (asked)
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--layers: %s is not in the model, a %s whose deepest layer is %s",
                            nst_layer_name(layer), info.network, nst_layer_name(info.layers - 1));
    }
    return NST_OK;
}

static const char *const effectiveness_layers[NST_BASIS_LAYERS] = {"relu1_1", "relu2_1", "relu3_1",
                                                                   "relu4_1", "relu5_1"};

static unsigned basis_layers(void)
{
    unsigned layers = 0;
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        layers |= 1u << nst_layer_find(effectiveness_layers[i]);
    return layers;
}

/* The style has its longest side as long as the picture's. */
static void size_of_style(const work *w, int width, int height, int *out_width, int *out_height)
{
    nst_options fit = w->request->options;
    fit.size = width > height ? width : height;
    nst_result_size(&fit, w->style.width, w->style.height, out_width, out_height);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* The cost of measure_at, as nst_look_cost. */
static uint64_t cost_of_measuring(const void *user, int width, int height)
{
    const work *w = user;
    int style_width, style_height, threads = w->request->options.threads;
    size_of_style(w, width, height, &style_width, &style_height);
    uint64_t picture = nst_look_bytes(w->model, width, height, w->layers, threads);
    uint64_t style = nst_look_bytes(w->model, style_width, style_height, w->layers, threads);
    uint64_t bytes = picture + larger(picture, style);
    unsigned basis = w->basis ? basis_layers() : 0;
    if (w->basis) {
        bytes = larger(bytes, nst_look_bytes(w->model, width, height, basis, threads));
        bytes = larger(bytes, nst_look_bytes(w->model, style_width, style_height, basis, threads));
    }
    return bytes + nst_look_model_bytes(w->model, w->layers | basis) +
           nst_look_image_bytes(width, height, w->content.alpha != NULL) +
           nst_look_image_bytes(style_width, style_height, w->style.alpha != NULL);
}

/* Measure a picture, with the content resized to its size and the style to its longest side, as
 * when a picture is painted. */
static nst_status measure_at(const work *w, const nst_image *picture, row *out, nst_error *error)
{
    const nst_options *options = &w->request->options;
    nst_image content = {0}, style = {0};
    int width, height;
    size_of_style(w, picture->width, picture->height, &width, &height);
    nst_status status =
        nst_look_fits(&w->look, cost_of_measuring, w, picture->width, picture->height, error);
    if (status != NST_OK)
        return status;
    if ((status = nst_image_resize(&w->style, width, height, options->threads, &style, error)) !=
            NST_OK ||
        (status = nst_image_resize(&w->content, picture->width, picture->height, options->threads,
                                   &content, error)) != NST_OK ||
        (status = nst_measure(w->model, picture, &content, &style, w->layers, options->threads,
                              &out->network, error)) != NST_OK ||
        (w->basis &&
         (status = nst_measure_effectiveness(w->basis, picture, &style, options->threads,
                                             &out->effectiveness, error)) != NST_OK))
        goto cleanup;
    out->width = picture->width;
    out->height = picture->height;
    out->color_content = nst_color_distance(picture, &content);
    out->color_style = nst_color_distance(picture, &style);
    double finest = nst_fine_detail(&style);
    out->detail = finest > FLAT ? nst_fine_detail(picture) / finest : NAN;
cleanup:
    nst_image_destroy(&content);
    nst_image_destroy(&style);
    return status;
}

static nst_status measure_file(work *w, const char *path, row *out, nst_error *error)
{
    nst_image picture = {0};
    nst_error cause = {0};
    nst_status status = nst_look_read(&w->look, path, false, &picture, error);
    if (status != NST_OK)
        return status;
    if ((status = measure_at(w, &picture, out, &cause)) != NST_OK)
        nst_fail(error, status, "%s: %s", path, cause.message);
    out->path = path;
    nst_look_drop(&w->look, &picture);
    return status;
}

/* ---- the answer ------------------------------------------------------------------------------ */

enum { LABEL_WIDTH = 26, COLUMN_WIDTH = 12 };

static int column_width(const row *r)
{
    int length = (int)strlen(r->path) + 2;
    return length > COLUMN_WIDTH ? length : COLUMN_WIDTH;
}

/* Print one field of every row; `field` is its offset. */
static void print_line(const work *w, const char *label, size_t field)
{
    printf("%-*s", LABEL_WIDTH, label);
    for (int i = 0; i < w->request->picture_count; i++) {
        double value;
        memcpy(&value, (const char *)&w->rows[i] + field, sizeof value);
        if (isnan(value))
            printf("%*s", column_width(&w->rows[i]), "-");
        else
            printf("%*.5f", column_width(&w->rows[i]), value);
    }
    putchar('\n');
}

static void print_layers(const work *w, const char *what, size_t field)
{
    char label[64];
    for (size_t l = 0; l < NST_LAYER_MAX; l++)
        if (w->layers >> l & 1) {
            snprintf(label, sizeof label, "%s distance, %s", what, nst_layer_name((int)l));
            print_line(w, label, field + l * sizeof(double));
        }
}

static void print_effectiveness(const work *w)
{
    char label[64];
    for (size_t i = 0; i < NST_BASIS_LAYERS; i++) {
        snprintf(label, sizeof label, "effectiveness, %s", effectiveness_layers[i]);
        print_line(w, label, offsetof(row, effectiveness.layers) + i * sizeof(double));
    }
    print_line(w, "effectiveness, E", offsetof(row, effectiveness.total));
}

static void print_table(const work *w)
{
    const row *rows = w->rows;
    char size[32];
    printf("%*s", LABEL_WIDTH, "");
    for (int i = 0; i < w->request->picture_count; i++) {
        printf("%*s", column_width(&rows[i]) - (int)strlen(rows[i].path), "");
        for (const char *c = rows[i].path; *c; c++)
            putchar((unsigned char)*c < ' ' || *c == 127 ? '?' : *c);
    }
    printf("\n%-*s", LABEL_WIDTH, "size");
    for (int i = 0; i < w->request->picture_count; i++) {
        snprintf(size, sizeof size, "%dx%d", rows[i].width, rows[i].height);
        printf("%*s", column_width(&rows[i]), size);
    }
    putchar('\n');
    print_layers(w, "content", offsetof(row, network.content));
    print_layers(w, "style", offsetof(row, network.style));
    if (w->basis)
        print_effectiveness(w);
    print_line(w, "total variation", offsetof(row, network.tv));
    print_line(w, "colors to content", offsetof(row, color_content));
    print_line(w, "colors to style", offsetof(row, color_style));
    print_line(w, "fine detail / style's", offsetof(row, detail));
}

/* Functions from here to print_json that return bool return false when memory has run out. */
static bool add_layers(cJSON *object, unsigned layers, const double *values)
{
    bool ok = object != NULL;
    for (int l = 0; l < NST_LAYER_MAX; l++)
        if (layers >> l & 1)
            ok = ok && cJSON_AddNumberToObject(object, nst_layer_name(l), values[l]);
    return ok;
}

static bool add_effectiveness(cJSON *object, const nst_effectiveness *e)
{
    bool ok = object != NULL;
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        ok = ok && cJSON_AddNumberToObject(object, effectiveness_layers[i], e->layers[i]);
    return ok && cJSON_AddNumberToObject(object, "E", e->total); /* NAN is null */
}

static bool add_row(cJSON *array, const work *w, const row *r)
{
    cJSON *object = cJSON_CreateObject();
    if (!object || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    return cJSON_AddStringToObject(object, "picture", r->path) &&
           cJSON_AddNumberToObject(object, "width", r->width) &&
           cJSON_AddNumberToObject(object, "height", r->height) &&
           add_layers(cJSON_AddObjectToObject(object, "content-distance"), w->layers,
                      r->network.content) &&
           add_layers(cJSON_AddObjectToObject(object, "style-distance"), w->layers,
                      r->network.style) &&
           (!w->basis || add_effectiveness(cJSON_AddObjectToObject(object, "effectiveness"),
                                           &r->effectiveness)) &&
           cJSON_AddNumberToObject(object, "total-variation", r->network.tv) &&
           cJSON_AddNumberToObject(object, "colors-to-content", r->color_content) &&
           cJSON_AddNumberToObject(object, "colors-to-style", r->color_style) &&
           cJSON_AddNumberToObject(object, "fine-detail", r->detail); /* NAN is null */
}

static nst_status print_json(const work *w, nst_error *error)
{
    const request *r = w->request;
    cJSON *json = cJSON_CreateObject(), *array = NULL;
    bool ok = json && cJSON_AddStringToObject(json, "content", r->content) &&
              cJSON_AddStringToObject(json, "style", r->style) &&
              cJSON_AddStringToObject(json, "weights", r->weights) &&
              (array = cJSON_AddArrayToObject(json, "pictures"));
    for (int i = 0; i < r->picture_count; i++)
        ok = ok && add_row(array, w, &w->rows[i]);
    return nst_json_print(json, ok, error);
}

static nst_status measure(const request *r, nst_error *error)
{
    work w = {.request = r, .rows = calloc((size_t)r->picture_count, sizeof *w.rows)};
    nst_status status = NST_OK;
    if (!w.rows)
        return nst_fail_memory(error);
    if ((status = nst_styles_check(r->style, error)) != NST_OK ||
        (status = nst_models_open(r->weights, &w.model, error)) != NST_OK ||
        (status = choose_layers(&w, error)) != NST_OK ||
        (r->basis && (status = nst_basis_open(r->basis, w.model, &w.basis, error)) != NST_OK))
        goto cleanup;
    nst_look_begin(&w.look, &r->options);
    if ((status = nst_look_read(&w.look, r->content, true, &w.content, error)) != NST_OK ||
        (status = nst_look_read(&w.look, r->style, true, &w.style, error)) != NST_OK)
        goto cleanup;
    for (int i = 0; i < r->picture_count; i++)
        if ((status = measure_file(&w, r->pictures[i], &w.rows[i], error)) != NST_OK)
            goto cleanup;
    if (!r->json)
        print_table(&w);
    else if ((status = print_json(&w, error)) != NST_OK)
        goto cleanup;
    status = nst_help_finish(error);
cleanup:
    nst_basis_close(w.basis);
    nst_model_close(w.model);
    nst_image_destroy(&w.content);
    nst_image_destroy(&w.style);
    free(w.rows);
    return status;
}

/* ---- a basis --------------------------------------------------------------------------------- */

/* The cost of nst_basis_add, as nst_look_cost. */
static uint64_t cost_of_learning(const void *user, int width, int height)
{
    const work *w = user;
    return nst_look_model_bytes(w->model, basis_layers()) +
           nst_look_bytes(w->model, width, height, basis_layers(), w->request->options.threads);
}

static nst_status learn_file(work *w, const char *path, nst_error *error)
{
    nst_image photo = {0};
    nst_error cause = {0};
    nst_status status = nst_look_read(&w->look, path, false, &photo, error);
    if (status != NST_OK)
        return status;
    status = nst_look_fits(&w->look, cost_of_learning, w, photo.width, photo.height, &cause);
    if (status == NST_OK)
        status = nst_basis_add(w->basis, &photo, w->request->options.threads, &cause);
    if (status != NST_OK)
        nst_fail(error, status, "%s: %s", path, cause.message);
    nst_look_drop(&w->look, &photo);
    return status;
}

static nst_status make_basis(const request *r, nst_error *error)
{
    work w = {.request = r};
    unsigned char *bytes = NULL;
    size_t size;
    nst_status status;
    if ((status = nst_output_check(r->make_basis, error)) != NST_OK ||
        (status = nst_models_open(r->weights, &w.model, error)) != NST_OK ||
        (status = nst_basis_begin(w.model, &w.basis, error)) != NST_OK)
        goto cleanup;
    nst_look_begin(&w.look, &r->options);
    for (int i = 0; i < r->picture_count && status == NST_OK; i++)
        status = learn_file(&w, r->pictures[i], error);
    if (status == NST_OK && (status = nst_basis_encode(w.basis, &bytes, &size, error)) == NST_OK)
        status = nst_output_write(r->make_basis, bytes, size, error);
cleanup:
    free(bytes);
    nst_basis_close(w.basis);
    nst_model_close(w.model);
    return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

static nst_status check(const request *r, nst_error *error)
{
    nst_layer_weight list[NST_LAYER_MAX];
    int count = 0, from_pipe = 0;
    if (r->help)
        return NST_OK;
    if (r->make_basis) {
        if (r->content || r->style || r->basis || r->layer_list || r->json)
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--make-basis measures nothing: expected photos, --size, --weights, "
                            "--threads and --max-memory");
        return r->picture_count > 0
                   ? NST_OK
                   : nst_fail(error, NST_ERR_ARGUMENT, "--make-basis: no photos given");
    }
    if (!r->content || !r->style)
        return nst_fail(error, NST_ERR_ARGUMENT, "no %s given: %s FILE",
                        r->content ? "painting" : "photo", r->content ? "-s" : "-c");
    if (r->picture_count == 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "no picture to measure given");
    from_pipe = (nst_path_is_standard(r->content)) + (nst_path_is_standard(r->style));
    for (int i = 0; i < r->picture_count; i++)
        from_pipe += strcmp(r->pictures[i], "-") == 0;
    if (from_pipe > 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "standard input (-) can be only one picture");
    if (!r->layer_list)
        return NST_OK;
    if (strchr(r->layer_list, ':'))
        return nst_fail(error, NST_ERR_ARGUMENT, "--layers %s: expected layers without weights",
                        r->layer_list);
    return nst_layers_parse("--layers", r->layer_list, list, &count, error);
}

int nst_command_measure(int argc, char **argv)
{
    char chosen[NST_CHOSEN_MAX];
    request r = {.weights = chosen};
    char known[PATH_MAX];
    nst_options_default(&r.options);
    r.options.size = NST_LOOK_SIZE_DEFAULT;
    const nst_flag flags[] = {
        {"content", 'c', "FILE", "the photo", NST_FLAG_TEXT, &r.content, 0, 0},
        {"style", 's', "FILE", "the painting, or the name of one that nst styles lists",
         NST_FLAG_TEXT, &r.style, 0, 0},
        {"size", 'S', "N|full",
         "longest side at which each picture is measured; full is its own (default 512, or its own "
         "if that is less)",
         NST_FLAG_SIZE, &r.options.size, NST_SIZE_MIN, NST_SIZE_MAX},
        {"layers", 0, "LIST",
         "layers to measure at, relu1_1 to relu5_4 (default the first of each block and relu4_2)",
         NST_FLAG_TEXT, &r.layer_list, 0, 0},
        {"weights", 'w', "NAME|FILE", "the network, as for nst (default what nst uses)",
         NST_FLAG_TEXT, &r.weights, 0, 0},
        {"basis", 0, "FILE", "also print the effectiveness E, by this basis of photographs",
         NST_FLAG_TEXT, &r.basis, 0, 0},
        {"make-basis", 0, "FILE", "make a basis from photographs and write it to FILE",
         NST_FLAG_TEXT, &r.make_basis, 0, 0},
        {"json", 0, NULL, "print the numbers as a JSON object", NST_FLAG_ON, &r.json, 0, 0},
        {"threads", 'j', "N", "threads; 0 takes all cores (default 0)", NST_FLAG_INT,
         &r.options.threads, 0, NST_THREADS_MAX},
        {"max-memory", 0, "SIZE", NST_LOOK_MEMORY_HELP, NST_FLAG_BYTES, &r.options.max_memory, 0,
         0},
        {"help", 'h', NULL, "print this", NST_FLAG_ON, &r.help, 0, 0},
        {0},
    };
    const nst_usage usage = {
        "measure",
        "-c PHOTO -s PAINTING PICTURE... [options]\n"
        "       nst measure --make-basis FILE PHOTO... [-w WEIGHTS]",
        "Say how much of a photo and how much of a painting there is in pictures,\n"
        "whatever program made them: distances between features of the network, layer by\n"
        "layer (0: the same), smoothness, colors, fine detail.\n\n"
        "Example:\n"
        "  nst measure -c cat.jpg -s waves.jpg out.png other.png\n",
        flags};
    nst_error error = {0};
    if (nst_usage_read(&usage, argc, argv, &r.pictures, &r.picture_count, &error) != NST_OK ||
        (r.weights == chosen && nst_chosen_get(chosen, &error) != NST_OK) ||
        check(&r, &error) != NST_OK)
        return nst_usage_wrong(&usage, &error);
    if (r.style)
        r.style = nst_styles_locate(r.style, known);
    if (r.help)
        nst_usage_print(&usage, &error);
    else if (r.make_basis)
        make_basis(&r, &error);
    else
        measure(&r, &error);
    return nst_usage_done(&usage, &error);
}
