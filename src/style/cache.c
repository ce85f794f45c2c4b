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

/* A multiplication and a rotation for each word in each of four lanes, then the mixing of
 * SplitMix64 (Steele, Lea and Flood 2014) between them. */
enum { LANES = 4 };

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void nst_style_fingerprint(const nst_image *image, uint64_t out[2])
{
    size_t bytes = 3 * (size_t)image->width * (size_t)image->height * sizeof(float), at = 0;
    const char *from = (const char *)image->rgb;
    uint64_t lane[LANES] = {mix((uint64_t)image->width), mix((uint64_t)image->height << 32), 1, 2};
    while (at < bytes) {
        uint64_t word[LANES] = {0};
        size_t count = bytes - at < sizeof word ? bytes - at : sizeof word;
        memcpy(word, from + at, count);
        at += count;
        for (int i = 0; i < LANES; i++) {
            uint64_t z = (lane[i] ^ word[i]) * UINT64_C(0x9e3779b97f4a7c15);
            lane[i] = z << 29 | z >> 35;
        }
    }
    for (int k = 0; k < 2; k++) {
        out[k] = (uint64_t)k;
        for (int i = 0; i < LANES; i++)
            out[k] = mix(out[k] * UINT64_C(0x9e3779b97f4a7c15) + lane[i]);
    }
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
    return a->model == b->model && a->style[0] == b->style[0] && a->style[1] == b->style[1] &&
           a->width == b->width && a->height == b->height && a->layers == b->layers &&
           a->pooling == b->pooling && a->algorithm == b->algorithm && a->centred == b->centred;
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
