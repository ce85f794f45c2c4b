/* The seeds of a harness as files. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static int write_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    int complete = file && fwrite(bytes, 1, size, file) == size;
    if (file && fclose(file) != 0)
        complete = 0;
    if (!complete)
        perror(path);
    return complete;
}

int fuzz_write_seeds(const char *folder)
{
    uint8_t *bytes = malloc(FUZZ_SEED_MAX);
    size_t size;
    int complete = bytes != NULL;
    for (int i = 0; complete && (size = fuzz_seed(i, bytes)) > 0; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/seed-%02d", folder, i);
        complete = write_file(path, bytes, size);
    }
    free(bytes);
    return complete ? 0 : 1;
}
