#include "serve/http/answer.h"

#include <string.h>

void nst_answer_json(nst_answer *answer, int status, cJSON *json)
{
    char *text = json ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    if (!text) {
        static char memory[] = "{\"error\":\"out of memory\"}";
        *answer = (nst_answer){.status = MHD_HTTP_SERVICE_UNAVAILABLE,
                               .type = "application/json",
                               .bytes = memory,
                               .size = sizeof memory - 1,
                               .is_static = 1};
        return;
    }
    *answer = (nst_answer){
        .status = status, .type = "application/json", .bytes = text, .size = strlen(text)};
}

void nst_answer_refuse(nst_answer *answer, int status, const char *message)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "error", message);
    nst_answer_json(answer, status, json);
}
