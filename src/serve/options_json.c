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

static const char *kind_name(const nst_option *o)
{
    const nst_option_info *info = nst_option_of_library(o);
    if (info && info->kind == NST_OPTION_SEED)
        return "seed";
    if (info && info->kind == NST_OPTION_LAYERS)
        return "layers";
    switch (nst_value_form(o)) {
    case NST_FORM_NUMBER_OR_FULL:
        return "size";
    case NST_FORM_NUMBER:
        return info && info->kind != NST_OPTION_INT ? "number" : "integer";
    default:
        return "choice";
    }
}

static int is_number(const nst_option *o)
{
    nst_form form = nst_value_form(o);
    return form == NST_FORM_NUMBER || form == NST_FORM_NUMBER_OR_FULL;
}

static cJSON *describe(const nst_option *o, const nst_args *defaults)
{
    char buffer[NST_VALUE_TEXT_MAX];
    cJSON *json = cJSON_CreateObject();
    const nst_option_info *info = nst_option_of_library(o);
    const char *const *choices = info ? info->choices : o->choices;
    const char *value = nst_value_text(o, defaults, buffer);
    cJSON_AddStringToObject(json, "name", o->name);
    cJSON_AddStringToObject(json, "kind", kind_name(o));
    cJSON_AddStringToObject(json, "help", nst_option_help(o));
    if (is_number(o)) {
        cJSON_AddNumberToObject(json, "low", info ? info->low : o->low);
        cJSON_AddNumberToObject(json, "high", info ? info->high : o->high);
    }
    if (value && is_number(o) && strcmp(value, "full") != 0)
        cJSON_AddNumberToObject(json, "default", strtod(value, NULL));
    else if (value)
        cJSON_AddStringToObject(json, "default", value);
    if (choices) {
        cJSON *names = cJSON_AddArrayToObject(json, "choices");
        for (; *choices; choices++)
            cJSON_AddItemToArray(names, cJSON_CreateString(*choices));
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
