/* Events as JSON. An event that finds no memory is left out. */
#include "observers/log_json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/json.h"

static cJSON *event(const char *name)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "event", name);
    return json;
}

static void emit(cJSON *json)
{
    char *text = nst_json_text(json, json != NULL, false);
    if (text)
        fputs(text, stderr);
    free(text);
}

static void add_job(cJSON *json, const nst_run_job *run)
{
    const nst_job *job = &run->args->job;
    cJSON_AddNumberToObject(json, "job", run->index + 1);
    cJSON_AddStringToObject(json, "content", job->content);
    cJSON *styles = cJSON_AddArrayToObject(json, "styles");
    for (int i = 0; i < job->style_count; i++)
        cJSON_AddItemToArray(styles, cJSON_CreateString(job->styles[i].path));
    cJSON_AddStringToObject(json, "output", job->output);
}

void nst_log_json_batch(const nst_log_list *list)
{
    cJSON *json = event("batch");
    cJSON_AddStringToObject(json, "nst", NST_VERSION);
    cJSON_AddNumberToObject(json, "jobs", list->jobs);
    if (list->shard->count > 0) {
        cJSON *part = cJSON_AddObjectToObject(json, "part");
        cJSON_AddNumberToObject(part, "number", list->shard->number);
        cJSON_AddNumberToObject(part, "count", list->shard->count);
        cJSON_AddNumberToObject(part, "of-jobs", list->all);
    }
    if (list->others->total > 0) {
        cJSON *others = cJSON_AddObjectToObject(json, "passed-over");
        for (int i = 0; i < list->others->count; i++)
            cJSON_AddNumberToObject(others, list->others->list[i].name,
                                    list->others->list[i].count);
    }
    emit(json);
}

void nst_log_json_started(const nst_run_job *job)
{
    cJSON *json = event("started");
    add_job(json, job);
    emit(json);
}

void nst_log_json_progress(const nst_run_job *job, const nst_progress *p)
{
    cJSON *json = event("progress");
    cJSON_AddNumberToObject(json, "job", job->index + 1);
    cJSON_AddNumberToObject(json, "scale", p->scale + 1);
    cJSON_AddNumberToObject(json, "scales", p->scales);
    cJSON_AddNumberToObject(json, "width", p->width);
    cJSON_AddNumberToObject(json, "height", p->height);
    cJSON_AddNumberToObject(json, "iteration", p->iteration);
    cJSON_AddNumberToObject(json, "iterations", p->iterations);
    nst_json_add_seconds(json, "fraction", p->fraction);
    nst_json_add_seconds(json, "seconds", p->seconds);
    if (p->seconds_left >= 0.0)
        nst_json_add_seconds(json, "seconds-left", p->seconds_left);
    nst_json_add_losses(json, &p->losses);
    emit(json);
}

void nst_log_json_ended(const nst_run_job *job, const nst_result *result)
{
    cJSON *json = event(nst_result_state_name(result->state));
    add_job(json, job);
    if (result->message[0])
        cJSON_AddStringToObject(json, "reason", result->message);
    if (result->state != NST_RESULT_FAILED && result->state != NST_RESULT_KEPT) {
        cJSON_AddNumberToObject(json, "width", result->width);
        cJSON_AddNumberToObject(json, "height", result->height);
        cJSON_AddNumberToObject(json, "iterations", result->iterations);
        nst_json_add_losses(json, &result->losses);
    }
    nst_json_add_seconds(json, "seconds", result->seconds);
    emit(json);
}

void nst_log_json_error(const char *reason)
{
    cJSON *json = event("error");
    cJSON_AddStringToObject(json, "reason", reason);
    emit(json);
}

void nst_log_json_summary(const nst_log_counts *counts)
{
    cJSON *json = event("summary");
    cJSON_AddNumberToObject(json, "done", counts->done);
    cJSON_AddNumberToObject(json, "skipped", counts->skipped);
    cJSON_AddNumberToObject(json, "kept", counts->kept);
    cJSON_AddNumberToObject(json, "failed", counts->failed);
    cJSON_AddNumberToObject(json, "left", counts->left);
    cJSON_AddBoolToObject(json, "interrupted", counts->interrupted);
    nst_json_add_seconds(json, "seconds", counts->seconds);
    emit(json);
}
