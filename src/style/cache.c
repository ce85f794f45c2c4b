#include "style/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct entry {
    nst_style_key key;
    float *grams[NST_LAYER_MAX]; /* [n][n] each, n = padded channels; NULL where not measured */
    struct entry *next;
} entry;

struct nst_style_cache {
    pthread_mutex_t lock;
    entry *entries; /* a few: styles x sizes */
};

nst_status nst_style_cache_create(nst_style_cache **out, nst_error *error)
{
    nst_style_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return nst_fail_memory(error);
    pthread_mutex_init(&cache->lock, NULL);
    *out = cache;
    return NST_OK;
}

static void destroy_entry(entry *e)
{
    for (int i = 0; i < NST_LAYER_MAX; i++)
        free(e->grams[i]);
    free(e);
}

void nst_style_cache_destroy(nst_style_cache *cache)
{
    if (!cache)
        return;
    for (entry *e = cache->entries, *next; e; e = next) {
        next = e->next;
        destroy_entry(e);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

void nst_style_cache_enter(nst_style_cache *cache)
{
    if (cache)
        pthread_mutex_lock(&cache->lock);
}

void nst_style_cache_leave(nst_style_cache *cache)
{
    if (cache)
        pthread_mutex_unlock(&cache->lock);
}

static bool same(const nst_style_key *a, const nst_style_key *b)
{
    return a->model == b->model && a->style == b->style && a->width == b->width &&
           a->height == b->height && a->layers == b->layers && a->pooling == b->pooling &&
           a->algorithm == b->algorithm && a->centred == b->centred;
}

bool nst_style_cache_find(const nst_style_cache *cache, const nst_style_key *key,
                          nst_statistic statistics[NST_LAYER_MAX])
{
    const entry *e = cache ? cache->entries : NULL;
    while (e && !same(&e->key, key))
        e = e->next;
    for (int i = 0; e && i < NST_LAYER_MAX; i++)
        if (e->grams[i])
            statistics[i] = (nst_statistic){.region_count = 1,
                                            .regions[0] = {.share = 1.0, .current = e->grams[i]}};
    return e != NULL;
}

void nst_style_cache_add(nst_style_cache *cache, const nst_style_key *key,
                         const nst_statistic statistics[NST_LAYER_MAX])
{
    entry *e = cache ? calloc(1, sizeof *e) : NULL;
    if (!e)
        return;
    e->key = *key;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t n = (size_t)nst_padded(statistics[i].c), bytes = n * n * sizeof(float);
        if (!(key->layers >> i & 1))
            continue;
        e->grams[i] = malloc(bytes);
        if (!e->grams[i]) {
            destroy_entry(e);
            return;
        }
        memcpy(e->grams[i], statistics[i].regions[0].current, bytes);
    }
    e->next = cache->entries;
    cache->entries = e;
}
