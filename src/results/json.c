/* JSON that several outputs have in common. */
#include "results/json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "util/utf8.h"

bool nst_json_add_seconds(cJSON *object, const char *key, double seconds)
{
    char text[32];
    snprintf(text, sizeof text, "%.3f", seconds);
    return cJSON_AddRawToObject(object, key, text);
}

bool nst_json_add_losses(cJSON *object, const nst_losses *losses)
{
    return cJSON_AddNumberToObject(object, "content-loss", losses->content) &&
           cJSON_AddNumberToObject(object, "style-loss", losses->style) &&
           cJSON_AddNumberToObject(object, "tv-loss", losses->tv) &&
           cJSON_AddNumberToObject(object, "total-loss", losses->total);
}

char *nst_json_text(cJSON *object, bool complete, bool indented)
{
    char *text = !complete ? NULL : indented ? cJSON_Print(object) : cJSON_PrintUnformatted(object);
    char *valid = text ? nst_utf8_escape(text) : NULL, *lines = NULL;
    if (valid && asprintf(&lines, "%s\n", valid) < 0)
        lines = NULL;
    free(valid);
    cJSON_free(text);
    cJSON_Delete(object);
    return lines;
}

nst_status nst_json_print(cJSON *object, bool complete, nst_error *error)
{
    char *text = nst_json_text(object, complete, true);
    if (!text)
        return nst_fail_memory(error);
    fputs(text, stdout);
    free(text);
    return NST_OK;
}
