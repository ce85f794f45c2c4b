/* Files that are not pictures. */
#include "files/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "files/path.h"
#include "util/sha256.h"

bool nst_file_same(const char *a, const char *b)
{
    struct stat sa, sb;
    return a && b && stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

static bool folder_of(const char *path, char folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) + 1 : 1;
    return snprintf(folder, PATH_MAX, "%.*s", length, slash ? path : ".") < PATH_MAX;
}

bool nst_file_same_place(const char *a, const char *b)
{
    char folder_a[PATH_MAX], folder_b[PATH_MAX];
    return nst_file_same(a, b) ||
           (strcmp(nst_path_base(a), nst_path_base(b)) == 0 && folder_of(a, folder_a) &&
            folder_of(b, folder_b) && nst_file_same(folder_a, folder_b));
}

void nst_bytes_sha256(const void *bytes, size_t size, char out[65])
{
    nst_sha256 sum;
    nst_sha256_begin(&sum);
    nst_sha256_add(&sum, bytes, size);
    nst_sha256_end(&sum, out);
}

nst_status nst_file_sha256(const char *path, char out[65], nst_error *error)
{
    enum { BLOCK = 65536 };
    struct stat info;
    /* A pipe would wait for its writer, a device has no end. */
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return nst_fail(error, NST_ERR_IO, "%s: expected a file; this is %s", path,
                        S_ISDIR(info.st_mode) ? "a folder" : "not a regular file");
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    unsigned char *block = malloc(BLOCK);
    nst_sha256 sum;
    nst_status status = block ? NST_OK : nst_fail_memory(error);
    nst_sha256_begin(&sum);
    for (ssize_t got = 1; status == NST_OK && got > 0;) {
        got = read(file, block, BLOCK);
        if (got > 0)
            nst_sha256_add(&sum, block, (size_t)got);
        else if (got < 0 && errno == EINTR)
            got = 1;
        else if (got < 0)
            status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    }
    free(block);
    close(file);
    if (status == NST_OK)
        nst_sha256_end(&sum, out);
    return status;
}

/* ---- untouched files ------------------------------------------------------------------------- */

/* Two changes within a tick of the kernel's clock leave one time; a tick is 10 ms at most. */
static const double TICK_SECONDS = 0.1;

static void print_stamp(const struct stat *info, char stamp[NST_STAMP_TEXT_MAX])
{
    snprintf(stamp, NST_STAMP_TEXT_MAX, "%jd-%jd.%09ld-%ju", (intmax_t)info->st_size,
             (intmax_t)info->st_mtim.tv_sec, info->st_mtim.tv_nsec, (uintmax_t)info->st_ino);
}

bool nst_file_stamp(const char *path, char stamp[NST_STAMP_TEXT_MAX])
{
    struct stat info;
    struct timespec now;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_mtim.tv_nsec == 0 ||
        clock_gettime(CLOCK_REALTIME, &now) != 0)
        return false;
    double age = difftime(now.tv_sec, info.st_mtim.tv_sec) +
                 1e-9 * (double)(now.tv_nsec - info.st_mtim.tv_nsec);
    if (age < TICK_SECONDS)
        return false;
    print_stamp(&info, stamp);
    return true;
}

bool nst_file_stamp_new(int file, char stamp[NST_STAMP_TEXT_MAX])
{
    struct stat info;
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode) || info.st_mtim.tv_nsec == 0)
        return false;
    print_stamp(&info, stamp);
    return true;
}

/* ---- on the disk ----------------------------------------------------------------------------- */

int nst_file_sync(int file)
{
    int result;
    while ((result = fsync(file)) != 0 && errno == EINTR)
        ;
    if (result == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS)
        return 0;
    return errno;
}

int nst_file_sync_folder(const char *path)
{
    char folder[PATH_MAX];
    if (!folder_of(path, folder))
        return ENAMETOOLONG;
    /* A folder that may be written to but not read cannot be opened, and so not be synced. */
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES || errno == EPERM ? 0 : errno;
    int reason = nst_file_sync(fd);
    close(fd);
    return reason;
}
