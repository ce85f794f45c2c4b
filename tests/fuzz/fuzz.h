/* What a harness of this folder offers to the driver, mutate.c. */
#ifndef NST_TESTS_FUZZ_H
#define NST_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The one entry point that libFuzzer wants: process the bytes; a crash is the result. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_SEED_MAX = 16384 };

/* The good inputs that mutation starts from, made by the harness itself: write the one of this
 * number to out and return its size, 0 behind the last. */
size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX]);

#endif
