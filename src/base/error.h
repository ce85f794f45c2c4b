/* Filling the caller's error. */
#ifndef NST_BASE_ERROR_H
#define NST_BASE_ERROR_H

#include "nst.h"

/* Record a failure and return its status, so that a caller can write
 *     return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
 * The first error wins; error may be NULL. Control characters in the text (file names may hold
 * any byte) are replaced by '?', so that a message stays one line. */
nst_status nst_fail(nst_error *error, nst_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__ /* which cannot see what it returns */
#define nst_fail(error, status, ...) (nst_fail(error, status, __VA_ARGS__), (status))
#endif

/* The same for a lack of memory: "out of memory", "out of memory for WHAT" (WHAT begins with a
 * string literal) and "SUBJECT: out of memory". */
#define nst_fail_memory(error) nst_fail(error, NST_ERR_MEMORY, "out of memory")
#define nst_fail_memory_for(error, ...)                                                            \
    nst_fail(error, NST_ERR_MEMORY, "out of memory for " __VA_ARGS__)
#define nst_fail_memory_in(error, subject)                                                         \
    nst_fail(error, NST_ERR_MEMORY, "%s: out of memory", subject)

/* NST_ERR_ARGUMENT, saying what it is, when the pointer is NULL. */
nst_status nst_check_given(const char *what, const void *pointer, nst_error *error);

#endif
