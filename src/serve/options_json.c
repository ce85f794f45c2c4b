#include "serve/options_json.h"

#include <stdlib.h>
#include <string.h>

#include "options/option.h"
#include "options/value.h"

int nst_options_may_set(const char *name)
{
    static const char *const servers_own[] = {"threads", "max-memory", "weights", "save-every"};
    int row = nst_option_find(name);
    if (row < 0 || nst_option_table[row].place != NST_PLACE_OPTIONS)
        return 0;
    for (size_t i = 0; i < sizeof servers_own / sizeof *servers_own; i++)
        if (strcmp(servers_own[i], name) == 0)
            return 0;
    return nst_option_table[row].kind != NST_KIND_TEXT;
}

static const char *kind_name(nst_kind kind)
{
    switch (kind) {
    case NST_KIND_INT:
        return "integer";
    case NST_KIND_SIZE:
        return "size";
    case NST_KIND_REAL:
        return "number";
    case NST_KIND_SEED:
        return "seed";
    case NST_KIND_LAYERS:
        return "layers";
    default:
        return "choice";
    }
}

static int has_range(nst_kind kind)
{
    return kind == NST_KIND_INT || kind == NST_KIND_SIZE || kind == NST_KIND_REAL;
}

static cJSON *describe(const nst_option *o, const nst_args *defaults)
{
    char buffer[NST_VALUE_TEXT_MAX];
    cJSON *json = cJSON_CreateObject();
    const char *value = nst_value_text(o, defaults, buffer);
    cJSON_AddStringToObject(json, "name", o->name);
    cJSON_AddStringToObject(json, "kind", kind_name(o->kind));
    cJSON_AddStringToObject(json, "help", o->help);
    if (has_range(o->kind)) {
        cJSON_AddNumberToObject(json, "low", o->low);
        cJSON_AddNumberToObject(json, "high", o->high);
    }
    if (value && has_range(o->kind) && strcmp(value, "full") != 0)
        cJSON_AddNumberToObject(json, "default", strtod(value, NULL));
    else if (value)
        cJSON_AddStringToObject(json, "default", value);
    if (o->choices) {
        cJSON *choices = cJSON_AddArrayToObject(json, "choices");
        for (const nst_choice *c = o->choices; c->name; c++)
            cJSON_AddItemToArray(choices, cJSON_CreateString(c->name));
    }
    return json;
}

cJSON *nst_options_describe(void)
{
    nst_args defaults = {0};
    cJSON *json = NULL;
    if (nst_args_default(&defaults, NULL) == NST_OK) {
        json = cJSON_CreateObject();
        cJSON *list = cJSON_AddArrayToObject(json, "options");
        for (int i = 0; i < nst_option_count; i++)
            if (nst_options_may_set(nst_option_table[i].name))
                cJSON_AddItemToArray(list, describe(&nst_option_table[i], &defaults));
    }
    nst_args_destroy(&defaults);
    return json;
}
