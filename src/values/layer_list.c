/* Layer lists, from text and back. */
#include "values/layer_list.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "values/number.h"

/* One item, "relu4_2" or "relu4_2:0.5", of `length` characters. */
static nst_status parse_item(const char *label, const char *item, size_t length,
                             nst_layer_weight *out, nst_error *error)
{
    char word[64];
    double weight = 1.0;
    if (length == 0 || length >= sizeof word)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s: expected layers like relu4_2 or relu1_1:1,relu2_1:0.5", label);
    memcpy(word, item, length);
    word[length] = '\0';

    char *colon = strchr(word, ':');
    if (colon)
        *colon = '\0';
    out->layer = nst_layer_find(word);
    if (out->layer < 0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s: there is no layer %s; expected relu1_1 to relu5_4", label, word);
    if (colon && (!nst_number_real(colon + 1, &weight) || weight < 0.0 || weight > 1e9))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: %s:%s: expected a weight of 0 to 1000000000",
                        label, word, colon + 1);
    out->weight = (float)weight;
    return NST_OK;
}

nst_status nst_layers_parse(const char *label, const char *text, nst_layer_weight *list, int *count,
                            nst_error *error)
{
    nst_layer_weight parsed[NST_LAYER_MAX] = {{0}};
    int n = 0;
    for (const char *item = text;; item++) {
        size_t length = strcspn(item, ",");
        nst_layer_weight next = {0};
        nst_status status = parse_item(label, item, length, &next, error);
        if (status != NST_OK)
            return status;
        /* There are NST_LAYER_MAX layers, so a list without repetitions always fits. */
        for (int i = 0; i < n; i++)
            if (parsed[i].layer == next.layer)
                return nst_fail(error, NST_ERR_ARGUMENT, "%s: %s is listed twice", label,
                                nst_layer_name(next.layer));
        parsed[n++] = next;
        item += length;
        if (*item == '\0')
            break;
    }
    memcpy(list, parsed, (size_t)n * sizeof *list);
    *count = n;
    return NST_OK;
}

void nst_layers_print(const nst_layer_weight *list, int count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count && used < size; i++) {
        char weight[32];
        nst_text_float(list[i].weight, weight, sizeof weight);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? "," : "",
                                 nst_layer_name(list[i].layer));
        if (strcmp(weight, "1") != 0 && used < size)
            used += (size_t)snprintf(text + used, size - used, ":%s", weight);
    }
}
