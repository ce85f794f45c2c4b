#include "serve/runs/painter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments/job_file.h"
#include "base/error.h"
#include "engine/run.h"
#include "hub/styles.h"
#include "observers/recorder.h"
#include "options/check.h"
#include "options/settings.h"
#include "serve/options_json.h"

struct nst_painter {
    const nst_serve_options *options;
    nst_shared *shared;
    nst_slots slots; /* one slot: a run has all threads */
};

struct nst_painting {
    nst_args args;
    nst_cancel *cancel;
};

nst_status nst_painter_create(const nst_serve_options *options, nst_painter **out, nst_error *error)
{
    nst_painter *painter = calloc(1, sizeof *painter);
    if (!painter)
        return nst_fail_memory(error);
    painter->options = options;
    nst_status status = nst_shared_create(&painter->shared, error);
    nst_slots_open(&painter->slots, 1);
    if (status == NST_OK)
        *out = painter;
    else
        nst_painter_destroy(painter);
    return status;
}

void nst_painter_destroy(nst_painter *painter)
{
    if (!painter)
        return;
    nst_slots_close(&painter->slots);
    nst_shared_destroy(painter->shared);
    free(painter);
}

/* ---- a request in the words of a job file ---------------------------------------------------- */

static nst_status check_keys(const cJSON *object, const char *where, const char *const *known,
                             nst_error *error)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        int found = 0;
        for (int i = 0; known[i]; i++)
            found |= strcmp(item->string, known[i]) == 0;
        if (!found || cJSON_GetObjectItemCaseSensitive(object, item->string) != item)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s%.60s: %s", where, item->string,
                            found ? "given twice" : "unknown key");
    }
    return NST_OK;
}

/* The path of a picture in the store. nst_store_hold has checked that it exists. */
static nst_status picture_path(const nst_store *store, const cJSON *item, const char *key,
                               char path[NST_SERVE_PATH], nst_error *error)
{
    if (!cJSON_IsString(item) || strlen(item->valuestring) != NST_ID_SIZE - 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected the id of a picture", key);
    nst_store_path(store, item->valuestring, path);
    return NST_OK;
}

static nst_status add_style(nst_store *store, const cJSON *style, cJSON *list, nst_error *error)
{
    static const char *const known[] = {"picture", "name", "weight", "region", NULL};
    char path[NST_SERVE_PATH], text[NST_SERVE_PATH + 64];
    const nst_known_style *known_style;
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(style, "name");
    const cJSON *weight = cJSON_GetObjectItemCaseSensitive(style, "weight");
    const cJSON *region = cJSON_GetObjectItemCaseSensitive(style, "region");
    nst_status status;
    if (!cJSON_IsObject(style))
        return nst_fail(error, NST_ERR_ARGUMENT, "styles: expected a list of objects");
    if ((status = check_keys(style, "styles: ", known, error)) != NST_OK)
        return status;
    if (name) {
        known_style = cJSON_IsString(name) ? nst_known_style_find(name->valuestring) : NULL;
        if (!known_style)
            return nst_fail(error, NST_ERR_ARGUMENT, "styles: there is no style %.60s",
                            cJSON_IsString(name) ? name->valuestring : "of that name");
        if ((status = nst_styles_path(known_style, path, error)) != NST_OK)
            return status;
    }
    if (!name && (status = picture_path(store, cJSON_GetObjectItemCaseSensitive(style, "picture"),
                                        "styles", path, error)) != NST_OK)
        return status;
    double share = weight ? weight->valuedouble : 1.0, number = region ? region->valuedouble : 0.0;
    if ((weight && !cJSON_IsNumber(weight)) || !(share >= 0.0 && share <= 1e6))
        return nst_fail(error, NST_ERR_ARGUMENT, "styles: weight: expected 0 to 1000000");
    if ((region && !cJSON_IsNumber(region)) || !(number >= 0.0 && number <= NST_REGIONS_MAX) ||
        trunc(number) != number)
        return nst_fail(error, NST_ERR_ARGUMENT, "styles: region: expected 0 to %d",
                        NST_REGIONS_MAX);
    if (number > 0.0)
        snprintf(text, sizeof text, "%s@%.0f:%.9g", path, number, share);
    else
        snprintf(text, sizeof text, "%s:%.9g", path, share);
    cJSON_AddItemToArray(list, cJSON_CreateString(text));
    return NST_OK;
}

static nst_status add_options(const cJSON *options, cJSON *job, nst_error *error)
{
    const cJSON *item;
    if (options && !cJSON_IsObject(options))
        return nst_fail(error, NST_ERR_ARGUMENT, "options: expected an object");
    cJSON_ArrayForEach(item, options)
    {
        if (!nst_options_may_set(item->string))
            return nst_fail(error, NST_ERR_ARGUMENT, "options.%.60s: not an option of a run",
                            item->string);
    }
    if (options)
        cJSON_AddItemToObject(job, "options", cJSON_Duplicate(options, 1));
    return NST_OK;
}

static nst_status make_job(nst_store *store, const cJSON *request, const char *output, cJSON *job,
                           nst_error *error)
{
    static const char *const known[] = {"photo", "styles", "mask", "options", NULL};
    char path[NST_SERVE_PATH];
    const cJSON *style, *styles = cJSON_GetObjectItemCaseSensitive(request, "styles");
    const cJSON *mask = cJSON_GetObjectItemCaseSensitive(request, "mask");
    nst_status status;
    if ((status = check_keys(request, "", known, error)) != NST_OK ||
        (status = picture_path(store, cJSON_GetObjectItemCaseSensitive(request, "photo"), "photo",
                               path, error)) != NST_OK)
        return status;
    cJSON_AddStringToObject(job, "content", path);
    if (!cJSON_IsArray(styles) || cJSON_GetArraySize(styles) == 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "styles: expected at least one");
    cJSON *list = cJSON_AddArrayToObject(job, "style");
    cJSON_ArrayForEach(style, styles)
    {
        if ((status = add_style(store, style, list, error)) != NST_OK)
            return status;
    }
    if (mask) {
        if ((status = picture_path(store, mask, "mask", path, error)) != NST_OK)
            return status;
        cJSON_AddStringToObject(job, "content-mask", path);
    }
    cJSON_AddStringToObject(job, "output", output);
    return add_options(cJSON_GetObjectItemCaseSensitive(request, "options"), job, error);
}

/* Messages begin with "request: ", which is left out for the client. */
static nst_status rephrase(const nst_error *cause, nst_error *error)
{
    static const char where[] = "request: ";
    size_t length = sizeof where - 1;
    nst_status status = cause->status == NST_ERR_FORMAT ? NST_ERR_ARGUMENT : cause->status;
    return nst_fail(error, status, "%s",
                    strncmp(cause->message, where, length) == 0 ? cause->message + length
                                                                : cause->message);
}

static nst_status apply(const nst_painter *painter, const cJSON *job, const char *record,
                        nst_args *args, nst_error *error)
{
    const nst_serve_options *o = painter->options;
    nst_error cause = {0};
    nst_status status = nst_args_default(args, &cause);
    if (status == NST_OK)
        status = nst_job_apply(job, "request", args, &cause);
    if (status != NST_OK)
        return rephrase(&cause, error);
    if (args->job.init)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "options.init: expected colors, content, noise or style");
    args->verbosity = -1;
    args->job.options.threads = o->threads;
    args->job.options.max_memory = o->run_memory;
    args->record = strdup(record);
    if (o->weights) {
        free(args->job.weights);
        args->job.weights = strdup(o->weights);
    }
    if (!args->record || (o->weights && !args->job.weights))
        return nst_fail_memory(error);
    status = nst_settings_check(args, false, &cause);
    return status == NST_OK ? NST_OK : rephrase(&cause, error);
}

nst_status nst_painting_create(nst_painter *painter, nst_store *store, const cJSON *request,
                               const char *output, const char *record, nst_painting **out,
                               nst_error *error)
{
    nst_painting *painting = calloc(1, sizeof *painting);
    cJSON *job = cJSON_CreateObject();
    nst_status status =
        painting && job ? nst_cancel_create(&painting->cancel, error) : nst_fail_memory(error);
    if (status == NST_OK)
        status = make_job(store, request, output, job, error);
    if (status == NST_OK)
        status = apply(painter, job, record, &painting->args, error);
    cJSON_Delete(job);
    if (status == NST_OK)
        *out = painting;
    else
        nst_painting_destroy(painting);
    return status;
}

void nst_painting_destroy(nst_painting *painting)
{
    if (!painting)
        return;
    nst_args_destroy(&painting->args);
    nst_cancel_destroy(painting->cancel);
    free(painting);
}

void nst_painting_stop(nst_painting *painting)
{
    nst_cancel_request(painting->cancel);
}

/* ---- a run ----------------------------------------------------------------------------------- */

typedef struct {
    nst_painting_hook hook;
    void *user;
} listener;

static void on_point(void *self, const nst_run_job *job, const nst_progress *progress)
{
    const listener *l = self;
    (void)job;
    l->hook(l->user, progress);
}

nst_status nst_painting_run(nst_painter *painter, nst_painting *painting, nst_painting_hook hook,
                            void *user, nst_painted *out, nst_error *error)
{
    listener l = {hook, user};
    nst_observers observers = {0};
    nst_result result = {0};
    nst_budget budget;
    const nst_run_job job = {.args = &painting->args};
    const nst_run_context context = {.shared = painter->shared,
                                     .slots = &painter->slots,
                                     .budget = &budget,
                                     .observers = &observers,
                                     .cancel = painting->cancel};
    nst_observers_add(&observers, nst_recorder_observer());
    nst_observers_add(&observers, (nst_observer){.self = &l, .point = on_point});
    nst_budget_open(&budget, painter->options->run_memory);
    nst_run(&context, &job, &result);
    nst_budget_close(&budget);
    nst_shared_trim(painter->shared, 0); /* the memory is free until the next run */
    *out = (nst_painted){.width = result.width,
                         .height = result.height,
                         .written = result.written,
                         .seconds = result.seconds,
                         .losses = result.losses};
    if (result.status == NST_OK)
        return NST_OK;
    return nst_fail(error, result.status, "%s", result.message);
}
