#include "values/read.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "values/number.h"

nst_status nst_read_int(const char *label, const char *text, double low, double high, bool or_full,
                        int *out, nst_error *error)
{
    const char *also = or_full ? ", or full" : "";
    long value;
    if (or_full && strcmp(text, "full") == 0) {
        *out = 0;
        return NST_OK;
    }
    if (!nst_number_int(text, &value))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a whole number, %.0f to %.0f%s",
                        label, text, low, high, also);
    if ((double)value < low || (double)value > high)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected %.0f to %.0f%s", label, text, low,
                        high, also);
    *out = (int)value;
    return NST_OK;
}

nst_status nst_read_real(const char *label, const char *text, double low, double high, float *out,
                         nst_error *error)
{
    double value;
    if (!nst_number_real(text, &value))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a number, %.10g to %.10g", label,
                        text, low, high);
    if (value < low || value > high)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected %.10g to %.10g", label, text, low,
                        high);
    *out = (float)value;
    return NST_OK;
}

nst_status nst_read_seed(const char *label, const char *text, uint64_t *out, nst_error *error)
{
    if (!nst_number_seed(text, out))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s %s: expected a whole number, 0 to 18446744073709551615", label, text);
    return NST_OK;
}

nst_status nst_read_bytes(const char *label, const char *text, uint64_t *out, nst_error *error)
{
    if (!nst_number_bytes(text, out))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected a size, such as 800M or 6G",
                        label, text);
    return NST_OK;
}

int nst_choice_index(const char *const *choices, const char *text)
{
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0)
            return i;
    return -1;
}

nst_status nst_read_choice(const char *label, const char *text, const char *const *choices,
                           int *out, nst_error *error)
{
    int index = nst_choice_index(choices, text);
    if (index < 0) {
        char list[128];
        size_t used = 0;
        for (int i = 0; choices[i] && used < sizeof list; i++) {
            const char *comma = i == 0 ? "" : choices[i + 1] ? ", " : " or ";
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", comma, choices[i]);
        }
        return nst_fail(error, NST_ERR_ARGUMENT, "%s %s: expected %s", label, text, list);
    }
    *out = index;
    return NST_OK;
}
