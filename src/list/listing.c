/* The pictures of a folder. */
#include "list/listing.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "files/file.h"
#include "files/folder.h"
#include "imageio/imageio.h"

void nst_folder_listing_destroy(nst_folder_listing *listing)
{
    nst_names_destroy(&listing->pictures);
    nst_names_destroy(&listing->problems);
}

/* ---- natural order --------------------------------------------------------------------------- */

/* Digits without leading zeros; *text moves behind them. */
static size_t number_at(const char **text, const char **digits)
{
    while (**text == '0')
        ++*text;
    *digits = *text;
    while (isdigit((unsigned char)**text))
        ++*text;
    return (size_t)(*text - *digits);
}

static int compare_naturally(const char *a, const char *b)
{
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            const char *da, *db;
            size_t la = number_at(&a, &da), lb = number_at(&b, &db);
            int order = la != lb ? (la < lb ? -1 : 1) : strncmp(da, db, la);
            if (order != 0)
                return order;
            continue;
        }
        int ca = tolower((unsigned char)*a++), cb = tolower((unsigned char)*b++);
        if (ca != cb)
            return ca < cb ? -1 : 1;
    }
    return (*a != '\0') - (*b != '\0');
}

int nst_natural_compare(const char *a, const char *b)
{
    int order = compare_naturally(a, b);
    return order != 0 ? order : strcmp(a, b);
}

static int compare_names(const void *a, const void *b)
{
    return nst_natural_compare(*(char *const *)a, *(char *const *)b);
}

/* ---- walking --------------------------------------------------------------------------------- */

typedef struct {
    const char *root, *except;
    bool recursive;
    nst_folder_listing *out;
} walk;

static nst_status list_folder(const walk *w, const char *inside, nst_error *error);

/* "a" and "b" to "a/b", an empty part left out. False when it would be too long. */
static bool join(const char *a, const char *b, char out[PATH_MAX])
{
    size_t length = strlen(a);
    const char *slash = length == 0 || a[length - 1] == '/' || *b == '\0' ? "" : "/";
    return snprintf(out, PATH_MAX, "%s%s%s", a, slash, b) < PATH_MAX;
}

static nst_status visit_folder(const walk *w, const char *path, const char *relative,
                               nst_error *error)
{
    struct stat info;
    nst_error cause = {0};
    if (!w->recursive) {
        w->out->folders++;
        return NST_OK;
    }
    if (lstat(path, &info) != 0 || S_ISLNK(info.st_mode) || nst_file_same(path, w->except))
        return NST_OK;
    nst_status status = list_folder(w, relative, &cause);
    return status == NST_ERR_IO ? nst_names_add(&w->out->problems, cause.message, error)
           : status == NST_OK   ? NST_OK
                                : nst_fail(error, status, "%s", cause.message);
}

static nst_status visit(const walk *w, const char *relative, nst_error *error)
{
    char path[PATH_MAX];
    struct stat info;
    bool found;
    if (!join(w->root, relative, path))
        return nst_names_add(&w->out->problems, "a path is too long", error);
    found = stat(path, &info) == 0;
    if (found && S_ISDIR(info.st_mode))
        return visit_folder(w, path, relative, error);
    if (found && !S_ISREG(info.st_mode))
        return NST_OK;
    if (nst_format_from_path(relative) == NST_FORMAT_UNKNOWN) {
        nst_kinds_add(&w->out->others, relative);
        return NST_OK;
    }
    return nst_names_add(&w->out->pictures, relative, error);
}

static nst_status read_names(const char *path, nst_names *names, nst_error *error)
{
    DIR *folder = opendir(path);
    nst_status status = NST_OK;
    const struct dirent *entry;
    if (!folder)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    while (status == NST_OK && (errno = 0, entry = readdir(folder)))
        if (entry->d_name[0] != '.')
            status = nst_names_add(names, entry->d_name, error);
    if (status == NST_OK && errno != 0)
        status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    closedir(folder);
    if (names->count > 0)
        qsort(names->list, (size_t)names->count, sizeof *names->list, compare_names);
    return status;
}

static nst_status list_folder(const walk *w, const char *inside, nst_error *error)
{
    char path[PATH_MAX], relative[PATH_MAX];
    nst_names names = {0};
    if (!join(w->root, inside, path))
        return nst_fail(error, NST_ERR_IO, "%s: path too long", w->root);
    nst_status status = read_names(path, &names, error);
    for (int i = 0; i < names.count && status == NST_OK; i++)
        status = join(inside, names.list[i], relative)
                     ? visit(w, relative, error)
                     : nst_names_add(&w->out->problems, "a path is too long", error);
    nst_names_destroy(&names);
    return status;
}

nst_status nst_folder_list(const char *folder, bool recursive, const char *except,
                           nst_folder_listing *out, nst_error *error)
{
    const walk w = {folder, except, recursive, out};
    *out = (nst_folder_listing){0};
    return list_folder(&w, "", error);
}
