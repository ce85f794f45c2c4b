/* Checked numbers. The C library would also take leading blanks, hexadecimal, inf and nan. */
#include "values/number.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool made_of(const char *text, const char *characters)
{
    return *text && text[strspn(text, characters)] == '\0';
}

bool nst_number_int(const char *text, long *out)
{
    char *end;
    if (!made_of(text, "+-0123456789"))
        return false;
    *out = strtol(text, &end, 10);
    return end != text && *end == '\0';
}

bool nst_number_real(const char *text, double *out)
{
    char *end;
    if (!made_of(text, "+-.0123456789eE"))
        return false;
    *out = nst_text_number(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

bool nst_number_seed(const char *text, uint64_t *out)
{
    char *end;
    if (!made_of(text, "0123456789"))
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return errno == 0 && *end == '\0';
}

bool nst_number_bytes(const char *text, uint64_t *out)
{
    static const char units[] = "kmgt";
    size_t digits = strspn(text, ".0123456789");
    const char *unit = text + digits;
    char number[32], *end;
    if (digits == 0 || digits >= sizeof number)
        return false;
    memcpy(number, text, digits);
    number[digits] = '\0';
    double value = nst_text_number(number, &end);
    if (*end != '\0')
        return false;
    const char *power = *unit ? strchr(units, tolower((unsigned char)*unit)) : NULL;
    if (power) {
        value = ldexp(value, 10 * (int)(power - units + 1));
        unit++;
        if (*unit == 'i' && unit[1] == 'B')
            unit++;
    }
    if (*unit == 'B')
        unit++;
    if (*unit != '\0' || !(value < 0x1p63))
        return false;
    *out = (uint64_t)value;
    return true;
}
