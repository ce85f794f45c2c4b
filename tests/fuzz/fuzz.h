/* What a harness of this folder has, and what the drivers mutate.c and libfuzzer.c call. */
#ifndef NST_TESTS_FUZZ_H
#define NST_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The entry point that libFuzzer calls: process the bytes; a crash is a finding. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_SEED_MAX = 16384 };

/* The valid inputs that mutation starts from, made by the harness: write input `number` to out and
 * return its size; 0 after the last. */
size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX]);

/* All of them as files. 0, or 1 when one could not be written, after a message. */
int fuzz_write_seeds(const char *folder);

#endif
