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
#include "files/path.h"

#define TEMPORARY ".nst-"

enum { RANDOM_LETTERS = 6 }; /* behind it */

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

/* Write into something that exists already: a device or a pipe. */
static int fill(int fd, const unsigned char *bytes, size_t size)
{
    return fd >= 0 && write_all(fd, bytes, size) ? 0 : errno;
}

/* Into standard output or what is no regular file; *reason is 0 or errno. False for a regular file
 * or none, where nothing was written. */
static bool write_through(const char *path, const void *bytes, size_t size, int *reason)
{
    struct stat old;
    *reason = 0;
    if (nst_path_is_standard(path)) {
        *reason = fill(STDOUT_FILENO, bytes, size);
        return true;
    }
    if (stat(path, &old) != 0) {
        *reason = errno == ENOENT ? 0 : errno; /* a name too long, for example */
        return *reason != 0;
    }
    if (S_ISREG(old.st_mode))
        return false;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    *reason = fill(fd, bytes, size);
    if (fd >= 0 && close(fd) != 0 && *reason == 0)
        *reason = errno;
    return true;
}

static nst_status fail_errno(const char *path, int reason, nst_error *error)
{
    return nst_fail(error, NST_ERR_IO, "%s: %s",
                    nst_path_is_standard(path) ? "standard output" : path, strerror(reason));
}

nst_status nst_output_prepare(const char *path, const void *bytes, size_t size, nst_output *out,
                              nst_error *error)
{
    char target[PATH_MAX], temporary[PATH_MAX];
    int reason;
    *out = (nst_output){.file = -1};
    if (write_through(path, bytes, size, &reason))
        return reason == 0 ? NST_OK : fail_errno(path, reason, error);
    resolve(path, target);
    int fd = create_beside(target, temporary);
    if (fd < 0)
        return fail_errno(path, errno, error);
    if (!write_all(fd, bytes, size) || keep_mode(fd, target) != 0)
        reason = errno;
    else
        reason = nst_file_sync(fd);
    *out = (nst_output){strdup(target), strdup(temporary), fd, ""};
    if (reason == 0 && (!out->target || !out->temporary))
        reason = ENOMEM;
    if (reason != 0) {
        unlink(temporary);
        nst_output_drop(out);
        return fail_errno(path, reason, error);
    }
    if (!nst_file_stamp_new(fd, out->stamp))
        out->stamp[0] = '\0';
    return NST_OK;
}

nst_status nst_output_take_time(nst_output *output, const char *from, nst_error *error)
{
    struct stat source;
    int reason = 0;
    if (!output->temporary || nst_path_is_standard(from))
        return NST_OK;
    if (stat(from, &source) != 0) {
        reason = errno;
    } else if (S_ISREG(source.st_mode)) {
        const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, source.st_mtim};
        reason = futimens(output->file, times) == 0 ? 0 : errno;
    }
    if (reason != 0)
        return fail_errno(from, reason, error);
    if (!nst_file_stamp_new(output->file, output->stamp))
        output->stamp[0] = '\0';
    return NST_OK;
}

/* Rename unless there is a file already: EEXIST then. By a second name where the file system or the
 * kernel has no such rename; where there are no second names either, by looking first. */
static int rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (link(from, to) == 0)
        return unlink(from) == 0 ? 0 : errno;
    if (errno == EEXIST)
        return EEXIST;
    if (access(to, F_OK) == 0)
        return EEXIST;
    return rename(from, to) == 0 ? 0 : errno;
}

nst_status nst_output_place(nst_output *output, bool replace, bool *placed, nst_error *error)
{
    nst_status status = NST_OK;
    *placed = true;
    if (!output->temporary)
        return NST_OK;
    int reason = replace ? (rename(output->temporary, output->target) == 0 ? 0 : errno)
                         : rename_new(output->temporary, output->target);
    if (reason == EEXIST && !replace) {
        *placed = false;
        reason = 0;
    } else if (reason == 0) {
        free(output->temporary);
        output->temporary = NULL;
        reason = nst_file_sync_folder(output->target);
    }
    if (reason != 0)
        status = fail_errno(output->target, reason, error);
    nst_output_drop(output);
    return status;
}

void nst_output_drop(nst_output *output)
{
    if (output->temporary)
        unlink(output->temporary);
    if (output->file >= 0)
        close(
            output
                ->file); /* this ends the lock; after fsync it cannot fail in a way that matters */
    free(output->target);
    free(output->temporary);
    *output = (nst_output){.file = -1};
}

nst_status nst_output_write(const char *path, const void *bytes, size_t size, nst_error *error)
{
    nst_output output;
    bool placed;
    nst_status status = nst_output_prepare(path, bytes, size, &output, error);
    return status == NST_OK ? nst_output_place(&output, true, &placed, error) : status;
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
    if (nst_path_is_standard(path))
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
    const char *slash = strrchr(path, '/');
    if (reason == ENOENT && slash)
        return nst_fail(error, NST_ERR_IO, "%s: there is no folder %.*s; make it by: mkdir -p %.*s",
                        path, (int)(slash - path), path, (int)(slash - path), path);
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(reason));
}

/* ---- what killed processes left -------------------------------------------------------------- */

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
