/* What jobs share. */
#include "engine/shared.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct model_row {
    char *path; /* NULL: the bundled one */
    nst_model *model;
    struct model_row *next;
} model_row;

struct nst_shared {
    pthread_mutex_t lock; /* of models and styles, also while they are read: all want the same */
    model_row *models;
    nst_style_set *styles;
    nst_digest_memo *memo;

    pthread_mutex_t door; /* of slots */
    pthread_cond_t left;
    int slots;
};

nst_status nst_shared_create(nst_shared **out, nst_error *error)
{
    nst_shared *shared = calloc(1, sizeof *shared);
    nst_digest_memo *memo = nst_digest_memo_create();
    if (!shared || !memo) {
        free(shared);
        nst_digest_memo_destroy(memo);
        return nst_fail(error, NST_ERR_MEMORY, "out of memory");
    }
    shared->memo = memo;
    pthread_mutex_init(&shared->lock, NULL);
    pthread_mutex_init(&shared->door, NULL);
    pthread_cond_init(&shared->left, NULL);
    *out = shared;
    return NST_OK;
}

static void destroy_set(nst_style_set *set)
{
    for (int i = 0; i < NST_STYLES_MAX; i++) {
        free(set->paths[i]);
        nst_image_destroy(&set->images[i]);
        free(set->mask_paths[i]);
        nst_image_destroy(&set->masks[i]);
    }
    nst_style_cache_destroy(set->cache);
    free(set);
}

void nst_shared_destroy(nst_shared *shared)
{
    if (!shared)
        return;
    for (model_row *row = shared->models, *next; row; row = next) {
        next = row->next;
        nst_model_close(row->model);
        free(row->path);
        free(row);
    }
    for (nst_style_set *set = shared->styles, *next; set; set = next) {
        next = set->next;
        destroy_set(set);
    }
    nst_digest_memo_destroy(shared->memo);
    pthread_cond_destroy(&shared->left);
    pthread_mutex_destroy(&shared->door);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

nst_digest_memo *nst_shared_memo(nst_shared *shared)
{
    return shared->memo;
}

/* ---- models ---------------------------------------------------------------------------------- */

static bool same_path(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static nst_status open_model(nst_shared *shared, const char *path, model_row **out,
                             nst_error *error)
{
    model_row *row = calloc(1, sizeof *row);
    char *copy = path ? strdup(path) : NULL;
    nst_status status = row && (copy || !path) ? nst_model_open(path, &row->model, error)
                                               : nst_fail(error, NST_ERR_MEMORY, "out of memory");
    if (status != NST_OK) {
        free(row);
        free(copy);
        return status;
    }
    row->path = copy;
    row->next = shared->models;
    *out = shared->models = row;
    return NST_OK;
}

nst_status nst_shared_model(nst_shared *shared, const char *path, const nst_model **out,
                            nst_error *error)
{
    nst_status status = NST_OK;
    pthread_mutex_lock(&shared->lock);
    model_row *row = shared->models;
    while (row && !same_path(row->path, path))
        row = row->next;
    if (!row)
        status = open_model(shared, path, &row, error);
    if (status == NST_OK)
        *out = row->model;
    pthread_mutex_unlock(&shared->lock);
    return status;
}

/* ---- styles ---------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_of(const nst_style_set *set, const nst_job *job)
{
    if (set->count != job->style_count)
        return false;
    for (int i = 0; i < set->count; i++)
        if (!same_text(set->paths[i], job->styles[i].path) ||
            !same_text(set->mask_paths[i], job->style_masks[i]))
            return false;
    return true;
}

static nst_status read_picture(const char *path, char **copy, nst_image *image, nst_file_info *info,
                               nst_error *error)
{
    *copy = strdup(path);
    return *copy ? nst_image_read(path, image, info, error)
                 : nst_fail(error, NST_ERR_MEMORY, "out of memory");
}

static nst_status read_set(const nst_job *job, nst_style_set **out, nst_error *error)
{
    nst_style_set *set = calloc(1, sizeof *set);
    nst_status status = set ? nst_style_cache_create(&set->cache, error)
                            : nst_fail(error, NST_ERR_MEMORY, "out of memory");
    for (int i = 0; i < job->style_count && status == NST_OK; i++) {
        status = read_picture(job->styles[i].path, &set->paths[i], &set->images[i], &set->infos[i],
                              error);
        if (status == NST_OK && job->style_masks[i])
            status = read_picture(job->style_masks[i], &set->mask_paths[i], &set->masks[i],
                                  &set->mask_infos[i], error);
        set->count++;
    }
    if (status == NST_OK)
        *out = set;
    else if (set)
        destroy_set(set);
    return status;
}

/* Sets that nobody uses make room for the new one. */
static void drop_unused(nst_shared *shared)
{
    nst_style_set **link = &shared->styles;
    while (*link) {
        nst_style_set *set = *link;
        if (set->users == 0) {
            *link = set->next;
            destroy_set(set);
        } else {
            link = &set->next;
        }
    }
}

nst_status nst_shared_borrow(nst_shared *shared, const nst_job *job, const nst_style_set **out,
                             nst_error *error)
{
    nst_status status = NST_OK;
    pthread_mutex_lock(&shared->lock);
    nst_style_set *set = shared->styles;
    while (set && !is_of(set, job))
        set = set->next;
    if (!set) {
        drop_unused(shared);
        status = read_set(job, &set, error);
        if (status == NST_OK) {
            set->next = shared->styles;
            shared->styles = set;
        }
    }
    if (status == NST_OK) {
        set->users++;
        *out = set;
    }
    pthread_mutex_unlock(&shared->lock);
    return status;
}

void nst_shared_return(nst_shared *shared, const nst_style_set *set)
{
    if (!set)
        return;
    pthread_mutex_lock(&shared->lock);
    ((nst_style_set *)set)->users--; /* const for borrowers only */
    pthread_mutex_unlock(&shared->lock);
}

/* ---- slots ---------------------------------------------------------------------------------- */

void nst_shared_open(nst_shared *shared, int slots)
{
    shared->slots = slots;
}

void nst_shared_enter(nst_shared *shared)
{
    pthread_mutex_lock(&shared->door);
    while (shared->slots == 0)
        pthread_cond_wait(&shared->left, &shared->door);
    shared->slots--;
    pthread_mutex_unlock(&shared->door);
}

void nst_shared_leave(nst_shared *shared)
{
    pthread_mutex_lock(&shared->door);
    shared->slots++;
    pthread_cond_signal(&shared->left);
    pthread_mutex_unlock(&shared->door);
}
