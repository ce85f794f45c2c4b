/* The bytes of a weights file, in a mapped file or in memory. Each read checks the file's size
 * again, so that a file that has become shorter is an error and not a signal. */
#ifndef NST_MODEL_STORAGE_H
#define NST_MODEL_STORAGE_H

#include <stddef.h>

#include "nst.h"

typedef struct nst_storage {
    const unsigned char *memory;
    int file; /* descriptor of the mapped file, or -1 */
    size_t size;
} nst_storage;

/* A regular file that is not empty. On failure *out is left alone. */
nst_status nst_storage_open(const char *path, nst_storage *out, nst_error *error);

/* The bytes must outlive the storage. */
nst_storage nst_storage_of_memory(const void *bytes, size_t size);

/* offset + size is at most storage->size. `name` is for messages. */
nst_status nst_storage_read(const nst_storage *storage, const char *name, size_t offset, void *out,
                            size_t size, nst_error *error);

void nst_storage_close(nst_storage *storage); /* a zeroed one is fine */

#endif
