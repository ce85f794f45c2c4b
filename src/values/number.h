/* Numbers from text: the whole text or nothing, and only finite ones. */
#ifndef NST_VALUES_NUMBER_H
#define NST_VALUES_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool nst_number_int(const char *text, long *out);    /* saturates: the range is the caller's */
bool nst_number_real(const char *text, double *out); /* decimal, with or without an exponent */
bool nst_number_seed(const char *text, uint64_t *out);

/* Bytes: a number, possibly with a fraction, and k, M, G or T (powers of 1024), with B or iB after
 * it. */
bool nst_number_bytes(const char *text, uint64_t *out); /* decimal digits, up to 2^64 - 1 */

#endif
