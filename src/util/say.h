/* Lines on standard error. */
#ifndef NST_UTIL_SAY_H
#define NST_UTIL_SAY_H

#include <stddef.h>

/* One line, whatever bytes a file name holds: control characters become '?'. */
void nst_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same on standard output: head, then text from a file. */
void nst_print_line(const char *head, const char *text);

/* "30.1 s", "3 min 05 s", "2 h 10 min". */
enum { NST_TIME_TEXT_MAX = 32 };
const char *nst_time_text(double seconds, char text[NST_TIME_TEXT_MAX]);

#endif
