/* File names may hold any bytes; JSON and HTML may not. */
#ifndef NST_UTIL_UTF8_H
#define NST_UTIL_UTF8_H

/* A copy with every byte that is not part of valid UTF-8 replaced by U+FFFD, to be freed by the
 * caller; NULL when out of memory. */
char *nst_utf8_repair(const char *text);

#endif
