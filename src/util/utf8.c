/* Making UTF-8 of any bytes. */
#include "util/utf8.h"

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
