#include "serve/runs/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "serve/runs/painter.h"
#include "serve/runs/run_json.h"
#include "serve/runs/runs.h"
#include "serve/runs/worker.h"

struct nst_queue {
    nst_runs runs;
    nst_painter *painter;
    nst_worker worker;
    int has_worker;
};

nst_runs *nst_queue_runs(nst_queue *queue)
{
    return &queue->runs;
}

nst_status nst_queue_create(const nst_serve_options *options, nst_store *store, nst_queue **out,
                            nst_error *error)
{
    nst_queue *queue = calloc(1, sizeof *queue);
    if (!queue)
        return nst_fail_memory(error);
    nst_runs_create(&queue->runs, options, store);
    nst_status status = nst_painter_create(options, &queue->painter, error);
    if (status == NST_OK)
        status = nst_worker_start(&queue->worker, &queue->runs, queue->painter, error);
    queue->has_worker = status == NST_OK;
    if (status == NST_OK)
        *out = queue;
    else
        nst_queue_destroy(queue);
    return status;
}

void nst_queue_stop(nst_queue *queue)
{
    nst_runs *runs = &queue->runs;
    pthread_mutex_lock(&runs->lock);
    runs->stopping = 1;
    for (const nst_served_run *r = runs->oldest; r; r = r->next)
        if (r->state == NST_RUN_RUNNING)
            nst_painting_stop(r->painting);
    pthread_cond_broadcast(&runs->changed);
    pthread_mutex_unlock(&runs->lock);
    if (queue->has_worker)
        nst_worker_join(&queue->worker);
    queue->has_worker = 0;
}

void nst_queue_destroy(nst_queue *queue)
{
    if (!queue)
        return;
    nst_queue_stop(queue);
    nst_runs_destroy(&queue->runs);
    nst_painter_destroy(queue->painter);
    free(queue);
}

/* ---- a new run ------------------------------------------------------------------------------- */

static nst_status hold(nst_store *store, nst_served_run *r, const cJSON *id, nst_error *error)
{
    if (!cJSON_IsString(id))
        return NST_OK;
    if (r->held_count == NST_STYLES_MAX + 2)
        return nst_fail(error, NST_ERR_ARGUMENT, "styles: expected at most %d", NST_STYLES_MAX);
    if (strlen(id->valuestring) != NST_ID_SIZE - 1 || !nst_store_hold(store, id->valuestring))
        return nst_fail(error, NST_ERR_ARGUMENT, "there is no picture %.40s", id->valuestring);
    memcpy(r->held[r->held_count++], id->valuestring, NST_ID_SIZE);
    return NST_OK;
}

/* Pictures that the request names stay in the store while the run waits and paints. */
static nst_status hold_pictures(nst_store *store, nst_served_run *r, const cJSON *request,
                                nst_error *error)
{
    const cJSON *style, *styles = cJSON_GetObjectItemCaseSensitive(request, "styles");
    nst_status status = hold(store, r, cJSON_GetObjectItemCaseSensitive(request, "photo"), error);
    if (status == NST_OK)
        status = hold(store, r, cJSON_GetObjectItemCaseSensitive(request, "mask"), error);
    cJSON_ArrayForEach(style, styles)
    {
        if (status == NST_OK)
            status = hold(store, r, cJSON_GetObjectItemCaseSensitive(style, "picture"), error);
    }
    return status;
}

/* Everything of a run that needs no lock. */
static nst_status prepare(nst_queue *queue, nst_served_run *r, const cJSON *request,
                          const char *client, nst_error *error)
{
    nst_store *store = queue->runs.store;
    char result[NST_SERVE_PATH], record[NST_SERVE_PATH];
    nst_status status = nst_id_make(r->id, error);
    if (status != NST_OK)
        return status;
    snprintf(r->client, sizeof r->client, "%s", client);
    r->request = cJSON_Duplicate(request, 1);
    if (!r->request)
        return nst_fail_memory(error);
    nst_runs_paths(&queue->runs, r->id, result, record);
    status = hold_pictures(store, r, request, error);
    if (status == NST_OK)
        status = nst_painting_create(queue->painter, store, request, result, record, &r->painting,
                                     error);
    return status;
}

nst_status nst_queue_add(nst_queue *queue, const cJSON *request, const char *client,
                         char id[NST_ID_SIZE], nst_error *error)
{
    nst_served_run *r = calloc(1, sizeof *r);
    if (!r)
        return nst_fail_memory(error);
    nst_status status = prepare(queue, r, request, client, error);
    if (status == NST_OK) {
        memcpy(id, r->id, NST_ID_SIZE);
        pthread_mutex_lock(&queue->runs.lock);
        status = nst_runs_append(&queue->runs, r, error);
        pthread_mutex_unlock(&queue->runs.lock);
    }
    if (status != NST_OK)
        nst_served_run_destroy(&queue->runs, r);
    return status;
}

/* ---- runs by id ------------------------------------------------------------------------------ */

cJSON *nst_queue_describe(nst_queue *queue, const char *id)
{
    nst_runs *runs = &queue->runs;
    cJSON *json = NULL, *list;
    pthread_mutex_lock(&runs->lock);
    if (id) {
        const nst_served_run *r = nst_runs_find(runs, id);
        json = r ? nst_run_json(runs, r) : NULL;
    } else {
        json = cJSON_CreateObject();
        list = cJSON_AddArrayToObject(json, "runs");
        for (const nst_served_run *r = runs->oldest; r; r = r->next)
            cJSON_InsertItemInArray(list, 0, nst_run_json(runs, r));
    }
    pthread_mutex_unlock(&runs->lock);
    return json;
}

int nst_queue_cancel(nst_queue *queue, const char *id)
{
    nst_runs *runs = &queue->runs;
    pthread_mutex_lock(&runs->lock);
    nst_served_run *r = nst_runs_find(runs, id);
    if (r && r->state == NST_RUN_QUEUED) {
        r->state = NST_RUN_STOPPED;
        nst_runs_release(runs, r);
    }
    if (r && r->state == NST_RUN_RUNNING)
        nst_painting_stop(r->painting);
    if (r)
        nst_runs_tell(runs, r);
    pthread_mutex_unlock(&runs->lock);
    return r != NULL;
}

int nst_queue_remove(nst_queue *queue, const char *id)
{
    nst_runs *runs = &queue->runs;
    pthread_mutex_lock(&runs->lock);
    nst_served_run *r = nst_runs_find(runs, id);
    int result = !r ? 0 : !nst_run_is_over(r) || r->followers > 0 ? -1 : 1;
    if (result > 0)
        nst_runs_forget(runs, r);
    pthread_mutex_unlock(&runs->lock);
    return result;
}

int nst_queue_files(nst_queue *queue, const char *id, char result[NST_SERVE_PATH],
                    char record[NST_SERVE_PATH])
{
    nst_runs *runs = &queue->runs;
    pthread_mutex_lock(&runs->lock);
    const nst_served_run *r = nst_runs_find(runs, id);
    int has_result = r && nst_run_is_over(r) && r->painted.written;
    pthread_mutex_unlock(&runs->lock);
    if (has_result)
        nst_runs_paths(runs, id, result, record);
    return has_result;
}

void nst_queue_count(nst_queue *queue, int *waiting, int *running)
{
    pthread_mutex_lock(&queue->runs.lock);
    *waiting = nst_runs_count(&queue->runs, NST_RUN_QUEUED);
    *running = nst_runs_count(&queue->runs, NST_RUN_RUNNING);
    pthread_mutex_unlock(&queue->runs.lock);
}
