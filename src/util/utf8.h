/* File names may hold any bytes; JSON and HTML may not. */
#ifndef NST_UTIL_UTF8_H
#define NST_UTIL_UTF8_H

#include <stddef.h>

/* A copy with every byte that is not part of valid UTF-8 replaced by U+FFFD, to be freed by the
 * caller; NULL when out of memory. */
char *nst_utf8_repair(const char *text);

/* Text of JSON, whose strings may hold any bytes -> valid JSON that still holds them: a byte that
 * is not part of valid UTF-8 is written as the escape of the code 0xdc00 + byte, the half of a
 * surrogate pair that stands for such a byte in Python's file names too (PEP 383,
 * "surrogateescape"). To be freed by the caller; NULL when out of memory. */
char *nst_utf8_escape(const char *json);

/* The reverse, in place: escapes from \udc80 to \udcff that end no pair become bytes. Returns the
 * new length. The text ends with a 0 behind `length`. */
size_t nst_utf8_unescape(char *json, size_t length);

#endif
