/* Making UTF-8 of any bytes. The Unicode Standard 15, table 3-7: well-formed byte sequences. */
#include "util/utf8.h"

#include <stdlib.h>
#include <string.h>

static int is_tail(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

/* Length of the well-formed sequence at s, or 0. A zero ends s and is no tail. */
static size_t sequence(const unsigned char *s)
{
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

char *nst_utf8_repair(const char *text)
{
    char *out = malloc(3 * strlen(text) + 1), *end = out;
    if (!out)
        return NULL;
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t length = sequence(s);
        memcpy(end, length > 0 ? (const char *)s : "\xef\xbf\xbd", length > 0 ? length : 3);
        end += length > 0 ? length : 3;
        s += length > 0 ? length : 1;
    }
    *end = '\0';
    return out;
}
