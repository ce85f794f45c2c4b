#include "serve/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "hub/styles.h"
#include "imageio/format.h"
#include "serve/events.h"
#include "serve/options_json.h"
#include "serve/page/assets.h"

enum { SEGMENT_MAX = 64, RESULT_QUALITY = 92 };

/* ---- answers --------------------------------------------------------------------------------- */

static int status_of(nst_status status)
{
    return status == NST_ERR_ARGUMENT || status == NST_ERR_FORMAT ? MHD_HTTP_BAD_REQUEST
           : status == NST_ERR_MEMORY                             ? MHD_HTTP_SERVICE_UNAVAILABLE
                                                                  : MHD_HTTP_INTERNAL_SERVER_ERROR;
}

static void fail(nst_answer *answer, const nst_error *error)
{
    nst_answer_refuse(answer, status_of(error->status), error->message);
}

/* ---- health, options, styles ----------------------------------------------------------------- */

static void get_health(const nst_site *site, const nst_request *request, const char *id,
                       nst_answer *answer)
{
    int waiting, running;
    cJSON *json = cJSON_CreateObject();
    (void)request, (void)id;
    nst_queue_count(site->queue, &waiting, &running);
    cJSON_AddStringToObject(json, "status", "ok");
    cJSON_AddStringToObject(json, "version", NST_VERSION);
    cJSON_AddNumberToObject(json, "queued", waiting);
    cJSON_AddNumberToObject(json, "running", running);
    nst_answer_json(answer, MHD_HTTP_OK, json);
}

static void get_options(const nst_site *site, const nst_request *request, const char *id,
                        nst_answer *answer)
{
    (void)site, (void)request, (void)id;
    nst_answer_json(answer, MHD_HTTP_OK, nst_options_describe());
}

static void get_styles(const nst_site *site, const nst_request *request, const char *id,
                       nst_answer *answer)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "styles");
    (void)site, (void)request, (void)id;
    for (const nst_known_style *s = nst_known_styles; s->name; s++) {
        cJSON *style = cJSON_CreateObject();
        cJSON_AddStringToObject(style, "name", s->name);
        cJSON_AddStringToObject(style, "description", s->what);
        cJSON_AddItemToArray(list, style);
    }
    nst_answer_json(answer, MHD_HTTP_OK, json);
}

static void get_style(const nst_site *site, const nst_request *request, const char *name,
                      nst_answer *answer)
{
    char path[PATH_MAX];
    const nst_known_style *style = nst_known_style_find(name);
    (void)site, (void)request;
    if (!style || nst_styles_path(style, path, NULL) != NST_OK) {
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, "there is no such style");
        return;
    }
    snprintf(answer->file, sizeof answer->file, "%s", path);
    answer->status = MHD_HTTP_OK;
    answer->type = "image/jpeg";
}

/* ---- pictures -------------------------------------------------------------------------------- */

static cJSON *describe_picture(const nst_stored *facts)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "id", facts->id);
    cJSON_AddNumberToObject(json, "width", facts->width);
    cJSON_AddNumberToObject(json, "height", facts->height);
    cJSON_AddStringToObject(json, "kind", facts->kind);
    cJSON_AddNumberToObject(json, "bytes", (double)facts->bytes);
    return json;
}

static void post_picture(const nst_site *site, const nst_request *request, const char *id,
                         nst_answer *answer)
{
    int count = 0;
    nst_stored facts;
    const nst_part *parts = request->body ? nst_body_parts(request->body, &count) : NULL;
    (void)id;
    if (count != 1 || !parts[0].id[0] || !nst_store_find(site->store, parts[0].id, &facts))
        nst_answer_refuse(answer, MHD_HTTP_BAD_REQUEST, "expected one picture");
    else
        nst_answer_json(answer, MHD_HTTP_CREATED, describe_picture(&facts));
}

static void get_picture(const nst_site *site, const nst_request *request, const char *id,
                        nst_answer *answer)
{
    nst_error error = {0};
    (void)request;
    nst_status status = nst_store_preview(site->store, id, answer->file, &error);
    if (status == NST_OK) {
        answer->status = MHD_HTTP_OK;
        answer->type = "image/jpeg";
    } else if (status == NST_ERR_ARGUMENT)
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, error.message);
    else
        nst_answer_refuse(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, error.message);
}

static void answer_removal(nst_answer *answer, int removed, const char *missing, const char *busy)
{
    if (removed == 0)
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, missing);
    else if (removed < 0)
        nst_answer_refuse(answer, MHD_HTTP_CONFLICT, busy);
}

static void delete_picture(const nst_site *site, const nst_request *request, const char *id,
                           nst_answer *answer)
{
    (void)request;
    answer_removal(answer, nst_store_remove(site->store, id), "there is no such picture",
                   "a run needs this picture");
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* Turn a form into a JSON request. The parts "photo", "mask" and "style" are pictures or their ids,
 * or for "style" a style's name; "options" is JSON. */
static nst_status read_form(const nst_body *body, cJSON *json, nst_error *error)
{
    int count;
    const nst_part *parts = nst_body_parts(body, &count);
    cJSON *styles = cJSON_AddArrayToObject(json, "styles");
    for (int i = 0; i < count; i++) {
        const nst_part *part = &parts[i];
        const char *value = part->id[0] ? part->id : nst_body_text(body) + part->text;
        if (strcmp(part->name, "style") == 0) {
            cJSON *style = cJSON_CreateObject();
            int is_id = part->id[0] || (strlen(value) == NST_ID_SIZE - 1 &&
                                        strspn(value, "0123456789abcdef") == NST_ID_SIZE - 1);
            cJSON_AddStringToObject(style, is_id ? "picture" : "name", value);
            cJSON_AddItemToArray(styles, style);
        } else if (strcmp(part->name, "options") == 0 && !part->id[0]) {
            cJSON *options = cJSON_Parse(value);
            if (!cJSON_IsObject(options)) {
                cJSON_Delete(options);
                return nst_fail(error, NST_ERR_ARGUMENT, "options: expected a JSON object");
            }
            if (cJSON_HasObjectItem(json, part->name))
                cJSON_Delete(options);
            else
                cJSON_AddItemToObject(json, part->name, options);
        } else if ((strcmp(part->name, "photo") == 0 || strcmp(part->name, "mask") == 0) &&
                   !cJSON_HasObjectItem(json, part->name))
            cJSON_AddStringToObject(json, part->name, value);
        else
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: not expected in the form, or given twice",
                            part->name);
    }
    return NST_OK;
}

static nst_status read_request(const nst_body *body, cJSON **out, nst_error *error)
{
    int count;
    if (!body)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected JSON or a form");
    nst_body_parts(body, &count);
    if (count == 0) {
        *out = cJSON_ParseWithOpts(nst_body_text(body), NULL, 1);
        return cJSON_IsObject(*out)
                   ? NST_OK
                   : nst_fail(error, NST_ERR_ARGUMENT, "expected a JSON object, {...}");
    }
    *out = cJSON_CreateObject();
    return *out ? read_form(body, *out, error) : nst_fail_memory(error);
}

static void post_run(const nst_site *site, const nst_request *request, const char *unused,
                     nst_answer *answer)
{
    char id[NST_ID_SIZE];
    cJSON *json = NULL;
    nst_error error = {0};
    (void)unused;
    nst_status status = read_request(request->body, &json, &error);
    if (status == NST_OK)
        status = nst_queue_add(site->queue, json, request->client, id, &error);
    cJSON_Delete(json);
    if (status == NST_OK)
        nst_answer_json(answer, MHD_HTTP_ACCEPTED, nst_queue_describe(site->queue, id));
    else
        fail(answer, &error);
}

static void get_runs(const nst_site *site, const nst_request *request, const char *id,
                     nst_answer *answer)
{
    (void)request, (void)id;
    nst_answer_json(answer, MHD_HTTP_OK, nst_queue_describe(site->queue, NULL));
}

static void get_run(const nst_site *site, const nst_request *request, const char *id,
                    nst_answer *answer)
{
    cJSON *json = nst_queue_describe(site->queue, id);
    (void)request;
    if (json)
        nst_answer_json(answer, MHD_HTTP_OK, json);
    else
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, "there is no such run");
}

static void delete_run(const nst_site *site, const nst_request *request, const char *id,
                       nst_answer *answer)
{
    (void)request;
    answer_removal(answer, nst_queue_remove(site->queue, id), "there is no such run",
                   "the run has not ended, or is followed");
}

static void post_cancel(const nst_site *site, const nst_request *request, const char *id,
                        nst_answer *answer)
{
    nst_queue_cancel(site->queue, id);
    get_run(site, request, id, answer);
}

static void get_events(const nst_site *site, const nst_request *request, const char *id,
                       nst_answer *answer)
{
    (void)request;
    nst_events_answer(site, id, answer);
}

/* The result is kept as PNG and converted when another format is requested. */
static nst_status convert(const nst_site *site, const char *path, nst_format format,
                          nst_answer *answer, nst_error *error)
{
    const nst_write_options options = {.format = format, .quality = RESULT_QUALITY};
    unsigned char *bytes = NULL;
    nst_status status =
        nst_store_convert(site->store, path, &options, &bytes, &answer->size, error);
    answer->bytes = bytes;
    return status;
}

static const char *media_type(nst_format format)
{
    switch (format) {
    case NST_FORMAT_PNG:
        return "image/png";
    case NST_FORMAT_JPEG:
        return "image/jpeg";
    case NST_FORMAT_BMP:
        return "image/bmp";
    default:
        return "application/octet-stream";
    }
}

static void get_result(const nst_site *site, const nst_request *request, const char *id,
                       nst_answer *answer)
{
    char result[NST_SERVE_PATH], record[NST_SERVE_PATH];
    const char *name = request->query[0] ? request->query : "png";
    nst_format format = nst_format_from_name(name);
    nst_error error = {0};
    if (!nst_format_is_written(format)) {
        nst_answer_refuse(answer, MHD_HTTP_BAD_REQUEST, "format: not one that this nst writes");
        return;
    }
    if (!nst_queue_files(site->queue, id, result, record)) {
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, "there is no such run, or it has no result");
        return;
    }
    if (format == NST_FORMAT_PNG)
        memcpy(answer->file, result, sizeof result);
    else if (convert(site, result, format, answer, &error) != NST_OK) {
        fail(answer, &error);
        return;
    }
    answer->status = MHD_HTTP_OK;
    answer->type = media_type(format);
    snprintf(answer->name, sizeof answer->name, "nst-%.8s.%s", id, nst_format_extension(format));
}

static void get_record(const nst_site *site, const nst_request *request, const char *id,
                       nst_answer *answer)
{
    char result[NST_SERVE_PATH], record[NST_SERVE_PATH];
    (void)request;
    if (!nst_queue_files(site->queue, id, result, record)) {
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, "there is no such run, or it has no record");
        return;
    }
    memcpy(answer->file, record, sizeof record);
    answer->status = MHD_HTTP_OK;
    answer->type = "application/json";
    snprintf(answer->name, sizeof answer->name, "nst-%.8s.json", id);
}

/* ---- paths ----------------------------------------------------------------------------------- */

typedef enum { BODY_NONE, BODY_PICTURE, BODY_REQUEST } body_taken;

/* A "*" stands for an id or a name. */
static const struct {
    const char *method, *path;
    body_taken body;
    void (*answer)(const nst_site *, const nst_request *, const char *, nst_answer *);
} routes[] = {
    {"GET", "/api/health", BODY_NONE, get_health},
    {"GET", "/api/options", BODY_NONE, get_options},
    {"GET", "/api/styles", BODY_NONE, get_styles},
    {"GET", "/api/styles/*", BODY_NONE, get_style},
    {"POST", "/api/pictures", BODY_PICTURE, post_picture},
    {"GET", "/api/pictures/*", BODY_NONE, get_picture},
    {"DELETE", "/api/pictures/*", BODY_NONE, delete_picture},
    {"POST", "/api/runs", BODY_REQUEST, post_run},
    {"GET", "/api/runs", BODY_NONE, get_runs},
    {"GET", "/api/runs/*", BODY_NONE, get_run},
    {"DELETE", "/api/runs/*", BODY_NONE, delete_run},
    {"POST", "/api/runs/*/cancel", BODY_NONE, post_cancel},
    {"GET", "/api/runs/*/events", BODY_NONE, get_events},
    {"GET", "/api/runs/*/result", BODY_NONE, get_result},
    {"GET", "/api/runs/*/record", BODY_NONE, get_record},
};
enum { ROUTES = sizeof routes / sizeof *routes };

/* Whether a path matches a pattern; `segment` becomes what "*" stands for. */
static int matches(const char *pattern, const char *path, char segment[SEGMENT_MAX])
{
    segment[0] = '\0';
    const char *star = strchr(pattern, '*');
    if (!star)
        return strcmp(pattern, path) == 0;
    size_t before = (size_t)(star - pattern), length;
    if (strncmp(pattern, path, before) != 0)
        return 0;
    length = strcspn(path + before, "/");
    if (length == 0 || length >= SEGMENT_MAX || strcmp(star + 1, path + before + length) != 0)
        return 0;
    memcpy(segment, path + before, length);
    segment[length] = '\0';
    return 1;
}

static int find_route(const char *method, const char *path, char segment[SEGMENT_MAX], int *is_path)
{
    *is_path = 0;
    for (int i = 0; i < ROUTES; i++) {
        if (!matches(routes[i].path, path, segment))
            continue;
        *is_path = 1;
        if (strcmp(routes[i].method, method) == 0)
            return i;
    }
    return -1;
}

int nst_api_body(const char *method, const char *path, const char *type, nst_body_kind *kind)
{
    char segment[SEGMENT_MAX];
    int is_path, route = find_route(method, path, segment, &is_path);
    if (route < 0 || routes[route].body == BODY_NONE)
        return 0;
    size_t length = strcspn(type, "; ");
    int is_form = length == 19 && strncasecmp(type, "multipart/form-data", length) == 0;
    int is_json = length == 16 && strncasecmp(type, "application/json", length) == 0;
    if (routes[route].body == BODY_REQUEST) {
        *kind = is_form ? NST_BODY_FORM : NST_BODY_TEXT;
        return is_form || is_json ? 1 : -1;
    }
    *kind = NST_BODY_PICTURE;
    return is_form || is_json || strncasecmp(type, "application/x-www-form", 22) == 0 ? -1 : 1;
}

int nst_api_is_public(const char *path)
{
    return strncmp(path, "/api/", 5) != 0;
}

static void answer_asset(const nst_request *request, const nst_serve_asset *asset,
                         nst_answer *answer)
{
    if (strcmp(request->method, "GET") != 0) {
        nst_answer_refuse(answer, MHD_HTTP_METHOD_NOT_ALLOWED, "expected GET");
        return;
    }
    *answer = (nst_answer){.status = MHD_HTTP_OK,
                           .type = asset->type,
                           .bytes = (void *)(uintptr_t)asset->begin, /* is only read */
                           .size = (size_t)(asset->end - asset->begin),
                           .is_static = 1};
}

void nst_api_answer(const nst_site *site, const nst_request *request, nst_answer *answer)
{
    char segment[SEGMENT_MAX];
    int is_path, route = find_route(request->method, request->path, segment, &is_path);
    const nst_serve_asset *asset = nst_serve_asset_find(request->path);
    if (asset)
        answer_asset(request, asset, answer);
    else if (route >= 0)
        routes[route].answer(site, request, segment, answer);
    else if (is_path)
        nst_answer_refuse(answer, MHD_HTTP_METHOD_NOT_ALLOWED, "this path has no such method");
    else
        nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, "there is no such path");
}
