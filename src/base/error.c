#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#undef nst_fail /* which it is for static analysis only */

/* A text that is too long loses its middle, where the end of a path is: what the message is about
 * stands at its beginning, and why at its end. Not within a character of UTF-8. */
static void shorten(const char *text, char *out, size_t size)
{
    static const char gap[] = " ... ";
    size_t length = strlen(text), head = size / 3, tail = size - head - sizeof gap;
    const char *end = text + length - tail;
    while (head > 0 && ((unsigned char)text[head] & 0xc0) == 0x80)
        head--;
    while (((unsigned char)*end & 0xc0) == 0x80)
        end++;
    snprintf(out, size, "%.*s%s%s", (int)head, text, gap, end);
}

nst_status nst_fail(nst_error *error, nst_status status, const char *format, ...)
{
    char *text = NULL;
    if (!error || error->status != NST_OK)
        return status;
    error->status = status;
    va_list args;
    va_start(args, format);
    nst_plain_locale locale = nst_plain_locale_enter();
    va_list again;
    va_copy(again, args);
    if (vsnprintf(error->message, sizeof error->message, format, args) >=
            (int)sizeof error->message &&
        vasprintf(&text, format, again) >= 0) {
        shorten(text, error->message, sizeof error->message);
        free(text);
    }
    va_end(again);
    nst_plain_locale_leave(locale);
    va_end(args);
    nst_text_clean(error->message);
    return status;
}

nst_status nst_check_given(const char *what, const void *pointer, nst_error *error)
{
    return pointer ? NST_OK
                   : nst_fail(error, NST_ERR_ARGUMENT, "%s is NULL: expected a pointer", what);
}
