#include "util/sha256.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

enum { BLOCK = 64 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t value, int bits)
{
    return value >> bits | value << (32 - bits);
}

/* One round. The eight variables of the standard do not move: their names go around instead, a is
 * v[0] in round 0 and v[7] in round 1. */
static inline void round_of(uint32_t v[8], int k, uint32_t added)
{
    uint32_t a = v[-k & 7], b = v[(1 - k) & 7], c = v[(2 - k) & 7], *d = &v[(3 - k) & 7];
    uint32_t e = v[(4 - k) & 7], f = v[(5 - k) & 7], g = v[(6 - k) & 7], *h = &v[(7 - k) & 7];
    *h += (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + added;
    *d += *h;
    *h += (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
}

static void digest_block(uint32_t state[8], const unsigned char *bytes)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
               (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i += 8)
        for (int k = 0; k < 8; k++)
            round_of(v, k, constants[i + k] + w[i + k]);
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

static void digest_plain(uint32_t state[8], const unsigned char *bytes, size_t blocks)
{
    for (; blocks > 0; blocks--, bytes += BLOCK)
        digest_block(state, bytes);
}

#if defined(__x86_64__)

/* Two rounds of the standard are one instruction, which takes the eight variables in two vectors:
 * f, e, b, a and h, g, d, c. Its result is the new first; the old first becomes the second. */
__attribute__((target("sha,sse4.1"))) static void
digest_by_instructions(uint32_t state[8], const unsigned char *bytes, size_t blocks)
{
    static const int place[8] = {3, 2, 7, 6, 1, 0, 5, 4}; /* of a to h in the two vectors */
    const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    const __m128i *k = (const __m128i *)(const void *)constants;
    uint32_t out[8];
    for (; blocks > 0; blocks--, bytes += BLOCK) {
        __m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
        __m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
        __m128i w[4]; /* the 16 latest words of the message schedule */
        for (int i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)bytes + i),
                                    big_endian);
        for (int i = 0; i < 16; i++) {
            __m128i first = w[i & 3], last = w[(i + 3) & 3], before = abef;
            __m128i added = _mm_add_epi32(first, _mm_loadu_si128(k + i));
            abef = _mm_sha256rnds2_epu32(cdgh, before, added);
            cdgh = before;
            before = abef;
            abef = _mm_sha256rnds2_epu32(cdgh, before, _mm_shuffle_epi32(added, 0x0e));
            cdgh = before;
            first = _mm_sha256msg1_epu32(first, w[(i + 1) & 3]);
            first = _mm_add_epi32(first, _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
            w[i & 3] = _mm_sha256msg2_epu32(first, last);
        }
        _mm_storeu_si128((__m128i *)(void *)out, abef);
        _mm_storeu_si128((__m128i *)(void *)out + 1, cdgh);
        for (int i = 0; i < 8; i++)
            state[i] += out[place[i]];
    }
}

static bool has_instructions(void)
{
    enum { SHA = 1 << 29 };
    static atomic_int known; /* 0: not asked yet, which takes long; 1: no; 2: yes */
    unsigned a, b, c, d;
    const char *asked = getenv("NST_ISA"); /* as in kernels/isa.h, for tests */
    if (asked && strcmp(asked, "base") == 0)
        return false;
    if (atomic_load(&known) == 0)
        atomic_store(&known, __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & SHA) != 0 ? 2 : 1);
    return atomic_load(&known) == 2;
}

#endif

void nst_sha256_begin(nst_sha256 *sum)
{
    *sum = (nst_sha256){.digest = digest_plain,
                        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                  0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
#if defined(__x86_64__)
    if (has_instructions())
        sum->digest = digest_by_instructions;
#endif
}

void nst_sha256_add(nst_sha256 *sum, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    size_t used = (size_t)(sum->size % BLOCK);
    sum->size += size;
    while (size > 0) {
        size_t part = BLOCK - used < size ? BLOCK - used : size;
        if (part == BLOCK) {
            part = size / BLOCK * BLOCK;
            sum->digest(sum->state, at, size / BLOCK);
        } else {
            memcpy(sum->block + used, at, part);
            used += part;
            if (used == BLOCK) {
                sum->digest(sum->state, sum->block, 1);
                used = 0;
            }
        }
        at += part;
        size -= part;
    }
}

void nst_sha256_end(nst_sha256 *sum, char out[65])
{
    static const unsigned char padding[BLOCK] = {0x80};
    unsigned char bits[8];
    uint64_t size = sum->size;
    for (int i = 0; i < 8; i++)
        bits[i] = (unsigned char)(8 * size >> (56 - 8 * i));
    nst_sha256_add(sum, padding, 1 + (size_t)((119 - size % BLOCK) % BLOCK));
    nst_sha256_add(sum, bits, sizeof bits);
    for (int i = 0; i < 8; i++)
        snprintf(out + 8 * i, 9, "%08x", sum->state[i]);
}
