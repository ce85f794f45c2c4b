/* Reading job files. */
#include "arguments/job_file.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "options/value.h"
#include "util/utf8.h"

enum { FILE_MAX = 1 << 20, LABEL_MAX = 400 };

/* ---- text ------------------------------------------------------------------------------------ */

/* The whole file with a zero behind it; *text is the caller's to free. */
static nst_status read_file(const char *path, char **text, size_t *length, nst_error *error)
{
    nst_status status = NST_OK;
    FILE *file = fopen(path, "rb");
    char *buffer = malloc(FILE_MAX + 1);
    if (!file || !buffer) {
        status = file ? nst_fail_memory(error)
                      : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
        goto cleanup;
    }
    *length = fread(buffer, 1, FILE_MAX + 1, file);
    if (ferror(file)) {
        status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    } else if (*length > FILE_MAX) {
        status = nst_fail(error, NST_ERR_FORMAT, "%s: expected a job file of at most 1 MiB", path);
    } else {
        buffer[*length] = '\0';
        *text = buffer;
        buffer = NULL;
    }
cleanup:
    free(buffer);
    if (file)
        fclose(file);
    return status;
}

/* Message for text that is not JSON from `at` on. */
static nst_status fail_at(const char *path, const char *text, const char *at, nst_error *error)
{
    int line = 1, column = 1;
    for (const char *c = text; c < at; c++) {
        column = *c == '\n' ? 1 : column + 1;
        line += *c == '\n';
    }
    return nst_fail(error, NST_ERR_FORMAT, "%s:%d:%d: not valid JSON here", path, line, column);
}

static nst_status parse(const char *path, char *text, size_t length, cJSON **out, nst_error *error)
{
    const char *end = NULL;
    nst_status status = NST_OK;
    length = nst_utf8_unescape(text, length);
    cJSON *json = cJSON_ParseWithLengthOpts(text, length + 1, &end, 0);
    if (json)
        while (end < text + length && isspace((unsigned char)*end))
            end++;
    if (!json || end != text + length)
        status = fail_at(path, text, end ? end : text, error);
    else if (!cJSON_IsObject(json))
        status = nst_fail(error, NST_ERR_FORMAT, "%s: expected a JSON object, {...}", path);
    if (status == NST_OK)
        *out = json;
    else
        cJSON_Delete(json);
    return status;
}

/* ---- values ---------------------------------------------------------------------------------- */

static const char *type_name(const cJSON *item)
{
    return cJSON_IsString(item)   ? "a string"
           : cJSON_IsNumber(item) ? "a number"
           : cJSON_IsBool(item)   ? "true or false"
           : cJSON_IsNull(item)   ? "null"
           : cJSON_IsArray(item)  ? "a list"
                                  : "an object";
}

static nst_status fail_type(const char *label, const char *expected, const cJSON *item,
                            nst_error *error)
{
    return nst_fail(error, NST_ERR_FORMAT, "%s: expected %s, got %s", label, expected,
                    type_name(item));
}

/* A number as text that the parsers of options/value.h read back as the same one. */
static const char *number_text(double number, char *buffer, size_t size)
{
    if (fabs(number) < 1e15 && trunc(number) == number)
        snprintf(buffer, size, "%.0f", number);
    else
        snprintf(buffer, size, "%.17g", number);
    return buffer;
}

static nst_status apply(const nst_option *o, const char *label, const cJSON *item, nst_args *args,
                        nst_error *error)
{
    char buffer[64];
    const char *text = cJSON_IsString(item) ? item->valuestring : NULL;
    const char *expected = NULL;
    switch (nst_value_form(o)) {
    case NST_FORM_TRUE:
        if (!cJSON_IsTrue(item))
            return fail_type(label, "true", item, error);
        text = "";
        break;
    case NST_FORM_NUMBER_OR_FULL:
        if (text && strcmp(text, "full") == 0)
            break;
        expected = cJSON_IsNumber(item) ? NULL : "a number or \"full\"";
        break;
    case NST_FORM_NUMBER:
        expected = cJSON_IsNumber(item) ? NULL : "a number";
        break;
    case NST_FORM_DIGITS:
        expected = text || cJSON_IsNumber(item) ? NULL : "a number or a string of digits";
        /* A JSON number is a double here, which holds whole numbers up to 2^53 only. */
        if (!text && !expected && fabs(item->valuedouble) > 0x1p53)
            return nst_fail(error, NST_ERR_FORMAT,
                            "%s: expected a number above 2^53 as a string of digits", label);
        break;
    case NST_FORM_TEXT:
        expected = text ? NULL : "a string";
    }
    if (expected)
        return fail_type(label, expected, item, error);
    if (!text)
        text = number_text(item->valuedouble, buffer, sizeof buffer);

    nst_status status = nst_value_set(o, label, text, args, error);
    if (status == NST_ERR_ARGUMENT) /* the file is wrong, not the command line */
        status = error->status = NST_ERR_FORMAT;
    return status;
}

/* "a.jpg", or ["a.jpg:3", "b.jpg"] where the option is a list. */
static nst_status apply_list(const nst_option *o, const char *label, const cJSON *list,
                             nst_args *args, nst_error *error)
{
    const cJSON *item;
    nst_status status = NST_OK;
    if (cJSON_GetArraySize(list) == 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: expected at least one", label);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            return fail_type(label, "strings", item, error);
        status = item == list->child ? nst_value_set(o, label, item->valuestring, args, error)
                                     : nst_value_add(o, label, item->valuestring, args, error);
        if (status == NST_ERR_ARGUMENT)
            status = error->status = NST_ERR_FORMAT;
        if (status != NST_OK)
            break;
    }
    return status;
}

static nst_status apply_all(const cJSON *object, nst_place place, const char *prefix,
                            nst_args *args, nst_error *error)
{
    char label[LABEL_MAX];
    nst_status status = NST_OK;
    for (int i = 0; i < nst_option_count && status == NST_OK; i++) {
        const nst_option *o = &nst_option_table[i];
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, o->name);
        if (o->place != place || !item)
            continue;
        snprintf(label, sizeof label, "%s%s", prefix, o->name);
        status = nst_value_is_list(o) && cJSON_IsArray(item)
                     ? apply_list(o, label, item, args, error)
                     : apply(o, label, item, args, error);
    }
    return status;
}

/* ---- keys ------------------------------------------------------------------------------------ */

typedef bool (*key_known)(const char *key);

static bool in_place(const char *key, nst_place place)
{
    int row = nst_option_find(key);
    return row >= 0 && nst_option_table[row].place == place;
}

static bool known_in_entry(const char *key)
{
    return in_place(key, NST_PLACE_JOB) || strcmp(key, "options") == 0 ||
           strcmp(key, "sha256") == 0 || strcmp(key, "nst") == 0 || strcmp(key, "result") == 0;
}

static bool known_at_top(const char *key)
{
    return known_in_entry(key) || strcmp(key, "jobs") == 0;
}

static bool known_in_options(const char *key)
{
    return in_place(key, NST_PLACE_OPTIONS);
}

static bool known_in_sha256(const char *key)
{
    return in_place(key, NST_PLACE_JOB) || strcmp(key, "init") == 0 || strcmp(key, "weights") == 0;
}

/* Every key known, none twice. */
static nst_status check_keys(const cJSON *object, const char *prefix, key_known known,
                             nst_error *error)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        const char *key = item->string;
        if (cJSON_GetObjectItemCaseSensitive(object, key) != item)
            return nst_fail(error, NST_ERR_FORMAT, "%s%s: given twice", prefix, key);
        if (known(key))
            continue;
        const char *near =
            nst_option_nearest(key, known == known_in_options ? NST_PLACE_OPTIONS : NST_PLACE_JOB);
        if (near && known(near))
            return nst_fail(error, NST_ERR_FORMAT, "%s%s: unknown key (did you mean %s?)", prefix,
                            key, near);
        if ((known == known_at_top || known == known_in_entry) && known_in_options(key))
            return nst_fail(error, NST_ERR_FORMAT, "%s%s: belongs into \"options\"", prefix, key);
        return nst_fail(error, NST_ERR_FORMAT, "%s%s: unknown key", prefix, key);
    }
    return NST_OK;
}

/* ---- digests --------------------------------------------------------------------------------- */

static nst_status check_digest(const cJSON *item, const char *path, const char *key, bool or_empty,
                               char out[65], nst_error *error)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : " ";
    if (or_empty && *text == '\0') {
        out[0] = '\0';
        return NST_OK;
    }
    if (strlen(text) != 64 || text[strspn(text, "0123456789abcdefABCDEF")] != '\0')
        return nst_fail(error, NST_ERR_FORMAT, "%s: sha256.%s: expected 64 hexadecimal digits",
                        path, key);
    memcpy(out, text, 65);
    return NST_OK;
}

static nst_status read_digest(const cJSON *object, const char *path, const char *key, char out[65],
                              nst_error *error)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return item ? check_digest(item, path, key, false, out, error) : NST_OK;
}

/* One digest, or a list in which "" says nothing. */
static nst_status read_digest_list(const cJSON *object, const char *path, const char *key,
                                   char out[NST_STYLES_MAX][65], nst_error *error)
{
    const cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(object, key);
    int count = 0;
    if (!cJSON_IsArray(list))
        return read_digest(object, path, key, out[0], error);
    cJSON_ArrayForEach(item, list)
    {
        if (count == NST_STYLES_MAX)
            return nst_fail(error, NST_ERR_FORMAT, "%s: sha256.%s: expected at most %d", path, key,
                            NST_STYLES_MAX);
        nst_status status = check_digest(item, path, key, true, out[count++], error);
        if (status != NST_OK)
            return status;
    }
    return NST_OK;
}

static nst_status read_digests(const cJSON *object, const char *path, nst_digests *out,
                               nst_error *error)
{
    nst_status status;
    if ((status = read_digest(object, path, "content", out->content, error)) != NST_OK ||
        (status = read_digest_list(object, path, "style", out->styles, error)) != NST_OK ||
        (status = read_digest(object, path, "content-mask", out->content_mask, error)) != NST_OK ||
        (status = read_digest_list(object, path, "style-mask", out->style_masks, error)) !=
            NST_OK ||
        (status = read_digest(object, path, "init", out->init, error)) != NST_OK ||
        (status = read_digest(object, path, "weights", out->weights, error)) != NST_OK)
        return status;
    return NST_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A member that must be an object when it is there; NULL when it is not. */
static nst_status find_object(const cJSON *json, const char *path, const char *key,
                              const cJSON **out, nst_error *error)
{
    *out = cJSON_GetObjectItemCaseSensitive(json, key);
    if (!*out || cJSON_IsObject(*out))
        return NST_OK;
    return nst_fail(error, NST_ERR_FORMAT, "%s: %s: expected an object, got %s", path, key,
                    type_name(*out));
}

/* What an object says, into args->job. where names it in messages. */
static nst_status load_object(const cJSON *json, const char *where, key_known known, nst_args *args,
                              nst_error *error)
{
    char top[LABEL_MAX], inside[LABEL_MAX], digests[LABEL_MAX];
    const cJSON *options, *sha256;
    nst_status status;
    snprintf(top, sizeof top, "%.300s: ", where);
    snprintf(inside, sizeof inside, "%.300s: options.", where);
    snprintf(digests, sizeof digests, "%.300s: sha256.", where);

    if ((status = check_keys(json, top, known, error)) != NST_OK ||
        (status = find_object(json, where, "options", &options, error)) != NST_OK ||
        (status = find_object(json, where, "sha256", &sha256, error)) != NST_OK ||
        (status = check_keys(options, inside, known_in_options, error)) != NST_OK ||
        (status = check_keys(sha256, digests, known_in_sha256, error)) != NST_OK ||
        (status = apply_all(json, NST_PLACE_JOB, top, args, error)) != NST_OK ||
        (status = apply_all(options, NST_PLACE_OPTIONS, inside, args, error)) != NST_OK ||
        (status = read_digests(sha256, where, &args->job.expected, error)) != NST_OK)
        return status;
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(json, "nst");
    if (cJSON_IsString(version))
        snprintf(args->recorded_version, sizeof args->recorded_version, "%s", version->valuestring);
    return NST_OK;
}

/* What the defaults expect of a file is not said of the one that an entry names. */
static void forget_digests(const cJSON *entry, nst_digests *expected)
{
    if (cJSON_GetObjectItemCaseSensitive(entry, "content"))
        expected->content[0] = '\0';
    if (cJSON_GetObjectItemCaseSensitive(entry, "style"))
        memset(expected->styles, 0, sizeof expected->styles);
    if (cJSON_GetObjectItemCaseSensitive(entry, "content-mask"))
        expected->content_mask[0] = '\0';
    if (cJSON_GetObjectItemCaseSensitive(entry, "style-mask"))
        memset(expected->style_masks, 0, sizeof expected->style_masks);
}

/* An entry of the list: the defaults in args->job, and what it says itself. */
static nst_status load_entry(const cJSON *json, const char *path, nst_args *args, nst_error *error)
{
    char where[LABEL_MAX];
    nst_job defaults = args->job, *entry = &args->entries[args->entry_count];
    snprintf(where, sizeof where, "%.280s: jobs[%d]", path, args->entry_count + 1);
    if (!cJSON_IsObject(json))
        return nst_fail(error, NST_ERR_FORMAT, "%s: expected an object, got %s", where,
                        type_name(json));
    if (nst_job_copy(&defaults, entry) != NST_OK)
        return nst_fail_memory(error);
    forget_digests(json, &entry->expected);
    args->entry_count++;
    args->job = *entry;
    nst_status status = load_object(json, where, known_in_entry, args, error);
    *entry = args->job;
    args->job = defaults;
    return status;
}

static nst_status load_entries(const cJSON *list, const char *path, nst_args *args,
                               nst_error *error)
{
    const cJSON *item;
    nst_status status = NST_OK;
    if (!cJSON_IsArray(list))
        return nst_fail(error, NST_ERR_FORMAT, "%s: jobs: expected a list, got %s", path,
                        type_name(list));
    if (cJSON_GetArraySize(list) == 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: jobs: expected at least one job", path);
    args->entries = calloc((size_t)cJSON_GetArraySize(list), sizeof *args->entries);
    if (!args->entries)
        return nst_fail_memory(error);
    cJSON_ArrayForEach(item, list)
    {
        if (status == NST_OK)
            status = load_entry(item, path, args, error);
    }
    return status;
}

nst_status nst_job_apply(const cJSON *object, const char *where, nst_args *args, nst_error *error)
{
    return load_object(object, where, known_in_entry, args, error);
}

nst_status nst_job_load(const char *path, nst_args *args, nst_error *error)
{
    char *text = NULL;
    size_t length = 0;
    nst_status status = read_file(path, &text, &length, error);
    if (status == NST_OK)
        status = nst_job_load_text(text, length, path, args, error);
    free(text);
    return status;
}

nst_status nst_job_load_text(char *text, size_t length, const char *path, nst_args *args,
                             nst_error *error)
{
    cJSON *json = NULL;
    nst_status status = parse(path, text, length, &json, error);
    if (status != NST_OK)
        return status;
    status = load_object(json, path, known_at_top, args, error);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "jobs");
    if (status == NST_OK && list)
        status = load_entries(list, path, args, error);
    cJSON_Delete(json);
    return status;
}
