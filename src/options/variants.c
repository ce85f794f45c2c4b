/* Options with several values. */
#include "options/variants.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

bool nst_variants_allowed(const char *name)
{
    return strcmp(name, "strength") == 0 || strcmp(name, "style-scale") == 0 ||
           strcmp(name, "seed") == 0;
}

/* One value, checked and printed as the library prints it, so that 0.5 and 0.50 are the same. */
static nst_status add_value(nst_axis *axis, const char *label, const char *text, nst_error *error)
{
    nst_options scratch;
    nst_error cause = {0};
    char *value = axis->values[axis->count];
    nst_options_default(&scratch);
    nst_status status = nst_options_set(&scratch, axis->name, text, &cause);
    if (status != NST_OK)
        return nst_fail(error, status, "%s%s", label, cause.message + strlen(axis->name));
    status = nst_options_get(&scratch, axis->name, value, NST_AXIS_TEXT_MAX, error);
    for (int i = 0; i < axis->count && status == NST_OK; i++)
        if (strcmp(axis->values[i], value) == 0)
            status = nst_fail(error, NST_ERR_ARGUMENT, "%s: %s is given twice", label, value);
    axis->count += status == NST_OK;
    return status;
}

nst_status nst_variants_add(nst_variants *variants, const char *name, const char *label,
                            const char *text, nst_error *error)
{
    nst_status status = NST_OK;
    if (variants->count == NST_AXES_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected one value", label);
    nst_axis *axis = &variants->axes[variants->count];
    *axis = (nst_axis){.name = name};
    for (const char *part = text;; part++) {
        char value[64];
        size_t length = strcspn(part, ",");
        if (axis->count == NST_AXIS_VALUES_MAX)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected at most %d values", label,
                            NST_AXIS_VALUES_MAX);
        if (length >= sizeof value)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s %.60s...: expected a number", label, part);
        snprintf(value, sizeof value, "%.*s", (int)length, part);
        if ((status = add_value(axis, label, value, error)) != NST_OK)
            return status;
        part += length;
        if (*part == '\0')
            break;
    }
    variants->count++;
    if (nst_variants_count(variants) > NST_VARIANTS_MAX)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected at most %d combinations, got %d",
                        label, NST_VARIANTS_MAX, nst_variants_count(variants));
    return NST_OK;
}

int nst_variants_count(const nst_variants *variants)
{
    int count = 1;
    for (int i = 0; i < variants->count; i++)
        count *= variants->axes[i].count;
    return count;
}

/* The place of combination `index` on an axis. */
static int place_on(const nst_variants *variants, int index, int axis)
{
    for (int i = variants->count - 1; i > axis; i--)
        index /= variants->axes[i].count;
    return index % variants->axes[axis].count;
}

const char *nst_variants_value(const nst_variants *variants, int index, const char *name)
{
    for (int i = 0; i < variants->count; i++)
        if (strcmp(variants->axes[i].name, name) == 0)
            return variants->axes[i].values[place_on(variants, index, i)];
    return NULL;
}

nst_status nst_variants_apply(const nst_variants *variants, int index, nst_options *options,
                              nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < variants->count && status == NST_OK; i++) {
        const nst_axis *axis = &variants->axes[i];
        status =
            nst_options_set(options, axis->name, axis->values[place_on(variants, index, i)], error);
    }
    return status;
}

const char *nst_variants_text(const nst_variants *variants, int index, const char *before,
                              const char *between, char text[NST_VARIANT_TEXT_MAX])
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < variants->count && used < NST_VARIANT_TEXT_MAX; i++) {
        const nst_axis *axis = &variants->axes[i];
        used += (size_t)snprintf(text + used, NST_VARIANT_TEXT_MAX - used, "%s%s%s%s", before,
                                 axis->name, between, axis->values[place_on(variants, index, i)]);
    }
    return text;
}
