/* The report as JSON: each job as in its record, and its result. nst(1), REPORTS, describes it. */
#include <cjson/cJSON.h>
#include <limits.h>
#include <stdlib.h>

#include "list/output_names.h"
#include "report/parts.h"
#include "results/json.h"
#include "results/record.h"

/* Functions here that return bool return false when memory has run out. */

/* ---- curves ---------------------------------------------------------------------------------- */

static bool append(cJSON *list, double value)
{
    cJSON *item = cJSON_CreateNumber(value);
    return item && cJSON_AddItemToArray(list, item);
}

/* The points of one scale, as a list for each quantity. Returns behind the last. */
static int add_scale(cJSON *scales, const nst_curve *curve, int begin, bool *ok)
{
    const nst_curve_point *first = &curve->points[begin];
    cJSON *scale = cJSON_CreateObject();
    if (!scale || !cJSON_AddItemToArray(scales, scale)) {
        cJSON_Delete(scale);
        *ok = false;
        return curve->count;
    }
    *ok = *ok && cJSON_AddNumberToObject(scale, "scale", first->scale + 1) &&
          cJSON_AddNumberToObject(scale, "width", first->width) &&
          cJSON_AddNumberToObject(scale, "height", first->height);
    cJSON *iteration = cJSON_AddArrayToObject(scale, "iteration");
    cJSON *content = cJSON_AddArrayToObject(scale, "content-loss");
    cJSON *style = cJSON_AddArrayToObject(scale, "style-loss");
    cJSON *tv = cJSON_AddArrayToObject(scale, "tv-loss");
    cJSON *total = cJSON_AddArrayToObject(scale, "total-loss");
    int i = begin;
    for (; i < curve->count && curve->points[i].scale == first->scale; i++) {
        const nst_curve_point *p = &curve->points[i];
        *ok = *ok && append(iteration, p->iteration) && append(content, p->losses.content) &&
              append(style, p->losses.style) && append(tv, p->losses.tv) &&
              append(total, p->losses.total);
    }
    return i;
}

static bool add_curves(cJSON *json, const nst_curve *curve)
{
    bool ok = true;
    cJSON *scales = curve->count > 0 ? cJSON_AddArrayToObject(json, "curves") : NULL;
    for (int i = 0; i < curve->count && ok;)
        i = add_scale(scales, curve, i, &ok);
    return ok;
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static bool add_frames(cJSON *json, const nst_report_row *row)
{
    bool ok = true;
    char name[PATH_MAX];
    const nst_gallery *gallery = row->gallery;
    cJSON *frames = gallery->frame_count > 0 ? cJSON_AddArrayToObject(json, "frames") : NULL;
    for (int i = 0; i < gallery->frame_count && ok; i++) {
        int iteration = gallery->frames[i].iterations_done;
        cJSON *frame = cJSON_CreateObject();
        ok =
            frame && cJSON_AddItemToArray(frames, frame) &&
            cJSON_AddNumberToObject(frame, "iteration", iteration) &&
            nst_snapshot_name(row->args.job.output, iteration, name, sizeof name, NULL) == NST_OK &&
            cJSON_AddStringToObject(frame, "file", name);
    }
    return ok;
}

static bool add_times(cJSON *json, const nst_report_row *row)
{
    cJSON *times = cJSON_AddObjectToObject(json, "seconds");
    return times && nst_json_add_seconds(times, "all", row->result->seconds) &&
           (row->result->style_seconds <= 0.0 ||
            (nst_json_add_seconds(times, "read", row->result->read_seconds) &&
             nst_json_add_seconds(times, "stylize", row->result->style_seconds) &&
             nst_json_add_seconds(times, "write", row->result->write_seconds)));
}

static bool add_job(cJSON *list, int number, const nst_report_row *row)
{
    cJSON *json = cJSON_CreateObject();
    if (!json || !cJSON_AddItemToArray(list, json))
        return false;
    bool ok = cJSON_AddNumberToObject(json, "job", number) &&
              cJSON_AddStringToObject(json, "state", nst_result_state_name(row->result->state)) &&
              (!row->result->message[0] ||
               cJSON_AddStringToObject(json, "reason", row->result->message)) &&
              nst_record_add_job(json, &row->args, row->result);
    if (row->result->state == NST_RESULT_WAITING)
        return ok;
    if (row->result->iterations > 0)
        ok = ok && nst_record_add_result(cJSON_AddObjectToObject(json, "result"), row->result);
    return ok && add_times(json, row) && add_curves(json, row->curve) && add_frames(json, row);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool add_summary(cJSON *json, const nst_report *report)
{
    static const nst_result_state states[] = {NST_RESULT_DONE,        NST_RESULT_SKIPPED,
                                              NST_RESULT_KEPT,        NST_RESULT_FAILED,
                                              NST_RESULT_INTERRUPTED, NST_RESULT_WAITING};
    cJSON *summary = cJSON_AddObjectToObject(json, "summary");
    bool ok = summary && cJSON_AddNumberToObject(summary, "jobs", report->states->count);
    for (size_t s = 0; s < sizeof states / sizeof *states; s++)
        ok = ok && cJSON_AddNumberToObject(summary, nst_result_state_name(states[s]),
                                           nst_report_count(report, states[s]));
    return ok && nst_json_add_seconds(summary, "seconds", report->seconds);
}

static bool add_all(cJSON *json, const nst_report *report)
{
    char date[NST_REPORT_TIME_MAX];
    const nst_names *problems = &report->jobs->problems;
    nst_report_time(date);
    bool ok = cJSON_AddStringToObject(json, "nst", NST_VERSION) &&
              cJSON_AddStringToObject(json, "written", date) && add_summary(json, report);
    cJSON *list = cJSON_AddArrayToObject(json, "problems");
    for (int i = 0; i < problems->count && ok; i++) {
        cJSON *line = cJSON_CreateString(problems->list[i]);
        ok = line && cJSON_AddItemToArray(list, line);
    }
    list = cJSON_AddArrayToObject(json, "jobs");
    for (int i = 0; i < report->states->count && ok; i++) {
        nst_report_row row;
        ok = nst_report_row_open(report, i, &row);
        if (ok) {
            ok = add_job(list, i + 1, &row);
            nst_report_row_close(&row);
        }
    }
    return ok;
}

char *nst_report_json(const nst_report *report)
{
    cJSON *json = cJSON_CreateObject();
    return nst_json_text(json, json && add_all(json, report), true);
}
