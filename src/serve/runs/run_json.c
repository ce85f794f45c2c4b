#include "serve/runs/run_json.h"

static const char *const state_names[] = {"queued", "running", "done", "stopped", "failed"};

static void add_progress(cJSON *json, const nst_progress *p)
{
    cJSON *progress = cJSON_AddObjectToObject(json, "progress");
    cJSON_AddNumberToObject(progress, "fraction", p->fraction);
    cJSON_AddNumberToObject(progress, "iteration", p->iterations_done);
    cJSON_AddNumberToObject(progress, "scale", p->scale + 1);
    cJSON_AddNumberToObject(progress, "scales", p->scales);
    cJSON_AddNumberToObject(progress, "width", p->width);
    cJSON_AddNumberToObject(progress, "height", p->height);
    cJSON_AddNumberToObject(progress, "seconds", p->seconds);
    if (p->seconds_left >= 0.0)
        cJSON_AddNumberToObject(progress, "seconds_left", p->seconds_left);
}

static void add_losses(cJSON *json, const nst_losses *l)
{
    cJSON *losses = cJSON_AddObjectToObject(json, "losses");
    cJSON_AddNumberToObject(losses, "content", l->content);
    cJSON_AddNumberToObject(losses, "style", l->style);
    cJSON_AddNumberToObject(losses, "tv", l->tv);
    cJSON_AddNumberToObject(losses, "total", l->total);
}

static void add_end(cJSON *json, const nst_served_run *r)
{
    cJSON_AddBoolToObject(json, "result", r->painted.written);
    cJSON_AddNumberToObject(json, "seconds", r->painted.seconds);
    if (r->painted.written) {
        cJSON_AddNumberToObject(json, "width", r->painted.width);
        cJSON_AddNumberToObject(json, "height", r->painted.height);
        add_losses(json, &r->painted.losses);
    }
    if (r->message[0])
        cJSON_AddStringToObject(json, "message", r->message);
}

cJSON *nst_run_json(const nst_runs *runs, const nst_served_run *r)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "id", r->id);
    cJSON_AddStringToObject(json, "state", state_names[r->state]);
    for (const cJSON *item = r->request ? r->request->child : NULL; item; item = item->next)
        cJSON_AddItemToObject(json, item->string, cJSON_Duplicate(item, 1));
    if (r->state == NST_RUN_QUEUED)
        cJSON_AddNumberToObject(json, "ahead", nst_runs_ahead(runs, r));
    if (r->state == NST_RUN_RUNNING && r->has_progress)
        add_progress(json, &r->progress);
    if (nst_run_is_over(r))
        add_end(json, r);
    return json;
}
