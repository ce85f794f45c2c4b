#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#undef nst_fail /* which it is for static analysis only */

nst_status nst_fail(nst_error *error, nst_status status, const char *format, ...)
{
    if (!error || error->status != NST_OK)
        return status;
    error->status = status;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    nst_text_clean(error->message);
    return status;
}
