#include "model/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static nst_status check(int file, const char *path, size_t *size, nst_error *error)
{
    struct stat info;
    if (fstat(file, &info) != 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return nst_fail(error, NST_ERR_IO, "%s: expected a file of weights; this is %s", path,
                        S_ISDIR(info.st_mode) ? "a folder" : "not a regular file");
    if (info.st_size == 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: the file is empty", path);
    *size = (size_t)info.st_size;
    return NST_OK;
}

nst_status nst_storage_open(const char *path, nst_storage *out, nst_error *error)
{
    size_t size = 0;
    /* O_NONBLOCK: opening a pipe would wait for its writer. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    nst_status status = check(file, path, &size, error);
    if (status == NST_OK) {
        void *memory = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
        if (memory == MAP_FAILED)
            status =
                nst_fail(error, NST_ERR_IO, "%s: could not be mapped: %s", path, strerror(errno));
        else
            *out = (nst_storage){.memory = memory, .file = file, .size = size};
    }
    if (status != NST_OK)
        close(file);
    return status;
}

nst_storage nst_storage_of_memory(const void *bytes, size_t size)
{
    return (nst_storage){.memory = bytes, .file = -1, .size = size};
}

nst_status nst_storage_read(const nst_storage *storage, const char *name, size_t offset, void *out,
                            size_t size, nst_error *error)
{
    struct stat info;
    /* Reading a mapped page past the end of a file is SIGBUS. */
    if (storage->file >= 0) {
        if (fstat(storage->file, &info) != 0)
            return nst_fail(error, NST_ERR_IO, "%s: %s", name, strerror(errno));
        if (info.st_size < 0 || (size_t)info.st_size < storage->size)
            return nst_fail(error, NST_ERR_IO, "%s: became shorter while it was read", name);
    }
    memcpy(out, storage->memory + offset, size);
    return NST_OK;
}

void nst_storage_close(nst_storage *storage)
{
    if (storage->size > 0 && storage->file >= 0) {
        munmap((void *)storage->memory, storage->size);
        close(storage->file);
    }
}
