#include "files/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "files/path.h"

/* stb counts in int. */
static const size_t BYTES_MAX = INT_MAX;

nst_status nst_source_read(const char *path, unsigned char **out, size_t *size, nst_error *error)
{
    bool standard = nst_path_is_standard(path);
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    unsigned char *bytes = NULL;
    size_t used = 0, room = 0, wanted = 65536;
    nst_status status = NST_OK;
    struct stat info;

    if (standard)
        path = "standard input";
    if (fd < 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    if (fstat(fd, &info) != 0) {
        status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
        goto cleanup;
    }
    if (S_ISDIR(info.st_mode)) {
        status = nst_fail(error, NST_ERR_IO, "%s: expected an image, found a folder", path);
        goto cleanup;
    }
    if (S_ISREG(info.st_mode) && info.st_size > 0)
        /* One byte more than the file has, to see its end without growing. */
        wanted = (size_t)info.st_size < BYTES_MAX ? (size_t)info.st_size + 1 : BYTES_MAX + 1;
    for (;;) {
        if (used == room) {
            unsigned char *larger = realloc(bytes, wanted);
            if (!larger) {
                status = nst_fail_memory_in(error, path);
                goto cleanup;
            }
            bytes = larger;
            room = wanted;
            wanted = room < BYTES_MAX / 2 ? 2 * room : BYTES_MAX + 1;
        }
        ssize_t got = read(fd, bytes + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
            goto cleanup;
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > BYTES_MAX) {
            status =
                nst_fail(error, NST_ERR_FORMAT, "%s: expected an image of less than 2 GiB", path);
            goto cleanup;
        }
    }
    *out = bytes;
    *size = used;
    bytes = NULL;
cleanup:
    free(bytes);
    if (!standard)
        close(fd);
    return status;
}
