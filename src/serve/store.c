#include "serve/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "imageio/format.h"
#include "imageio/imageio.h"

enum { PREVIEW_QUALITY = 85 };

typedef struct {
    nst_stored facts;
    int holds; /* runs that need it */
} entry;

struct nst_store {
    char folder[NST_SERVE_PATH];
    int is_temporary;
    uint64_t max_pixels;
    pthread_mutex_t lock;    /* of what is below */
    pthread_mutex_t reading; /* one picture is decoded at a time: each takes much memory */
    entry *entries;          /* oldest first */
    int count;
};

nst_status nst_id_make(char id[NST_ID_SIZE], nst_error *error)
{
    unsigned char chance[(NST_ID_SIZE - 1) / 2];
    if (getrandom(chance, sizeof chance, 0) != (ssize_t)sizeof chance)
        return nst_fail(error, NST_ERR_IO, "no random numbers: %s", strerror(errno));
    for (size_t i = 0; i < sizeof chance; i++)
        snprintf(id + 2 * i, 3, "%02x", chance[i]);
    return NST_OK;
}

void nst_store_part(const nst_store *store, const char *id, char path[NST_SERVE_PATH])
{
    snprintf(path, NST_SERVE_PATH, "%.4000s/pictures/%.32s.part", store->folder, id);
}

void nst_store_path(const nst_store *store, const char *id, char path[NST_SERVE_PATH])
{
    snprintf(path, NST_SERVE_PATH, "%.4000s/pictures/%.32s", store->folder, id);
}

const char *nst_store_folder(const nst_store *store)
{
    return store->folder;
}

/* ---- the folder ------------------------------------------------------------------------------ */

static nst_status make_folder(const char *path, nst_error *error)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return nst_fail(error, NST_ERR_IO, "%s: cannot make the folder: %s", path, strerror(errno));
    return NST_OK;
}

static nst_status make_folders(nst_store *store, const char *folder, nst_error *error)
{
    char inner[NST_SERVE_PATH];
    nst_status status;
    if (folder) {
        if ((status = make_folder(folder, error)) != NST_OK)
            return status;
        if (!realpath(folder, inner))
            return nst_fail(error, NST_ERR_IO, "%s: %s", folder, strerror(errno));
        snprintf(store->folder, sizeof store->folder, "%s", inner);
    } else {
        const char *top = getenv("TMPDIR");
        snprintf(store->folder, sizeof store->folder, "%.4000s/nst-serve-XXXXXX",
                 top && top[0] == '/' ? top : "/tmp");
        if (!mkdtemp(store->folder))
            return nst_fail(error, NST_ERR_IO, "%s: cannot make a folder: %s", store->folder,
                            strerror(errno));
        store->is_temporary = 1;
    }
    snprintf(inner, sizeof inner, "%.4000s/pictures", store->folder);
    if ((status = make_folder(inner, error)) != NST_OK)
        return status;
    snprintf(inner, sizeof inner, "%.4000s/runs", store->folder);
    return make_folder(inner, error);
}

static void remove_folders(const nst_store *store)
{
    char inner[NST_SERVE_PATH];
    for (int i = 0; i < store->count; i++) {
        nst_store_path(store, store->entries[i].facts.id, inner);
        unlink(inner);
    }
    snprintf(inner, sizeof inner, "%.4000s/pictures", store->folder);
    rmdir(inner);
    snprintf(inner, sizeof inner, "%.4000s/runs", store->folder);
    rmdir(inner);
    rmdir(store->folder);
}

nst_status nst_store_create(const char *folder, uint64_t max_pixels, nst_store **out,
                            nst_error *error)
{
    nst_store *store = calloc(1, sizeof *store);
    entry *entries = calloc(NST_PICTURES_KEPT + 1, sizeof *entries);
    if (!store || !entries) {
        free(store);
        free(entries);
        return nst_fail(error, NST_ERR_MEMORY, "out of memory");
    }
    store->entries = entries;
    store->max_pixels = max_pixels;
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->reading, NULL);
    nst_status status = make_folders(store, folder, error);
    if (status == NST_OK)
        *out = store;
    else
        nst_store_destroy(store);
    return status;
}

void nst_store_destroy(nst_store *store)
{
    if (!store)
        return;
    if (store->is_temporary)
        remove_folders(store);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->reading);
    free(store->entries);
    free(store);
}

/* ---- pictures -------------------------------------------------------------------------------- */

/* With the lock held. */
static entry *find(nst_store *store, const char *id)
{
    for (int i = 0; i < store->count; i++)
        if (strcmp(store->entries[i].facts.id, id) == 0)
            return &store->entries[i];
    return NULL;
}

static void forget(nst_store *store, entry *e)
{
    char path[NST_SERVE_PATH];
    nst_store_path(store, e->facts.id, path);
    unlink(path);
    entry *end = store->entries + store->count--;
    memmove(e, e + 1, (size_t)(end - e - 1) * sizeof *e);
}

/* The oldest that no run needs makes room. */
static nst_status make_room(nst_store *store, nst_error *error)
{
    for (int i = 0; store->count >= NST_PICTURES_KEPT && i < store->count; i++)
        if (store->entries[i].holds == 0) {
            forget(store, &store->entries[i]);
            break;
        }
    if (store->count >= NST_PICTURES_KEPT)
        return nst_fail(error, NST_ERR_MEMORY, "runs need all of the %d pictures that are kept",
                        NST_PICTURES_KEPT);
    return NST_OK;
}

static nst_status look(const nst_store *store, const char *path, nst_stored *out, nst_error *error)
{
    nst_file_info info;
    nst_error cause = {0};
    struct stat file;
    size_t prefix = strlen(path);
    nst_status status = nst_image_probe(path, &info, &cause);
    if (status != NST_OK) /* the client knows no path of ours */
        return nst_fail(error, status, "%s",
                        strncmp(cause.message, path, prefix) == 0 && cause.message[prefix] == ':'
                            ? cause.message + prefix + 2
                            : cause.message);
    if ((uint64_t)info.width * (uint64_t)info.height > store->max_pixels)
        return nst_fail(error, NST_ERR_MEMORY, "%d x %d pixels, expected at most %.0f million",
                        info.width, info.height, (double)store->max_pixels * 1e-6);
    out->width = info.width;
    out->height = info.height;
    out->kind = nst_format_name(info.format);
    out->bytes = stat(path, &file) == 0 ? (uint64_t)file.st_size : 0;
    return NST_OK;
}

nst_status nst_store_keep(nst_store *store, const char *id, nst_stored *out, nst_error *error)
{
    char part[NST_SERVE_PATH], path[NST_SERVE_PATH];
    nst_stored facts = {0};
    snprintf(facts.id, sizeof facts.id, "%s", id);
    nst_store_part(store, id, part);
    nst_store_path(store, id, path);
    nst_status status = look(store, part, &facts, error);
    if (status == NST_OK) {
        pthread_mutex_lock(&store->lock);
        status = make_room(store, error);
        if (status == NST_OK && rename(part, path) != 0)
            status = nst_fail(error, NST_ERR_IO, "cannot be kept: %s", strerror(errno));
        if (status == NST_OK)
            store->entries[store->count++] = (entry){facts, 0};
        pthread_mutex_unlock(&store->lock);
    }
    if (status == NST_OK)
        *out = facts;
    else
        unlink(part);
    return status;
}

int nst_store_find(nst_store *store, const char *id, nst_stored *out)
{
    pthread_mutex_lock(&store->lock);
    const entry *e = find(store, id);
    if (e)
        *out = e->facts;
    pthread_mutex_unlock(&store->lock);
    return e != NULL;
}

int nst_store_hold(nst_store *store, const char *id)
{
    pthread_mutex_lock(&store->lock);
    entry *e = find(store, id);
    if (e)
        e->holds++;
    pthread_mutex_unlock(&store->lock);
    return e != NULL;
}

void nst_store_release(nst_store *store, const char *id)
{
    pthread_mutex_lock(&store->lock);
    entry *e = find(store, id);
    if (e && e->holds > 0)
        e->holds--;
    pthread_mutex_unlock(&store->lock);
}

int nst_store_remove(nst_store *store, const char *id)
{
    pthread_mutex_lock(&store->lock);
    entry *e = find(store, id);
    int result = !e ? 0 : e->holds > 0 ? -1 : 1;
    if (result > 0)
        forget(store, e);
    pthread_mutex_unlock(&store->lock);
    return result;
}

static nst_status make_preview(const char *path, int side, unsigned char **bytes, size_t *size,
                               nst_error *error)
{
    const nst_write_options jpeg = {.format = NST_FORMAT_JPEG, .quality = PREVIEW_QUALITY};
    nst_image whole = {0}, small = {0};
    nst_options options = {.size = side};
    int width, height;
    nst_status status = nst_image_read(path, &whole, NULL, error);
    if (status != NST_OK)
        return status;
    if (whole.width > side || whole.height > side) {
        nst_result_size(&options, whole.width, whole.height, &width, &height);
        status = nst_image_resize(&whole, width, height, 1, &small, error);
    }
    if (status == NST_OK)
        status = nst_encode(&jpeg, small.rgb ? &small : &whole, bytes, size, error);
    nst_image_destroy(&small);
    nst_image_destroy(&whole);
    return status;
}

nst_status nst_store_preview(nst_store *store, const char *id, int side, unsigned char **bytes,
                             size_t *size, nst_error *error)
{
    char path[NST_SERVE_PATH];
    nst_error cause = {0};
    nst_store_path(store, id, path);
    pthread_mutex_lock(&store->reading);
    nst_status status = make_preview(path, side, bytes, size, &cause);
    pthread_mutex_unlock(&store->reading);
    return status == NST_OK ? NST_OK : nst_fail(error, status, "the picture cannot be read");
}
