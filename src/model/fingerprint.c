#include "model/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LANES = 4 };

/* Odd, so that multiplying loses nothing; else without a pattern. */
static const uint64_t factors[LANES] = {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd6e8feb86659fd93),
                                        UINT64_C(0xff51afd7ed558ccd), UINT64_C(0xc4ceb9fe1a85ec53)};

/* One to one in either argument: words that differ once leave lanes that differ. */
static uint64_t mix(uint64_t lane, uint64_t word, uint64_t factor)
{
    lane = (lane ^ word) * factor;
    return lane ^ lane >> 32;
}

void nst_fingerprint_begin(nst_fingerprint *fingerprint)
{
    for (int k = 0; k < LANES; k++)
        fingerprint->lanes[k] = factors[LANES - 1 - k];
}

static void add_words(nst_fingerprint *fingerprint, const uint64_t words[LANES])
{
    for (int k = 0; k < LANES; k++)
        fingerprint->lanes[k] = mix(fingerprint->lanes[k], words[k], factors[k]);
}

void nst_fingerprint_add(nst_fingerprint *fingerprint, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t words[LANES];
    size_t left = size;
    for (; left >= sizeof words; left -= sizeof words, at += sizeof words) {
        memcpy(words, at, sizeof words);
        add_words(fingerprint, words);
    }
    memset(words, 0, sizeof words);
    if (left > 0)
        memcpy(words, at, left);
    add_words(fingerprint, words);
    for (int k = 0; k < LANES; k++)
        words[k] = size;
    add_words(fingerprint, words);
}

void nst_fingerprint_add_text(nst_fingerprint *fingerprint, const char *text)
{
    nst_fingerprint_add(fingerprint, text, strlen(text));
}

void nst_fingerprint_end(const nst_fingerprint *fingerprint, char text[NST_FINGERPRINT_TEXT])
{
    uint64_t lanes[LANES];
    memcpy(lanes, fingerprint->lanes, sizeof lanes);
    for (int round = 0; round < 2; round++) /* each lane into each other */
        for (int k = 0; k < LANES; k++)
            lanes[k] = mix(lanes[k], lanes[(k + LANES - 1) % LANES], factors[k]);
    for (size_t k = 0; k < LANES; k++)
        snprintf(text + 16 * k, NST_FINGERPRINT_TEXT - 16 * k, "%016" PRIx64, lanes[k]);
}
