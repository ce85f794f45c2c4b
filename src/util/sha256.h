/* SHA-256 (FIPS 180-4). */
#ifndef NST_UTIL_SHA256_H
#define NST_UTIL_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct nst_sha256 {
    void (*digest)(uint32_t state[8], const unsigned char *bytes, size_t blocks);
    uint32_t state[8];
    uint64_t size; /* bytes so far */
    unsigned char block[64];
} nst_sha256;

void nst_sha256_begin(nst_sha256 *sum);
void nst_sha256_add(nst_sha256 *sum, const void *bytes, size_t size);
void nst_sha256_end(nst_sha256 *sum, char out[65]); /* in hexadecimal */

#endif
