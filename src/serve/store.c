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
#include "files/output.h"
#include "imageio/format.h"
#include "report/thumbnail.h"

enum { PREVIEW_SIDE = 1024 };

typedef struct {
    nst_stored facts;
    int holds; /* runs that need it */
} entry;

struct nst_store {
    char folder[NST_SERVE_PATH];
    int is_temporary;
    uint64_t max_pixels, memory; /* of a picture; bytes for reading pictures */
    pthread_mutex_t lock;        /* of what is below */
    pthread_mutex_t reading;     /* one picture is decoded at a time: each takes much memory */
    entry *entries;              /* oldest first */
    int count;
    uint64_t bytes, coming; /* of all entries' files; of uploads in progress */
};

nst_status nst_id_make(char id[NST_ID_SIZE], nst_error *error)
{
    unsigned char random[(NST_ID_SIZE - 1) / 2];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return nst_fail(error, NST_ERR_IO, "no random numbers: %s", strerror(errno));
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(id + 2 * i, 3, "%02x", random[i]);
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

static void preview_path(const nst_store *store, const char *id, char path[NST_SERVE_PATH])
{
    snprintf(path, NST_SERVE_PATH, "%.4000s/pictures/%.32s.jpg", store->folder, id);
}

/* A picture's own file and its preview. */
static void remove_files(const nst_store *store, const char *id)
{
    char path[NST_SERVE_PATH];
    nst_store_path(store, id, path);
    unlink(path);
    preview_path(store, id, path);
    unlink(path);
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
    for (int i = 0; i < store->count; i++)
        remove_files(store, store->entries[i].facts.id);
    snprintf(inner, sizeof inner, "%.4000s/pictures", store->folder);
    rmdir(inner);
    snprintf(inner, sizeof inner, "%.4000s/runs", store->folder);
    rmdir(inner);
    rmdir(store->folder);
}

nst_status nst_store_create(const nst_serve_options *options, nst_store **out, nst_error *error)
{
    nst_store *store = calloc(1, sizeof *store);
    entry *entries = calloc(NST_PICTURES_KEPT + 1, sizeof *entries);
    if (!store || !entries) {
        free(store);
        free(entries);
        return nst_fail_memory(error);
    }
    store->entries = entries;
    store->max_pixels = (uint64_t)options->max_pixels * 1000000;
    store->memory = options->picture_memory;
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->reading, NULL);
    nst_status status = make_folders(store, options->folder, error);
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
    remove_files(store, e->facts.id);
    store->bytes -= e->facts.bytes;
    entry *end = store->entries + store->count--;
    memmove(e, e + 1, (size_t)(end - e - 1) * sizeof *e);
}

static int has_room(const nst_store *store, uint64_t bytes)
{
    return store->count < NST_PICTURES_KEPT && store->bytes + bytes <= (uint64_t)NST_PICTURES_MIB
                                                                           << 20;
}

/* Remove the oldest pictures that no run needs until there is room. */
static nst_status make_room(nst_store *store, uint64_t bytes, nst_error *error)
{
    for (int i = 0; !has_room(store, bytes) && i < store->count;)
        if (store->entries[i].holds == 0)
            forget(store, &store->entries[i]);
        else
            i++;
    return has_room(store, bytes) ? NST_OK
                                  : nst_fail(error, NST_ERR_IO,
                                             "runs need all the pictures that are kept, ask again "
                                             "later");
}

int nst_store_reserve(nst_store *store, uint64_t bytes)
{
    pthread_mutex_lock(&store->lock);
    int fits = store->coming + bytes <= (uint64_t)NST_UPLOADS_MIB << 20;
    if (fits)
        store->coming += bytes;
    pthread_mutex_unlock(&store->lock);
    return fits;
}

void nst_store_unreserve(nst_store *store, uint64_t bytes)
{
    pthread_mutex_lock(&store->lock);
    store->coming -= bytes;
    pthread_mutex_unlock(&store->lock);
}

/* Leave out the server's path, which means nothing to the client: "PATH: not a picture" -> "not a
 * picture". */
static nst_status without_path(const char *path, const nst_error *cause, nst_error *error)
{
    size_t length = strlen(path);
    int has_path = strncmp(cause->message, path, length) == 0 && cause->message[length] == ':';
    return nst_fail(error, cause->status, "%s",
                    has_path ? cause->message + length + 2 : cause->message);
}

static nst_status examine(const nst_store *store, const char *path, nst_stored *out,
                          nst_error *error)
{
    nst_file_info info;
    nst_error cause = {0};
    struct stat file;
    if (nst_image_probe(path, &info, &cause) != NST_OK)
        return without_path(path, &cause, error);
    if ((uint64_t)info.width * (uint64_t)info.height > store->max_pixels)
        return nst_fail(error, NST_ERR_MEMORY, "%d x %d pixels, expected at most %.0f million",
                        info.width, info.height, (double)store->max_pixels * 1e-6);
    if (store->memory > 0 && info.decode_bytes > store->memory)
        return nst_fail(error, NST_ERR_MEMORY,
                        "reading %d x %d pixels takes %.0f MB of memory, expected at most %.0f MB",
                        info.width, info.height, (double)info.decode_bytes * 1e-6,
                        (double)store->memory * 1e-6);
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
    nst_status status = examine(store, part, &facts, error);
    if (status == NST_OK) {
        pthread_mutex_lock(&store->lock);
        status = make_room(store, facts.bytes, error);
        if (status == NST_OK && rename(part, path) != 0)
            status = nst_fail(error, NST_ERR_IO, "cannot be kept: %s", strerror(errno));
        if (status == NST_OK)
            store->entries[store->count++] = (entry){facts, 0};
        if (status == NST_OK)
            store->bytes += facts.bytes;
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

/* ---- previews and other formats -------------------------------------------------------------- */

static nst_status read_picture(const nst_store *store, const char *path, nst_image *out,
                               nst_error *error)
{
    const nst_read_options bounds = {.max_bytes = store->memory};
    nst_error cause = {0};
    nst_status status = nst_image_read_with(path, &bounds, out, NULL, &cause);
    return status == NST_OK ? NST_OK : without_path(path, &cause, error);
}

static nst_status make_preview(const nst_store *store, const char *path, const char *preview,
                               nst_error *error)
{
    nst_image whole = {0};
    nst_thumbnail small = {0};
    nst_error cause = {0};
    nst_status status = read_picture(store, path, &whole, error);
    if (status != NST_OK)
        return status;
    nst_thumbnail_make(&whole, PREVIEW_SIDE, &small);
    nst_image_destroy(&whole);
    if (small.jpeg)
        status = nst_output_write(preview, small.jpeg, small.size, &cause);
    else
        status = nst_fail_memory_for(&cause, "a preview");
    nst_thumbnail_destroy(&small);
    return status == NST_OK ? NST_OK : without_path(preview, &cause, error);
}

nst_status nst_store_preview(nst_store *store, const char *id, char path[NST_SERVE_PATH],
                             nst_error *error)
{
    static const char missing[] = "there is no such picture";
    char picture[NST_SERVE_PATH];
    nst_stored facts;
    nst_status status = NST_OK;
    if (!nst_store_find(store, id, &facts))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s", missing);
    nst_store_path(store, facts.id, picture);
    preview_path(store, facts.id, path);
    pthread_mutex_lock(&store->reading);
    if (access(path, R_OK) != 0)
        status = make_preview(store, picture, path, error);
    pthread_mutex_unlock(&store->reading);
    if (status == NST_OK && !nst_store_find(store, id, &facts)) { /* removed meanwhile */
        unlink(path);
        return nst_fail(error, NST_ERR_ARGUMENT, "%s", missing);
    }
    return status;
}

nst_status nst_store_convert(nst_store *store, const char *path, const nst_write_options *format,
                             unsigned char **bytes, size_t *size, nst_error *error)
{
    nst_image picture = {0};
    pthread_mutex_lock(&store->reading);
    nst_status status = read_picture(store, path, &picture, error);
    if (status == NST_OK)
        status = nst_encode(format, &picture, bytes, size, error);
    nst_image_destroy(&picture);
    pthread_mutex_unlock(&store->reading);
    return status;
}
