#include "hub/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "files/file.h"
#include "hub/download.h"
#include "util/say.h"

/* A hidden file beside the models, in which a download grows. It is locked while it does; -1 on
 * failure. Where there are no locks, two downloads may spoil each other, which the checksum finds.
 */
static int open_part(const nst_fetch_options *options, char path[PATH_MAX], nst_error *error)
{
    char name[NAME_MAX];
    struct stat info;
    snprintf(name, sizeof name, ".%s", options->install.name);
    if (nst_models_file(name, ".part", path, error) != NST_OK)
        return -1;
    for (;;) {
        /* The tool inherits it, so that one which outlives this process keeps the lock. */
        int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
        if (fd < 0) {
            nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
            return -1;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            nst_fail(error, NST_ERR_IO, "%s: is being fetched by another nst",
                     options->install.name);
        else if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
            nst_fail(error, NST_ERR_IO, "%s: expected a regular file", path);
        else if (info.st_nlink > 0)
            return fd;
        close(fd);
        if (error->status != NST_OK)
            return -1;
        /* The one who held the lock until now was done, and has removed the file. */
    }
}

/* For the download and what is kept of it. */
static nst_status check_space(const nst_fetch_options *options, const char *part, nst_error *error)
{
    enum { KEPT_MEGABYTES = 60 };
    struct statvfs disk;
    struct stat info;
    if (options->megabytes == 0 || statvfs(part, &disk) != 0 || stat(part, &info) != 0)
        return NST_OK;
    double free_mb = (double)disk.f_bavail * (double)disk.f_frsize / 1e6;
    double needed = options->megabytes + KEPT_MEGABYTES - (double)info.st_size / 1e6;
    return free_mb >= needed ? NST_OK
                             : nst_fail(error, NST_ERR_IO, "%s: %.0f MB are free, %.0f are needed",
                                        part, free_mb, needed);
}

static nst_status compare(const nst_fetch_options *options, const char *digest, nst_error *error)
{
    return strcasecmp(digest, options->sha256) == 0
               ? NST_OK
               : nst_fail(error, NST_ERR_FORMAT,
                          "%s: not the file expected: its SHA-256 is %.12s..., not %.12s...; "
                          "nothing was installed",
                          options->source, digest, options->sha256);
}

/* Fill the part until its checksum is right. */
static nst_status fill(const nst_fetch_options *options, int fd, const char *part, char digest[65],
                       nst_error *error)
{
    const nst_download download = {options->source, part, options->install.name, options->megabytes,
                                   options->quiet};
    struct stat info;
    nst_status status;
    bool resumed = fstat(fd, &info) == 0 && info.st_size > 0;
    /* Perhaps only installing it went wrong last time. */
    if (resumed && ((status = nst_file_sha256(part, digest, error)) != NST_OK ||
                    strcasecmp(digest, options->sha256) == 0))
        return status;
    for (;;) {
        if ((status = nst_download_run(&download, error)) != NST_OK ||
            (status = nst_file_sha256(part, digest, error)) != NST_OK)
            return status;
        status = compare(options, digest, resumed ? NULL : error);
        if (status == NST_OK)
            return NST_OK;
        /* The file is not the expected one, so it is emptied. If the download continued an earlier
         * one, the earlier bytes may belong to another file: it is tried once more from the start.
         */
        if (ftruncate(fd, 0) != 0)
            return nst_fail(error, NST_ERR_IO, "%s: %s", part, strerror(errno));
        if (!resumed)
            return status;
        if (!options->quiet)
            nst_say("%s: the part of an earlier download does not fit; downloading from the start",
                    options->install.name);
        resumed = false;
    }
}

static nst_status fetch_remote(const nst_fetch_options *options, char path[PATH_MAX],
                               nst_error *error)
{
    char part[PATH_MAX], digest[65];
    struct stat info;
    int fd = open_part(options, part, error);
    if (fd < 0)
        return NST_ERR_IO;
    nst_status status = check_space(options, part, error);
    if (status == NST_OK)
        status = fill(options, fd, part, digest, error);
    if (status == NST_OK)
        status = nst_install(part, digest, &options->install, path, error);
    /* What is no model will not become one. */
    bool useless = status == NST_ERR_FORMAT || (fstat(fd, &info) == 0 && info.st_size == 0);
    if (status == NST_OK || useless)
        unlink(part);
    close(fd);
    return status;
}

static nst_status fetch_local(const nst_fetch_options *options, char path[PATH_MAX],
                              nst_error *error)
{
    char digest[65];
    nst_status status;
    if ((status = nst_file_sha256(options->source, digest, error)) != NST_OK ||
        (status = compare(options, digest, error)) != NST_OK)
        return status;
    return nst_install(options->source, digest, &options->install, path, error);
}

nst_status nst_fetch(const nst_fetch_options *options, char path[PATH_MAX], nst_error *error)
{
    nst_status status = nst_install_check(&options->install, path, error);
    if (status != NST_OK)
        return status;
    bool remote = strncasecmp(options->source, "http://", 7) == 0 ||
                  strncasecmp(options->source, "https://", 8) == 0;
    return remote ? fetch_remote(options, path, error) : fetch_local(options, path, error);
}
