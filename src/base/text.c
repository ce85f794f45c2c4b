/* Text that may be missing or hostile. ECMA-48 names the control characters: C0 is 00 to 1F, C1 is
 * 80 to 9F. A terminal obeys both. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool nst_text_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int is_tail(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

/* The Unicode Standard 15, table 3-7: well-formed byte sequences. */
size_t nst_utf8_length(const char *text)
{
    /* A zero ends the text and is no tail. */
    const unsigned char *s = (const unsigned char *)text;
    if (s[0] < 0x80)
        return 1;
    if (s[0] >= 0xc2 && s[0] <= 0xdf)
        return is_tail(s[1], 0x80, 0xbf) ? 2 : 0;
    if (s[0] >= 0xe0 && s[0] <= 0xef) {
        unsigned char low = s[0] == 0xe0 ? 0xa0 : 0x80, high = s[0] == 0xed ? 0x9f : 0xbf;
        return is_tail(s[1], low, high) && is_tail(s[2], 0x80, 0xbf) ? 3 : 0;
    }
    if (s[0] >= 0xf0 && s[0] <= 0xf4) {
        unsigned char low = s[0] == 0xf0 ? 0x90 : 0x80, high = s[0] == 0xf4 ? 0x8f : 0xbf;
        return is_tail(s[1], low, high) && is_tail(s[2], 0x80, 0xbf) && is_tail(s[3], 0x80, 0xbf)
                   ? 4
                   : 0;
    }
    return 0;
}

size_t nst_text_control(const char *s)
{
    unsigned char c = (unsigned char)s[0], next = c ? (unsigned char)s[1] : 0;
    if (c == '\0')
        return 0;
    if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))
        return 1;
    return c == 0xc2 && next >= 0x80 && next < 0xa0 ? 2 : 0;
}

/* The length of what stands at s, and what to show of it. */
static size_t next_piece(const char *s, const char **shown, size_t *length)
{
    size_t control = nst_text_control(s), whole = control ? control : nst_utf8_length(s);
    if (whole == 0)
        whole = 1; /* no UTF-8: shown as it is */
    *shown = control ? "?" : s;
    *length = control ? 1 : whole;
    return whole;
}

void nst_text_clean(char *text)
{
    char *end = text;
    const char *shown;
    size_t length;
    for (const char *s = text; *s;) {
        s += next_piece(s, &shown, &length);
        memmove(end, shown, length);
        end += length;
    }
    *end = '\0';
}

size_t nst_text_print(FILE *out, const char *text)
{
    const char *shown;
    size_t length, printed = 0;
    while (*text) {
        text += next_piece(text, &shown, &length);
        printed += fwrite(shown, 1, length, out);
    }
    return printed;
}

nst_plain_locale nst_plain_locale_enter(void)
{
    nst_plain_locale locale = {.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (locale.plain != (locale_t)0)
        locale.before = uselocale(locale.plain);
    return locale;
}

void nst_plain_locale_leave(nst_plain_locale locale)
{
    if (locale.plain == (locale_t)0)
        return;
    uselocale(locale.before);
    freelocale(locale.plain);
}

double nst_text_number(const char *text, char **end)
{
    nst_plain_locale locale = nst_plain_locale_enter();
    double value = strtod(text, end);
    nst_plain_locale_leave(locale);
    return value;
}

void nst_text_float(float value, char *text, size_t size)
{
    nst_plain_locale locale = nst_plain_locale_enter();
    int digits = 6; /* fewer would make 5e+01 of 50 */
    do
        snprintf(text, size, "%.*g", digits++, (double)value);
    while (digits <= 9 && strtof(text, NULL) != value);
    nst_plain_locale_leave(locale);
}
