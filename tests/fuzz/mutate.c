/* A small fuzzer for every compiler and sanitizer: runs a harness on its seeds and on damaged
 * copies of them, the same ones every time.
 *
 *   fuzz_image 2000              2000 damaged copies of each seed
 *   fuzz_image 2000 FILE...      of these files too
 *   fuzz_image --seeds FOLDER    write the seeds there, for libFuzzer
 *
 * A crash leaves the input that made it in the file nst-fuzz-crash. To fuzz with clang instead:
 *
 *   cmake -B build-fuzz -DCMAKE_C_COMPILER=clang -DNST_FUZZER=ON -DNST_SANITIZE=address
 *   cmake --build build-fuzz --target harnesses
 *   build-fuzz/tests/fuzz_image FOLDER
 *
 * which builds every harness of this folder with libfuzzer.c in place of this file.
 * scripts/campaign fuzz runs all. A harness does nothing per input that can be done once, and
 * touches no disk: an input takes microseconds. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

enum { SEEDS_MAX = 256, INPUT_MAX = 2 * FUZZ_SEED_MAX };

typedef struct {
    uint8_t bytes[INPUT_MAX];
    size_t size;
} input;

/* What runs now; the death of the process writes it out. */
static const input *current;

static void write_current(void) /* with nothing that a signal handler may not do */
{
    static const char name[] = "nst-fuzz-crash", note[] = "the input is in nst-fuzz-crash\n";
    int fd = current ? open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
    if (fd >= 0 && write(fd, current->bytes, current->size) == (ssize_t)current->size &&
        write(STDERR_FILENO, note, sizeof note - 1) > 0)
        close(fd);
}

static void on_abort(int signal_number)
{
    signal(signal_number, SIG_DFL);
    write_current();
    raise(signal_number);
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the sanitizer's name */
#if defined(__SANITIZE_ADDRESS__)
void __sanitizer_set_death_callback(void (*callback)(void));
#else
static void __sanitizer_set_death_callback(void (*callback)(void))
{
    (void)callback;
}
#endif
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* splitmix64: the same mutations on every machine. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next(state) % limit) : 0;
}

/* A number of 1, 2 or 4 bytes that programs get wrong, in either byte order. */
static void put_interesting(input *in, uint64_t *random)
{
    static const uint32_t values[] = {
        0,      1,       2,      7,          8,          16,         32,        64,     100,
        127,    128,     254,    255,        256,        257,        0x7fff,    0x8000, 0xfffe,
        0xffff, 0x10000, 100000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    uint32_t value = values[below(random, sizeof values / sizeof values[0])];
    size_t width = (size_t)1 << below(random, 3), at = below(random, in->size);
    unsigned big_endian = (unsigned)below(random, 2);
    for (size_t i = 0; i < width && at + i < in->size; i++)
        in->bytes[at + i] = (uint8_t)(value >> 8 * (big_endian ? width - 1 - i : i));
}

/* A piece of the other input into the place of one of this. */
static void transplant(input *in, const input *other, uint64_t *random)
{
    size_t from = below(random, other->size), count = below(random, other->size - from) + 1;
    size_t at = below(random, in->size + 1), cut = below(random, in->size - at + 1);
    if (from >= other->size || in->size - cut + count > INPUT_MAX)
        return;
    memmove(in->bytes + at + count, in->bytes + at + cut, in->size - at - cut);
    memcpy(in->bytes + at, other->bytes + from, count);
    in->size += count - cut;
}

static void mutate(input *in, const input *seeds, int count, uint64_t *random)
{
    for (size_t steps = 1 + below(random, 4); steps > 0 && in->size > 0; steps--) {
        size_t at = below(random, in->size);
        switch (below(random, 6)) {
        case 0:
            in->bytes[at] ^= (uint8_t)(1u << below(random, 8));
            break;
        case 1:
            in->bytes[at] = (uint8_t)next(random);
            break;
        case 2:
        case 3:
            put_interesting(in, random);
            break;
        case 4:
            if (below(random, 4) == 0) /* rarely: most such inputs end early */
                in->size = at;
            break;
        default:
            transplant(in, &seeds[below(random, (size_t)count)], random);
        }
    }
}

static void run(const input *in)
{
    /* A block of exactly this size, so that a sanitizer sees a read past it. */
    uint8_t *copy = malloc(in->size ? in->size : 1);
    if (!copy)
        abort();
    memcpy(copy, in->bytes, in->size);
    current = in;
    LLVMFuzzerTestOneInput(copy, in->size);
    current = NULL;
    free(copy);
}

int main(int argc, char **argv)
{
    int count = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: %s COUNT [FILE...] | --seeds FOLDER\n", argv[0]);
        return 2;
    }
    if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
        return fuzz_write_seeds(argv[2]);
    input *seeds = calloc(SEEDS_MAX + 1, sizeof *seeds);
    if (!seeds)
        return 2;
    input *work = &seeds[SEEDS_MAX];
    while (count < SEEDS_MAX && (seeds[count].size = fuzz_seed(count, seeds[count].bytes)) > 0)
        count++;
    for (int i = 2; i < argc && count < SEEDS_MAX; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (!file) {
            perror(argv[i]);
            free(seeds);
            return 2;
        }
        seeds[count].size = fread(seeds[count].bytes, 1, INPUT_MAX, file);
        fclose(file);
        count++;
    }
    __sanitizer_set_death_callback(write_current);
    signal(SIGABRT, on_abort);
    long copies = strtol(argv[1], NULL, 10), runs = 0;
    for (int i = 0; i < count; i++) {
        run(&seeds[i]);
        for (long k = 0; k < copies; k++, runs++) {
            uint64_t random = (uint64_t)i << 40 ^ (uint64_t)k;
            *work = seeds[i];
            mutate(work, seeds, count, &random);
            run(work);
        }
    }
    printf("%d seeds, %ld damaged copies\n", count, runs);
    free(seeds);
    return count > 0 && runs > 0 ? 0 : 1;
}
