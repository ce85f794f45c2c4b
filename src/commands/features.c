/* nst features: the features of a picture, drawn as pictures. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments/usage.h"
#include "base/error.h"
#include "commands/command.h"
#include "files/path.h"
#include "hub/chosen.h"
#include "hub/models.h"
#include "pictures/look.h"
#include "pictures/sheet.h"
#include "pictures/target.h"
#include "util/say.h"

enum { COUNT_MAX = 65536, TILE_MIN = 8, TILE_MAX = 2048 };

typedef struct {
    const char *picture, *layer_name, *weights;
    int layer, count, tile;
    nst_options options; /* size, threads and max_memory only */
    nst_target sheet, gram;
    char sheet_name[PATH_MAX]; /* when none is given */
    bool quiet, help;
} request;

/* ---- the work -------------------------------------------------------------------------------- */

static nst_status draw(const request *r, const nst_features *f, nst_error *error)
{
    nst_image sheet = {0}, heat = {0};
    int count = r->count > 0 && r->count < f->channels ? r->count : f->channels, silent = 0;
    nst_strength *ranking = calloc((size_t)f->channels, sizeof *ranking);
    nst_status status;
    if (!ranking)
        return nst_fail_memory(error);
    nst_features_rank(f, ranking);
    if ((status = nst_sheet_draw(f, ranking, count, r->tile, r->options.threads, &sheet, error)) !=
            NST_OK ||
        (r->gram.path && (status = nst_heat_draw(f, &heat, error)) != NST_OK) ||
        (status = nst_target_write(&r->sheet, &sheet, error)) != NST_OK ||
        (r->gram.path && (status = nst_target_write(&r->gram, &heat, error)) != NST_OK))
        goto cleanup;
    for (int i = 0; i < f->channels; i++)
        silent += !(ranking[i].mean > 0.0);
    if (!r->quiet)
        nst_say("%s: %d of %d maps of %dx%d at %s, strongest %d, silent %d",
                nst_path_output_name(r->sheet.path), count, f->channels, f->width, f->height,
                r->layer_name, ranking[0].channel, silent);
cleanup:
    nst_image_destroy(&sheet);
    nst_image_destroy(&heat);
    free(ranking);
    return status;
}

typedef struct {
    const request *request;
    const nst_model *model;
} task;

/* The cost of finding features and drawing them, as nst_look_cost. */
static uint64_t cost(const void *user, int width, int height)
{
    const task *t = user;
    const request *r = t->request;
    nst_model_info info;
    nst_model_describe(t->model, &info, sizeof info);
    /* "relu3_1" has been pooled twice. */
    int poolings = nst_layer_name(r->layer)[strlen("relu")] - '1';
    nst_features f = {.channels = info.wide[r->layer] ? info.wide[r->layer] : info.widths[r->layer],
                      .width = width >> poolings,
                      .height = height >> poolings};
    uint64_t looking = nst_look_bytes(t->model, width, height, 1u << r->layer, r->options.threads);
    if (looking == 0 || f.channels < 1)
        return 0;
    uint64_t channels = (uint64_t)f.channels;
    uint64_t result =
        sizeof(float) * channels * ((uint64_t)f.width * (uint64_t)f.height + channels);
    uint64_t drawing =
        nst_sheet_bytes(&f, r->count, r->tile) + (r->gram.path ? nst_heat_bytes(f.channels) : 0);
    return result + nst_look_model_bytes(t->model, 1u << r->layer) +
           (looking > drawing ? looking : drawing);
}

static nst_status draw_features(const request *r, nst_error *error)
{
    nst_image picture = {0};
    nst_model *model = NULL;
    nst_features features = {0};
    nst_error cause = {0};
    nst_look pictures;
    char *weights;
    nst_status status = nst_models_locate(r->weights, &weights, error);
    const char *const inputs[] = {r->picture, weights, NULL};
    if (status != NST_OK || (status = nst_target_check(&r->sheet, inputs, error)) != NST_OK ||
        (r->gram.path && (status = nst_target_check(&r->gram, inputs, error)) != NST_OK) ||
        (status = nst_model_open(weights, &model, error)) != NST_OK)
        goto cleanup;
    const task this_one = {r, model};
    nst_look_begin(&pictures, &r->options);
    if ((status = nst_look_read(&pictures, r->picture, false, &picture, error)) != NST_OK)
        goto cleanup;
    if ((status = nst_look_fits(&pictures, cost, &this_one, picture.width, picture.height,
                                &cause)) != NST_OK ||
        (status = nst_features_create(model, &picture, r->layer, r->options.threads, &features,
                                      &cause)) != NST_OK) {
        nst_fail(error, status, "%s: %s", r->picture, cause.message);
        goto cleanup;
    }
    nst_look_drop(&pictures, &picture);
    status = draw(r, &features, error);
cleanup:
    free(weights);
    nst_features_destroy(&features);
    nst_model_close(model);
    nst_image_destroy(&picture);
    return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

/* photos/cat.jpg at relu3_1 goes to cat.relu3_1.png here. */
static nst_status name_sheet(request *r, nst_error *error)
{
    const char *name = nst_path_base(r->picture);
    int length = (int)(nst_path_extension(r->picture) - name);
    if (nst_path_is_standard(r->picture))
        return nst_fail(error, NST_ERR_ARGUMENT, "no output given: -o FILE");
    if (snprintf(r->sheet_name, sizeof r->sheet_name, "%.*s.%s.png", length, name, r->layer_name) >=
        (int)sizeof r->sheet_name)
        return nst_fail(error, NST_ERR_ARGUMENT, "the name of the picture is too long");
    r->sheet.path = r->sheet_name;
    return NST_OK;
}

static nst_status check(request *r, char **operands, int count, nst_error *error)
{
    nst_status status = NST_OK;
    if (r->help)
        return NST_OK;
    if (count != 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected one picture, got %d", count);
    r->picture = operands[0];
    r->layer = nst_layer_find(r->layer_name);
    if (r->layer < 0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--layer %s: there is no such layer; expected relu1_1 to relu5_4",
                        r->layer_name);
    if ((!r->sheet.path && (status = name_sheet(r, error)) != NST_OK) ||
        (status = nst_target_parse(&r->sheet, error)) != NST_OK || !r->gram.path)
        return status;
    if (strcmp(r->sheet.path, r->gram.path) == 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the sheet and the Gram matrix",
                        r->gram.path);
    return nst_target_parse(&r->gram, error);
}

int nst_command_features(int argc, char **argv)
{
    char chosen[NST_CHOSEN_MAX];
    request r = {.layer_name = "relu3_1",
                 .weights = chosen,
                 .tile = 96,
                 .sheet = {.option = "output"},
                 .gram = {.option = "gram"}};
    nst_options_default(&r.options);
    r.options.size = NST_LOOK_SIZE_DEFAULT;
    const nst_flag flags[] = {
        {"layer", 'l', "NAME", "the layer, relu1_1 to relu5_4 (default relu3_1)", NST_FLAG_TEXT,
         &r.layer_name, 0, 0},
        {"output", 'o', "FILE",
         "the contact sheet; - is standard output (default PICTURE.LAYER.png, here)", NST_FLAG_TEXT,
         &r.sheet.path, 0, 0},
        {"gram", 0, "FILE", "also draw the layer's Gram matrix as a heat map", NST_FLAG_TEXT,
         &r.gram.path, 0, 0},
        {"count", 0, "N", "draw only the N strongest maps; 0 draws all (default 0)", NST_FLAG_INT,
         &r.count, 0, COUNT_MAX},
        {"tile", 0, "N", "longest side of a map in the sheet in pixels (default 96)", NST_FLAG_INT,
         &r.tile, TILE_MIN, TILE_MAX},
        {"size", 'S', "N|full",
         "longest side of the picture for the network; full is its own (default 512, or its own if "
         "that is less)",
         NST_FLAG_SIZE, &r.options.size, NST_SIZE_MIN, NST_SIZE_MAX},
        {"weights", 'w', "NAME|FILE", "the network, as for nst (default what nst uses)",
         NST_FLAG_TEXT, &r.weights, 0, 0},
        {"threads", 'j', "N", "threads; 0 takes all cores (default 0)", NST_FLAG_INT,
         &r.options.threads, 0, NST_THREADS_MAX},
        {"max-memory", 0, "SIZE", NST_LOOK_MEMORY_HELP, NST_FLAG_BYTES, &r.options.max_memory, 0,
         0},
        {"quiet", 'q', NULL, "print only errors", NST_FLAG_ON, &r.quiet, 0, 0},
        {"help", 'h', NULL, "print this", NST_FLAG_ON, &r.help, 0, 0},
        {0},
    };
    const nst_usage usage = {
        "features", "PICTURE [options]",
        "Draw what the network finds in a picture at one layer: all feature maps\n"
        "on a sheet, strongest first, with their channel numbers.\n\n"
        "Example:\n"
        "  nst features cat.jpg --layer relu4_1 -o sheet.png\n",
        flags};
    nst_error error = {0};
    char **operands;
    int count;
    if (nst_usage_read(&usage, argc, argv, &operands, &count, &error) != NST_OK ||
        (r.weights == chosen && nst_chosen_get(chosen, &error) != NST_OK) ||
        check(&r, operands, count, &error) != NST_OK)
        return nst_usage_wrong(&usage, &error);
    if (r.help)
        nst_usage_print(&usage, &error);
    else
        draw_features(&r, &error);
    return nst_usage_done(&usage, &error);
}
