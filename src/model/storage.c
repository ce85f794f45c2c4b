#include "model/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its writer */
    if (file < 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    nst_status status = check(file, path, &size, error);
    if (status == NST_OK)
        *out = (nst_storage){.file = file, .size = size};
    else
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
    unsigned char *at = out;
    if (storage->memory) {
        memcpy(out, storage->memory + offset, size);
        return NST_OK;
    }
    while (size > 0) {
        ssize_t n = pread(storage->file, at, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return nst_fail(error, NST_ERR_IO, "%s: %s", name,
                            n < 0 ? strerror(errno) : "became shorter while it was read");
        at += n;
        offset += (size_t)n;
        size -= (size_t)n;
    }
    return NST_OK;
}

void nst_storage_close(nst_storage *storage)
{
    if (storage->size > 0 && !storage->memory)
        close(storage->file);
}
