/* Values of options, from text and back. */
#include "options/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "options/style_spec.h"
#include "values/read.h"

static void *field(nst_args *args, size_t offset)
{
    return (char *)args + offset;
}

static const void *const_field(const nst_args *args, size_t offset)
{
    return (const char *)args + offset;
}

/* ---- in -------------------------------------------------------------------------------------- */

static nst_status set_text(const char *label, const char *text, char **out, nst_error *error)
{
    if (*text == '\0')
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected the name of a file", label);
    char *copy = strdup(text);
    if (!copy)
        return nst_fail_memory(error);
    free(*out);
    *out = copy;
    return NST_OK;
}

static nst_status check_room(const char *label, int count, nst_error *error)
{
    if (count >= NST_STYLES_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected at most %d", label, NST_STYLES_MAX);
    return NST_OK;
}

static nst_status add_style(const char *label, const char *text, nst_style_source *list, int *count,
                            nst_error *error)
{
    nst_status status = check_room(label, *count, error);
    if (status == NST_OK)
        status = nst_style_parse(label, text, &list[*count], error);
    *count += status == NST_OK;
    return status;
}

static nst_status add_mask(const char *label, const char *text, char **list, int *count,
                           nst_error *error)
{
    nst_status status = check_room(label, *count, error);
    if (status == NST_OK && strcmp(text, "none") != 0)
        status = set_text(label, text, &list[*count], error);
    *count += status == NST_OK;
    return status;
}

/* The library's message begins with the name of the option, in place of which the label goes. */
static nst_status set_in_library(const nst_option *o, const char *label, const char *text,
                                 nst_options *options, nst_error *error)
{
    nst_error cause = {0};
    nst_status status = nst_options_set(options, o->name, text, &cause);
    return status == NST_OK
               ? NST_OK
               : nst_fail(error, status, "%s%s", label, cause.message + strlen(o->name));
}

static nst_status set_choice(const nst_option *o, const char *label, const char *text, int *out,
                             nst_error *error)
{
    int index = 0;
    nst_status status = nst_read_choice(label, text, o->choices, &index, error);
    if (status == NST_OK)
        *out = o->values[index];
    return status;
}

static nst_status set_init(const nst_option *o, const char *label, const char *text, nst_args *args,
                           nst_error *error)
{
    char **path = field(args, o->count_offset);
    int *init = field(args, o->offset);
    int index = nst_choice_index(o->choices, text);
    if (index >= 0) {
        free(*path);
        *path = NULL;
        *init = o->values[index];
        return NST_OK;
    }
    nst_status status = set_text(label, text, path, error);
    if (status == NST_OK)
        *init = NST_INIT_IMAGE;
    return status;
}

bool nst_value_is_list(const nst_option *option)
{
    return option->kind == NST_KIND_STYLES || option->kind == NST_KIND_MASKS;
}

static void clear_list(const nst_option *option, nst_args *args)
{
    int *count = field(args, option->count_offset);
    nst_style_source *styles = field(args, option->offset);
    char **masks = field(args, option->offset);
    for (int i = 0; i < *count; i++) {
        char **path = option->kind == NST_KIND_STYLES ? &styles[i].path : &masks[i];
        free(*path);
        *path = NULL;
    }
    *count = 0;
}

nst_status nst_value_add(const nst_option *option, const char *label, const char *text,
                         nst_args *args, nst_error *error)
{
    void *list = field(args, option->offset);
    int *count = field(args, option->count_offset);
    return option->kind == NST_KIND_STYLES ? add_style(label, text, list, count, error)
                                           : add_mask(label, text, list, count, error);
}

nst_status nst_value_set(const nst_option *option, const char *label, const char *text,
                         nst_args *args, nst_error *error)
{
    void *place = field(args, option->offset);
    switch (option->kind) {
    case NST_KIND_FLAG:
        *(int *)place = (int)option->low;
        return NST_OK;
    case NST_KIND_TEXT:
        return set_text(label, text, place, error);
    case NST_KIND_STYLES:
    case NST_KIND_MASKS:
        clear_list(option, args);
        return nst_value_add(option, label, text, args, error);
    case NST_KIND_LIBRARY:
        return set_in_library(option, label, text, &args->job.options, error);
    case NST_KIND_INT:
        return nst_read_int(label, text, option->low, option->high, false, place, error);
    case NST_KIND_BYTES:
        return nst_read_bytes(label, text, place, error);
    case NST_KIND_SHARD:
        if (!nst_shard_parse(text, place))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s %s: expected K/N with K from 1 to N, or slurm, mpi or slurm+mpi",
                            label, text);
        return NST_OK;
    case NST_KIND_CHOICE:
        return set_choice(option, label, text, place, error);
    case NST_KIND_INIT:
        return set_init(option, label, text, args, error);
    }
    return NST_OK;
}

nst_form nst_value_form(const nst_option *option)
{
    const nst_option_info *info = nst_option_of_library(option);
    if (option->kind == NST_KIND_FLAG)
        return NST_FORM_TRUE;
    if (option->kind == NST_KIND_INT)
        return NST_FORM_NUMBER;
    if (!info)
        return NST_FORM_TEXT;
    switch (info->kind) {
    case NST_OPTION_INT:
    case NST_OPTION_REAL:
    case NST_OPTION_WEIGHT:
    case NST_OPTION_STRENGTH:
        return NST_FORM_NUMBER;
    case NST_OPTION_SIZE:
        return NST_FORM_NUMBER_OR_FULL;
    case NST_OPTION_SEED:
        return NST_FORM_DIGITS;
    default:
        return NST_FORM_TEXT;
    }
}

/* ---- out ------------------------------------------------------------------------------------- */

static const char *choice_name(const nst_option *option, int value)
{
    for (int i = 0; option->choices[i]; i++)
        if (option->values[i] == value)
            return option->choices[i];
    return NULL;
}

const char *nst_value_text(const nst_option *option, const nst_args *args,
                           char buffer[NST_VALUE_TEXT_MAX])
{
    const void *place = const_field(args, option->offset);
    const void *other = const_field(args, option->count_offset);
    const char *name;
    switch (option->kind) {
    case NST_KIND_FLAG:
    case NST_KIND_STYLES:
    case NST_KIND_MASKS:
    case NST_KIND_SHARD:
        return NULL;
    case NST_KIND_TEXT:
        return *(char *const *)place;
    case NST_KIND_LIBRARY:
        (void)nst_options_get(&args->job.options, option->name, buffer, NST_VALUE_TEXT_MAX, NULL);
        /* What is left to the model is not said: a record has what came of it. */
        return buffer[0] && strcmp(buffer, NST_OPTION_BY_MODEL) != 0 ? buffer : NULL;
    case NST_KIND_INT:
        snprintf(buffer, NST_VALUE_TEXT_MAX, "%d", *(const int *)place);
        return buffer;
    case NST_KIND_BYTES:
        snprintf(buffer, NST_VALUE_TEXT_MAX, "%" PRIu64, *(const uint64_t *)place);
        return buffer;
    case NST_KIND_CHOICE:
        return choice_name(option, *(const int *)place);
    case NST_KIND_INIT:
        name = choice_name(option, *(const int *)place);
        return name ? name : *(char *const *)other;
    }
    return NULL;
}
