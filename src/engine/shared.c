/* What the jobs of a list share. */
#include "engine/shared.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

typedef struct model_row {
    char *path; /* NULL: the bundled one */
    nst_model *model;
    nst_session *session; /* of it */
    struct model_row *next;
} model_row;

struct nst_shared {
    pthread_mutex_t lock; /* of the models, held while one is opened: the others want the same */
    model_row *models;
    nst_style_sets *styles;
    nst_digest_memo *memo;
    nst_cache *cache;      /* or NULL */
    nst_style_store store; /* the cache, as the library sees it */
};

nst_status nst_shared_create(nst_shared **out, nst_error *error)
{
    nst_shared *shared = calloc(1, sizeof *shared);
    if (!shared)
        return nst_fail_memory(error);
    pthread_mutex_init(&shared->lock, NULL);
    shared->styles = nst_style_sets_create();
    shared->memo = nst_digest_memo_create();
    if (!shared->styles || !shared->memo) {
        nst_shared_destroy(shared);
        return nst_fail_memory(error);
    }
    *out = shared;
    return NST_OK;
}

void nst_shared_destroy(nst_shared *shared)
{
    if (!shared)
        return;
    for (model_row *row = shared->models, *next; row; row = next) {
        next = row->next;
        nst_session_destroy(row->session);
        nst_model_close(row->model);
        free(row->path);
        free(row);
    }
    nst_style_sets_destroy(shared->styles);
    nst_digest_memo_destroy(shared->memo);
    nst_cache_close(shared->cache);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

static int load_style(void *user, const char *name, void *bytes, size_t size)
{
    return nst_cache_load(user, name, bytes, size);
}

static void save_style(void *user, const char *name, const void *bytes, size_t size)
{
    nst_cache_save(user, name, bytes, size);
}

nst_status nst_shared_keep_styles(nst_shared *shared, uint64_t max_bytes, nst_error *error)
{
    char folder[PATH_MAX];
    nst_status status = nst_cache_folder(folder, error);
    if (status == NST_OK)
        status = nst_cache_open(folder, max_bytes, &shared->cache, error);
    if (status == NST_OK)
        shared->store = (nst_style_store){load_style, save_style, shared->cache};
    return status;
}

const nst_style_store *nst_shared_store(const nst_shared *shared)
{
    return shared->cache ? &shared->store : NULL;
}

nst_cache *nst_shared_cache(nst_shared *shared)
{
    return shared->cache;
}

nst_style_sets *nst_shared_styles(nst_shared *shared)
{
    return shared->styles;
}

nst_digest_memo *nst_shared_memo(nst_shared *shared)
{
    return shared->memo;
}

static nst_status open_model(nst_shared *shared, const char *path, model_row **out,
                             nst_error *error)
{
    model_row *row = calloc(1, sizeof *row);
    char *copy = path ? strdup(path) : NULL;
    nst_status status =
        row && (copy || !path) ? nst_model_open(path, &row->model, error) : nst_fail_memory(error);
    if (status == NST_OK)
        status = nst_session_create(row->model, &row->session, error);
    if (status != NST_OK) {
        if (row)
            nst_model_close(row->model);
        free(row);
        free(copy);
        return status;
    }
    row->path = copy;
    row->next = shared->models;
    *out = shared->models = row;
    return NST_OK;
}

/* The row of the path, with the model open. */
static nst_status find_row(nst_shared *shared, const char *path, model_row **out, nst_error *error)
{
    nst_status status = NST_OK;
    pthread_mutex_lock(&shared->lock);
    model_row *row = shared->models;
    while (row && !nst_text_same(row->path, path))
        row = row->next;
    if (!row)
        status = open_model(shared, path, &row, error);
    if (status == NST_OK)
        *out = row;
    pthread_mutex_unlock(&shared->lock);
    return status;
}

nst_status nst_shared_model(nst_shared *shared, const char *path, const nst_model **out,
                            nst_error *error)
{
    model_row *row;
    nst_status status = find_row(shared, path, &row, error);
    if (status == NST_OK)
        *out = row->model;
    return status;
}

nst_status nst_shared_session(nst_shared *shared, const char *path, nst_session **out,
                              nst_error *error)
{
    model_row *row;
    nst_status status = find_row(shared, path, &row, error);
    if (status == NST_OK)
        *out = row->session;
    return status;
}

void nst_shared_trim(nst_shared *shared, uint64_t bytes)
{
    uint64_t kept = 0;
    pthread_mutex_lock(&shared->lock);
    for (model_row *row = shared->models; row; row = row->next)
        kept += nst_session_bytes(row->session);
    for (model_row *row = shared->models; row && kept > bytes; row = row->next)
        nst_session_trim(row->session);
    pthread_mutex_unlock(&shared->lock);
}
