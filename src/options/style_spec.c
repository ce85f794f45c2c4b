/* Styles of a job, from text and back. */
#include "options/style_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "hub/styles.h"
#include "values/number.h"

/* Take ":WEIGHT" or "@REGION" off the end of the path. *more is false when there is neither. */
static nst_status take_suffix(const char *label, const char *text, char *path,
                              nst_style_source *out, bool *has_weight, bool *more, nst_error *error)
{
    char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *colon = strrchr(name, ':'), *at = strrchr(name, '@');
    double weight;
    long region;
    *more = false;
    if (colon && (!at || colon > at) && !*has_weight && nst_number_real(colon + 1, &weight)) {
        if (!(weight >= 0.0 && weight <= 1e9))
            return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a weight of 0 to 1000000000",
                            label, text);
        out->weight = (float)weight;
        *colon = '\0';
        *has_weight = *more = true;
    } else if (at && (!colon || at > colon) && out->region == 0 &&
               nst_number_int(at + 1, &region)) {
        if (region < 1 || region > NST_REGIONS_MAX)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a region of 1 to %d", label,
                            text, NST_REGIONS_MAX);
        out->region = (int)region;
        *at = '\0';
        *more = true;
    }
    return NST_OK;
}

nst_status nst_style_parse(const char *label, const char *text, nst_style_source *out,
                           nst_error *error)
{
    nst_style_source style = {.weight = 1.0f};
    bool has_weight = false, more = true;
    nst_status status = NST_OK;
    char known[PATH_MAX], *path = strdup(text);
    if (!path)
        return nst_fail_memory(error);
    while (more && status == NST_OK && access(path, F_OK) != 0)
        status = take_suffix(label, text, path, &style, &has_weight, &more, error);
    if (status == NST_OK && *path == '\0')
        status = nst_fail(error, NST_ERR_ARGUMENT, "%s: expected the name of a file", label);
    if (status != NST_OK) {
        free(path);
        return status;
    }
    const char *located = nst_styles_locate(path, known);
    if (located != path) {
        free(path);
        path = strdup(located);
        if (!path)
            return nst_fail_memory(error);
    }
    *out = style;
    out->path = path;
    return NST_OK;
}

char *nst_style_print(const nst_style_source *style)
{
    char weight[32], after_colon[40] = "", after_at[16] = "", *text;
    nst_text_float(style->weight, weight, sizeof weight);
    /* A name that contains ':' or '@' always gets a weight, so that reading it back takes nothing
     * off the name.
     */
    if (strcmp(weight, "1") != 0 || strpbrk(style->path, ":@"))
        snprintf(after_colon, sizeof after_colon, ":%s", weight);
    if (style->region != 0)
        snprintf(after_at, sizeof after_at, "@%d", style->region);
    return asprintf(&text, "%s%s%s", style->path, after_colon, after_at) < 0 ? NULL : text;
}
