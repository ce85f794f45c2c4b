/* Lines on standard error. */
#include "util/say.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

void nst_say(const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    nst_text_clean(line);
    fprintf(stderr, "%s\n", line);
}

void nst_print_line(const char *head, const char *text)
{
    fputs(head, stdout);
    nst_text_print(stdout, text);
    putchar('\n');
}

const char *nst_time_text(double seconds, char text[NST_TIME_TEXT_MAX])
{
    if (seconds < 59.95) {
        snprintf(text, NST_TIME_TEXT_MAX, "%.1f s", seconds);
        return text;
    }
    /* Times of more than a year are shown as one year. */
    long whole = seconds < 3e7 ? (long)(seconds + 0.5) : 30000000;
    if (whole < 3600)
        snprintf(text, NST_TIME_TEXT_MAX, "%ld min %02ld s", whole / 60, whole % 60);
    else
        snprintf(text, NST_TIME_TEXT_MAX, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    return text;
}
