/* Files that are not pictures. */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <sha2.h> /* of libmd; wants the headers above */

#include "base/error.h"

bool nst_file_same(const char *a, const char *b)
{
    struct stat sa, sb;
    return a && b && stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

nst_status nst_file_sha256(const char *path, char out[65], nst_error *error)
{
    char text[SHA256_DIGEST_STRING_LENGTH];
    if (!SHA256File(path, text))
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    memcpy(out, text, 65);
    return NST_OK;
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return true;
}

/* Permissions for a new file at path, which has the mode of what it replaces. */
static mode_t mode_for(const char *path)
{
    struct stat old;
    if (stat(path, &old) == 0 && S_ISREG(old.st_mode))
        return old.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Write, sync and close; 0 or the errno of what failed first. */
static int fill(int fd, const char *text, const mode_t *mode)
{
    int reason = 0;
    if (!write_all(fd, text, strlen(text)) || (mode && (fchmod(fd, *mode) != 0 || fsync(fd) != 0)))
        reason = errno;
    if (close(fd) != 0 && reason == 0)
        reason = errno;
    return reason;
}

static int replace(const char *path, const char *text)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%.*s.nst-XXXXXX", folder, path) >= PATH_MAX)
        return ENAMETOOLONG;
    mode_t mode = mode_for(path);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return errno;
    int reason = fill(fd, text, &mode);
    if (reason == 0 && rename(temporary, path) != 0)
        reason = errno;
    if (reason != 0)
        unlink(temporary);
    return reason;
}

nst_status nst_file_write(const char *path, const char *text, nst_error *error)
{
    struct stat old;
    int reason;
    if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
        /* A device or a pipe is written to, never replaced. */
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        reason = fd < 0 ? errno : fill(fd, text, NULL);
    } else {
        reason = replace(path, text);
    }
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(reason));
}
