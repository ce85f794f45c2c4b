/* Bytes as text of 64 characters (RFC 4648, section 4). */
#ifndef NST_UTIL_BASE64_H
#define NST_UTIL_BASE64_H

#include <stddef.h>

/* Characters for so many bytes, the padding among them. */
static inline size_t nst_base64_size(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

/* Writes nst_base64_size(size) characters, and no 0 after them. */
void nst_base64_encode(const unsigned char *bytes, size_t size, char *out);

#endif
