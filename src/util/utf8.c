/* Making UTF-8 of any bytes. */
#include "util/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

char *nst_utf8_repair(const char *text)
{
    char *out = malloc(3 * strlen(text) + 1), *end = out;
    if (!out)
        return NULL;
    for (const char *s = text; *s;) {
        size_t length = nst_utf8_length(s);
        memcpy(end, length > 0 ? s : "\xef\xbf\xbd", length > 0 ? length : 3);
        end += length > 0 ? length : 3;
        s += length > 0 ? length : 1;
    }
    *end = '\0';
    return out;
}

char *nst_utf8_escape(const char *json)
{
    char *out = malloc(6 * strlen(json) + 1), *end = out;
    if (!out)
        return NULL;
    for (const char *s = json; *s;) {
        size_t length = nst_utf8_length(s);
        if (length > 0)
            memcpy(end, s, length);
        else
            snprintf(end, 7, "\\udc%02x", (unsigned char)*s);
        end += length > 0 ? length : 6;
        s += length > 0 ? length : 1;
    }
    *end = '\0';
    return out;
}

/* The code of an escape \uXXXX, -1 where there is none. */
static int escaped_code(const char *s)
{
    int code = 0;
    if (s[0] != '\\' || s[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *digit = s[i] ? strchr(digits, s[i]) : NULL;
        if (!digit)
            return -1;
        code = 16 * code + (int)((digit - digits) % 16);
    }
    return code;
}

/* Bytes of the escape at s, with the second half of a pair. */
static size_t escape_length(const char *s)
{
    int code = escaped_code(s), next = code < 0 ? -1 : escaped_code(s + 6);
    if (code < 0)
        return s[1] ? 2 : 1;
    return code >> 10 == 0xd800 >> 10 && next >= 0 && next >> 10 == 0xdc00 >> 10 ? 12 : 6;
}

size_t nst_utf8_unescape(char *json, size_t length)
{
    const char *s = json, *end = json + length;
    char *out = json;
    while (s < end) {
        const char *escape = memchr(s, '\\', (size_t)(end - s));
        size_t count = (size_t)((escape ? escape : end) - s);
        memmove(out, s, count);
        out += count;
        s += count;
        if (!escape)
            break;
        int code = escaped_code(s);
        if (code >= 0xdc80 && code <= 0xdcff) {
            *out++ = (char)(code - 0xdc00);
            s += 6;
            continue;
        }
        count = escape_length(s);
        memmove(out, s, count);
        out += count;
        s += count;
    }
    *out = '\0';
    return (size_t)(out - json);
}
