/* Folders: whether they are there, and making them. */
#include "files/folder.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

bool nst_folder_is(const char *path)
{
    struct stat info;
    return path && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The folders of a path that end between first and last. */
static nst_status make_parts(const char *path, size_t first, size_t last, nst_error *error)
{
    char part[PATH_MAX];
    if (last >= sizeof part)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(ENAMETOOLONG));
    for (size_t i = first; i <= last; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        int reason = mkdir(part, 0777) == 0 ? 0 : errno;
        if (reason != 0 && reason != EEXIST && !nst_folder_is(part))
            return nst_fail(error, NST_ERR_IO, "%s: %s", part, strerror(reason));
    }
    return NST_OK;
}

nst_status nst_folder_make(const char *path, nst_error *error)
{
    nst_status status = make_parts(path, 1, strlen(path), error);
    if (status != NST_OK || nst_folder_is(path))
        return status;
    return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(ENOTDIR));
}

nst_status nst_folder_make_inside(const char *folder, const char *file, nst_error *error)
{
    size_t length = strlen(folder);
    const char *slash = strrchr(file, '/');
    if (strncmp(file, folder, length) != 0 || !slash || slash <= file + length)
        return NST_OK;
    return make_parts(file, length + 1, (size_t)(slash - file), error);
}
