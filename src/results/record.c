/* Writing records. The option table lists the options, so none can be forgotten. */
#include "results/record.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/output.h"
#include "imageio/imageio.h"
#include "options/style_spec.h"
#include "options/template.h"
#include "options/value.h"
#include "results/json.h"

/* Functions here that return bool return false when memory has run out. */

/* One text, or the list of several. */
static bool add_texts(cJSON *object, const char *name, char *const *texts, int count)
{
    bool ok = true;
    if (count == 1)
        return texts[0] && cJSON_AddStringToObject(object, name, texts[0]);
    cJSON *list = cJSON_AddArrayToObject(object, name);
    for (int i = 0; i < count && list; i++) {
        cJSON *item = texts[i] ? cJSON_CreateString(texts[i]) : NULL;
        ok = item && cJSON_AddItemToArray(list, item) && ok;
    }
    return list && ok;
}

static bool add_list(cJSON *object, const nst_option *o, const nst_job *job)
{
    bool styles = o->kind == NST_KIND_STYLES;
    int count = styles ? job->style_count : job->style_mask_count;
    char *texts[NST_STYLES_MAX] = {0};
    for (int i = 0; i < count; i++)
        texts[i] = styles                ? nst_style_print(&job->styles[i])
                   : job->style_masks[i] ? strdup(job->style_masks[i])
                                         : strdup("none");
    bool ok = count == 0 || add_texts(object, o->name, texts, count);
    for (int i = 0; i < count; i++)
        free(texts[i]);
    return ok;
}

static bool add_option(cJSON *object, const nst_option *o, const nst_args *args)
{
    char buffer[NST_VALUE_TEXT_MAX];
    const char *text = nst_value_text(o, args, buffer);
    nst_form form = nst_value_form(o);
    bool is_number = form == NST_FORM_NUMBER ||
                     (form == NST_FORM_NUMBER_OR_FULL && text && strcmp(text, "full") != 0);
    if (nst_value_is_list(o))
        return add_list(object, o, &args->job);
    /* That of reproducible is the precision's, which is there by its name. */
    if (o->kind == NST_KIND_FLAG && strcmp(o->name, "reproducible") != 0)
        return *(const int *)((const char *)args + o->offset) == 0 ||
               cJSON_AddTrueToObject(object, o->name);
    if (!text)
        return true;
    /* Raw, because cJSON would print the float 0.1 as 0.100000001490116. A seed is a string:
     * JSON numbers end at 2^53. */
    return is_number ? cJSON_AddRawToObject(object, o->name, text)
                     : cJSON_AddStringToObject(object, o->name, text);
}

static bool add_options(cJSON *object, nst_place place, const nst_args *args)
{
    bool ok = true;
    for (int i = 0; i < nst_option_count; i++)
        if (nst_option_table[i].place == place)
            ok = ok && add_option(object, &nst_option_table[i], args);
    return ok;
}

static bool add_digest(cJSON *object, const char *name, const char *digest)
{
    return digest[0] == '\0' || cJSON_AddStringToObject(object, name, digest);
}

static bool add_digest_list(cJSON *object, const char *name, char list[][65], int count)
{
    char *texts[NST_STYLES_MAX] = {0};
    for (int i = 0; i < count; i++)
        texts[i] = list[i];
    return count == 0 || add_texts(object, name, texts, count);
}

static bool add_digests(cJSON *object, const nst_job *job, const nst_result *result)
{
    nst_digests copy = result->digests, *d = &copy;
    return add_digest(object, "content", d->content) &&
           add_digest_list(object, "style", d->styles, job->style_count) &&
           add_digest(object, "content-mask", d->content_mask) &&
           add_digest_list(object, "style-mask", d->style_masks, job->style_mask_count) &&
           add_digest(object, "init", d->init) && add_digest(object, "weights", d->weights);
}

bool nst_record_add_job(cJSON *object, const nst_args *args, const nst_result *result)
{
    /* A picture from standard input has no digest, and a job that failed early has none at all. */
    bool digests = result->digests.content[0] || result->digests.styles[0][0];
    nst_args done = *args;
    if (result->has_options)
        done.job.options = result->options;
    args = &done;
    return add_options(object, NST_PLACE_JOB, args) &&
           add_options(cJSON_AddObjectToObject(object, "options"), NST_PLACE_OPTIONS, args) &&
           (!digests || add_digests(cJSON_AddObjectToObject(object, "sha256"), &args->job, result));
}

bool nst_record_add_result(cJSON *object, const nst_result *result)
{
    return cJSON_AddNumberToObject(object, "width", result->width) &&
           cJSON_AddNumberToObject(object, "height", result->height) &&
           cJSON_AddNumberToObject(object, "iterations", result->iterations) &&
           nst_json_add_losses(object, &result->losses);
}

static bool add_result(cJSON *object, const nst_result *result)
{
    return nst_record_add_result(object, result) &&
           nst_json_add_seconds(object, "seconds", result->seconds) &&
           cJSON_AddBoolToObject(object, "interrupted", result->state == NST_RESULT_INTERRUPTED);
}

/* In a job file the output may have fields, so that the braces of a name are doubled. */
static bool quote_output(cJSON *json, const nst_job *job)
{
    if (!strpbrk(job->output, "{}"))
        return true;
    char *quoted = nst_template_quote(job->output);
    cJSON *text = quoted ? cJSON_CreateString(quoted) : NULL;
    free(quoted);
    return text && cJSON_ReplaceItemInObjectCaseSensitive(json, "output", text);
}

nst_status nst_record_write(const nst_args *args, const nst_result *result, nst_error *error)
{
    cJSON *json = cJSON_CreateObject();
    bool complete = json && cJSON_AddStringToObject(json, "nst", NST_VERSION) &&
                    nst_record_add_job(json, args, result) && quote_output(json, &args->job) &&
                    add_result(cJSON_AddObjectToObject(json, "result"), result);
    char *text = nst_json_text(json, complete, true);
    if (!text)
        return nst_fail_memory_in(error, args->record);
    nst_status status = nst_output_write(args->record, text, strlen(text), error);
    free(text);
    return status;
}
