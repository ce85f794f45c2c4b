/* An entry is a file NAME.style: a line that says what it is, the SHA-256 of name and bytes, and
 * the bytes. The time of its last change is that of its last use. */
#include "files/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "files/folder.h"
#include "files/output.h"
#include "util/sha256.h"

#define EXTENSION ".style"
#define KIND      "nst style\n"

enum { KIND_BYTES = sizeof KIND - 1, HEAD = KIND_BYTES + 64 };

struct nst_cache {
    char *folder;
    uint64_t max_bytes;
    atomic_int found, missed;
};

/* ---- the folder ------------------------------------------------------------------------------ */

nst_status nst_cache_folder(char path[PATH_MAX], nst_error *error)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (cache && cache[0] == '/')
        length = snprintf(path, PATH_MAX, "%s/nst/styles", cache);
    else if (home && home[0] == '/')
        length = snprintf(path, PATH_MAX, "%s/.cache/nst/styles", home);
    return length > 0 && length < PATH_MAX
               ? NST_OK
               : nst_fail(error, NST_ERR_IO,
                          "no folder for a cache: neither XDG_CACHE_HOME nor HOME is a full path");
}

nst_status nst_cache_open(const char *folder, uint64_t max_bytes, nst_cache **out, nst_error *error)
{
    nst_status status = nst_folder_make(folder, error);
    if (status != NST_OK)
        return status;
    nst_cache *cache = calloc(1, sizeof *cache);
    char *copy = strdup(folder);
    if (!cache || !copy) {
        free(cache);
        free(copy);
        return nst_fail_memory(error);
    }
    cache->folder = copy;
    cache->max_bytes = max_bytes;
    *out = cache;
    return NST_OK;
}

void nst_cache_close(nst_cache *cache)
{
    if (!cache)
        return;
    free(cache->folder);
    free(cache);
}

void nst_cache_count(nst_cache *cache, int *found, int *missed)
{
    *found = atomic_load(&cache->found);
    *missed = atomic_load(&cache->missed);
}

/* ---- an entry -------------------------------------------------------------------------------- */

static bool find_path(const nst_cache *cache, const char *name, char path[PATH_MAX])
{
    return strlen(name) == NST_CACHE_NAME &&
           snprintf(path, PATH_MAX, "%s/%s" EXTENSION, cache->folder, name) < PATH_MAX;
}

static void make_head(const char *name, const void *bytes, size_t size, char head[HEAD + 1])
{
    nst_sha256 sum;
    memcpy(head, KIND, KIND_BYTES);
    nst_sha256_begin(&sum);
    nst_sha256_add(&sum, name, strlen(name));
    nst_sha256_add(&sum, bytes, size);
    nst_sha256_end(&sum, head + KIND_BYTES);
}

static bool read_all(int fd, void *out, size_t size)
{
    char *to = out;
    while (size > 0) {
        ssize_t got = read(fd, to, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size -= (size_t)got;
    }
    return true;
}

static bool load(const char *path, const char *name, void *bytes, size_t size)
{
    struct stat info;
    char head[HEAD], expected[HEAD + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its writer */
    if (fd < 0)
        return false;
    bool whole = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
                 (uint64_t)info.st_size == (uint64_t)size + HEAD && read_all(fd, head, HEAD) &&
                 read_all(fd, bytes, size);
    if (whole) {
        make_head(name, bytes, size, expected);
        whole = memcmp(head, expected, HEAD) == 0;
    }
    if (whole)
        (void)futimens(fd, NULL); /* else it only is dropped earlier */
    close(fd);
    return whole;
}

bool nst_cache_load(nst_cache *cache, const char *name, void *bytes, size_t size)
{
    char path[PATH_MAX];
    bool found = find_path(cache, name, path) && load(path, name, bytes, size);
    atomic_fetch_add(found ? &cache->found : &cache->missed, 1);
    return found;
}

/* ---- keeping within the bound ---------------------------------------------------------------- */

typedef struct {
    char name[NST_CACHE_NAME + sizeof EXTENSION];
    uint64_t bytes;
    struct timespec used;
} entry;

typedef struct {
    entry *list;
    size_t count, room;
    uint64_t bytes;
} entries;

static bool is_entry(const char *name)
{
    return strspn(name, "0123456789abcdef") == NST_CACHE_NAME &&
           strcmp(name + NST_CACHE_NAME, EXTENSION) == 0;
}

static void note(entries *all, int folder, const char *name)
{
    struct stat info;
    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode))
        return;
    if (all->count == all->room) {
        size_t room = all->room > 0 ? 2 * all->room : 64;
        entry *larger = realloc(all->list, room * sizeof *larger);
        if (!larger)
            return;
        all->list = larger;
        all->room = room;
    }
    entry *e = &all->list[all->count++];
    memcpy(e->name, name, sizeof e->name);
    e->bytes = (uint64_t)info.st_size;
    e->used = info.st_mtim;
    all->bytes += e->bytes;
}

static int by_use(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->used.tv_sec != y->used.tv_sec)
        return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
    return x->used.tv_nsec < y->used.tv_nsec ? -1 : x->used.tv_nsec > y->used.tv_nsec;
}

/* Other processes may drop the same ones at the same time. */
static void drop_oldest(const nst_cache *cache)
{
    entries all = {.list = NULL};
    DIR *folder = opendir(cache->folder);
    if (!folder)
        return;
    for (struct dirent *file; (file = readdir(folder)) != NULL;)
        if (is_entry(file->d_name))
            note(&all, dirfd(folder), file->d_name);
    if (all.count > 0)
        qsort(all.list, all.count, sizeof *all.list, by_use);
    for (size_t i = 0; i < all.count && all.bytes > cache->max_bytes; i++) {
        (void)unlinkat(dirfd(folder), all.list[i].name, 0);
        all.bytes -= all.list[i].bytes;
    }
    free(all.list);
    closedir(folder);
}

void nst_cache_save(nst_cache *cache, const char *name, const void *bytes, size_t size)
{
    char path[PATH_MAX];
    if (size > SIZE_MAX - HEAD - 1 || (uint64_t)size + HEAD > cache->max_bytes ||
        !find_path(cache, name, path))
        return;
    char *whole = malloc(HEAD + 1 + size);
    if (!whole)
        return;
    make_head(name, bytes, size, whole);
    memcpy(whole + HEAD, bytes, size);
    nst_output_sweep(cache->folder); /* what killed processes left behind counts as well */
    if (nst_output_write(path, whole, HEAD + size, NULL) == NST_OK)
        drop_oldest(cache);
    free(whole);
}
