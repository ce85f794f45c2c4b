/* Values of options, from text and back. */
#include "options/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "options/style_spec.h"
#include "util/number.h"

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

static nst_status set_int(const nst_option *o, const char *label, const char *text, int *out,
                          nst_error *error)
{
    const char *or_full = o->kind == NST_KIND_SIZE ? ", or full" : "";
    long value;
    if (*or_full && strcmp(text, "full") == 0) {
        *out = 0;
        return NST_OK;
    }
    if (!nst_number_int(text, &value))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a whole number, %.0f to %.0f%s",
                        label, text, o->low, o->high, or_full);
    if ((double)value < o->low || (double)value > o->high)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected %.0f to %.0f%s", label, text,
                        o->low, o->high, or_full);
    *out = (int)value;
    return NST_OK;
}

static nst_status set_real(const nst_option *o, const char *label, const char *text, float *out,
                           nst_error *error)
{
    double value;
    if (!nst_number_real(text, &value))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a number, %.10g to %.10g", label,
                        text, o->low, o->high);
    if (value < o->low || value > o->high)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected %.10g to %.10g", label, text,
                        o->low, o->high);
    *out = (float)value;
    return NST_OK;
}

static const nst_choice *find_choice(const nst_choice *choices, const char *text)
{
    for (; choices->name; choices++)
        if (strcmp(choices->name, text) == 0)
            return choices;
    return NULL;
}

static nst_status set_choice(const nst_option *o, const char *label, const char *text, int *out,
                             nst_error *error)
{
    const nst_choice *choice = find_choice(o->choices, text);
    if (!choice) {
        char list[128];
        size_t used = 0;
        for (const nst_choice *c = o->choices; c->name && used < sizeof list; c++) {
            const char *comma = c == o->choices ? "" : c[1].name ? ", " : " or ";
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", comma, c->name);
        }
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected %s", label, text, list);
    }
    *out = choice->value;
    return NST_OK;
}

static nst_status set_preset(const nst_option *o, const char *label, const char *text,
                             nst_options *options, nst_error *error)
{
    int preset = NST_PRESET_NORMAL;
    nst_status status = set_choice(o, label, text, &preset, error);
    if (status == NST_OK)
        nst_options_preset(options, (nst_preset)preset);
    return status;
}

/* A strength on the command line wins over the weights of a record. */
static nst_status set_strength(const nst_option *o, const char *label, const char *text,
                               nst_options *options, nst_error *error)
{
    nst_status status = set_real(o, label, text, &options->strength, error);
    if (status == NST_OK)
        options->content_weight = options->tv_weight = NST_BY_MODEL;
    return status;
}

static nst_status set_init(const nst_option *o, const char *label, const char *text, nst_args *args,
                           nst_error *error)
{
    char **path = field(args, o->count_offset);
    int *init = field(args, o->offset);
    const nst_choice *choice = find_choice(o->choices, text);
    if (choice) {
        free(*path);
        *path = NULL;
        *init = choice->value;
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
    case NST_KIND_INT:
    case NST_KIND_SIZE:
        return set_int(option, label, text, place, error);
    case NST_KIND_REAL:
    case NST_KIND_WEIGHT:
        return set_real(option, label, text, place, error);
    case NST_KIND_STRENGTH:
        return set_strength(option, label, text, &args->job.options, error);
    case NST_KIND_SEED:
        if (!nst_number_seed(text, place))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s %s: expected a whole number, 0 to 18446744073709551615", label,
                            text);
        return NST_OK;
    case NST_KIND_BYTES:
        if (!nst_number_bytes(text, place))
            return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a size, such as 800M or 6G",
                            label, text);
        return NST_OK;
    case NST_KIND_SHARD:
        if (!nst_shard_parse(text, place))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s %s: expected K/N with K from 1 to N, or slurm, mpi or slurm+mpi",
                            label, text);
        return NST_OK;
    case NST_KIND_CHOICE:
        return set_choice(option, label, text, place, error);
    case NST_KIND_PRESET:
        return set_preset(option, label, text, &args->job.options, error);
    case NST_KIND_LAYERS:
        return nst_layers_parse(label, text, place, field(args, option->count_offset), error);
    case NST_KIND_INIT:
        return set_init(option, label, text, args, error);
    }
    return NST_OK;
}

/* ---- out ------------------------------------------------------------------------------------- */

static const char *choice_name(const nst_choice *choices, int value)
{
    for (; choices->name; choices++)
        if (choices->value == value)
            return choices->name;
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
    case NST_KIND_PRESET:
    case NST_KIND_STYLES:
    case NST_KIND_MASKS:
    case NST_KIND_SHARD:
        return NULL;
    case NST_KIND_TEXT:
        return *(char *const *)place;
    case NST_KIND_SIZE:
        if (*(const int *)place == 0)
            return "full";
        /* fall through */
    case NST_KIND_INT:
        snprintf(buffer, NST_VALUE_TEXT_MAX, "%d", *(const int *)place);
        return buffer;
    case NST_KIND_WEIGHT:
        if (*(const float *)place == NST_BY_MODEL)
            return NULL;
        /* fall through */
    case NST_KIND_REAL:
    case NST_KIND_STRENGTH:
        nst_number_print(*(const float *)place, buffer, NST_VALUE_TEXT_MAX);
        return buffer;
    case NST_KIND_BYTES:
    case NST_KIND_SEED:
        snprintf(buffer, NST_VALUE_TEXT_MAX, "%" PRIu64, *(const uint64_t *)place);
        return buffer;
    case NST_KIND_CHOICE:
        return choice_name(option->choices, *(const int *)place);
    case NST_KIND_LAYERS:
        if (*(const int *)other == 0)
            return NULL;
        nst_layers_print(place, *(const int *)other, buffer, NST_VALUE_TEXT_MAX);
        return buffer;
    case NST_KIND_INIT:
        name = choice_name(option->choices, *(const int *)place);
        return name ? name : *(char *const *)other;
    }
    return NULL;
}
