/* Files that appear whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "files/output.h"

#define TEMPORARY ".nst-"

enum { RANDOM_LETTERS = 6 }; /* behind it */

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool write_all(int fd, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* A result has the permissions of what it replaces. */
static int keep_mode(int fd, const char *path)
{
    struct stat old;
    return stat(path, &old) == 0 && S_ISREG(old.st_mode) ? fchmod(fd, old.st_mode & 0777) : 0;
}

/* The file that path leads to, through links, so that a link stays one and its target changes.
 * A link to nothing yet stays as it is and is replaced. */
static void resolve(const char *path, char out[PATH_MAX])
{
    struct stat info;
    if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode) || !realpath(path, out))
        snprintf(out, PATH_MAX, "%s", path);
}

/* Lock a new temporary file, which tells it from one that a killed process left behind. False when
 * a sweep came in between and took it for such a one. Not every file system has locks; where there
 * are none, nothing is swept. */
static bool keep(int fd)
{
    struct stat info;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno != EWOULDBLOCK;
    return fstat(fd, &info) != 0 || info.st_nlink > 0;
}

/* Like mkostemp, but with the permissions that the umask leaves, which threads cannot ask for
 * safely. */
static int create_random(char *template)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char random[RANDOM_LETTERS];
    char *tail = template + strlen(template) - RANDOM_LETTERS;
    for (int tries = 0; tries < 100; tries++) {
        if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
            return -1;
        for (size_t i = 0; i < sizeof random; i++)
            tail[i] = letters[random[i] % (sizeof letters - 1)];
        int fd = open(template, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* A new file beside path; its descriptor, or -1 with errno. */
static int create_beside(const char *path, char temporary[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    for (;;) {
        if (strlen(path) >= PATH_MAX ||
            snprintf(temporary, PATH_MAX, "%.*s" TEMPORARY "XXXXXX", folder, path) >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = create_random(temporary);
        if (fd < 0 || keep(fd))
            return fd;
        close(fd);
    }
}

/* 0 or the errno of what failed first. */
static int replace(const char *path, const unsigned char *bytes, size_t size)
{
    char target[PATH_MAX], temporary[PATH_MAX];
    int reason = 0;
    resolve(path, target);
    int fd = create_beside(target, temporary);
    if (fd < 0)
        return errno;
    if (!write_all(fd, bytes, size) || keep_mode(fd, target) != 0 || fsync(fd) != 0)
        reason = errno;
    if (reason == 0 && rename(temporary, target) != 0)
        reason = errno;
    if (reason != 0)
        unlink(temporary);
    close(fd); /* which ends the lock, and has nothing to tell after a sync */
    return reason;
}

/* Into what is there: a device, a pipe. */
static int fill(int fd, const unsigned char *bytes, size_t size)
{
    return fd >= 0 && write_all(fd, bytes, size) ? 0 : errno;
}

nst_status nst_output_write(const char *path, const void *bytes, size_t size, nst_error *error)
{
    struct stat old;
    int reason;
    if (is_standard(path)) {
        reason = fill(STDOUT_FILENO, bytes, size);
        path = "standard output";
    } else if (stat(path, &old) != 0 && errno != ENOENT) {
        reason = errno; /* a name too long, for example */
    } else if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        reason = fill(fd, bytes, size);
        if (fd >= 0 && close(fd) != 0 && reason == 0)
            reason = errno;
    } else {
        reason = replace(path, bytes, size);
    }
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(reason));
}

/* 0 or the errno of what would fail. */
static int try_create(const char *path)
{
    char target[PATH_MAX], temporary[PATH_MAX];
    resolve(path, target);
    int fd = create_beside(target, temporary);
    if (fd < 0)
        return errno;
    close(fd);
    unlink(temporary);
    return 0;
}

nst_status nst_output_check(const char *path, nst_error *error)
{
    struct stat old;
    int reason = 0;
    if (is_standard(path))
        return NST_OK;
    if (path[0] == '\0')
        return nst_fail(error, NST_ERR_IO, "the output has no name");
    if (stat(path, &old) != 0) {
        if (errno == ENOENT && path[strlen(path) - 1] == '/')
            return nst_fail(error, NST_ERR_IO, "%s: expected the name of a file", path);
        reason = errno == ENOENT ? try_create(path) : errno;
    } else if (S_ISDIR(old.st_mode)) {
        reason = EISDIR;
    } else if (S_ISREG(old.st_mode)) {
        reason = try_create(path);
    } else if (access(path, W_OK) != 0) {
        reason = errno;
    }
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(reason));
}

/* ---- what killed processes left ---------------------------------------------------------------
 */

static void remove_abandoned(int folder, const char *name)
{
    struct stat info;
    int fd = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    close(fd);
}

void nst_output_sweep(const char *folder)
{
    DIR *open = opendir(folder);
    const struct dirent *entry;
    while (open && (entry = readdir(open)))
        if (strncmp(entry->d_name, TEMPORARY, strlen(TEMPORARY)) == 0 &&
            strlen(entry->d_name) == strlen(TEMPORARY) + RANDOM_LETTERS)
            remove_abandoned(dirfd(open), entry->d_name);
    if (open)
        closedir(open);
}
