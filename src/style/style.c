#include "style/style.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"
#include "image/check.h"
#include "kernels/gemm.h"
#include "kernels/isa.h"
#include "kernels/pixels.h"
#include "model/fingerprint.h"
#include "model/model.h"

enum { WAIT_MILLISECONDS = 20 }; /* before looking again whether the work is cancelled */

typedef struct {
    nst_style_key key;
    float *grams[NST_LAYER_MAX]; /* [n][n] each, n = padded channels; NULL where not measured */
    float *means[NST_LAYER_MAX]; /* [n] each, where centered */
    unsigned long used;          /* the style's counter at the last use; 0: empty */
} entry;

struct nst_style {
    nst_image image, mask;              /* not owned */
    char picture[NST_FINGERPRINT_TEXT]; /* fingerprint of the image; empty until it is needed */
    pthread_mutex_t lock;               /* of `busy` */
    pthread_cond_t left;
    bool busy; /* a thread has entered; only it touches the rest */
    entry entries[NST_STYLE_ENTRIES];
    unsigned long uses;
};

nst_status nst_style_create(const nst_image *image, const nst_image *mask, nst_style **out,
                            nst_error *error)
{
    nst_status status = nst_check_given("a place for the style", out, error);
    if (status != NST_OK || (status = nst_check_image("the style", image, error)) != NST_OK ||
        (mask && (status = nst_check_image("the style's mask", mask, error)) != NST_OK))
        return status;
    nst_style *style = calloc(1, sizeof *style);
    if (!style)
        return nst_fail_memory(error);
    style->image = *image;
    if (mask)
        style->mask = *mask;
    pthread_mutex_init(&style->lock, NULL);
    pthread_cond_init(&style->left, NULL);
    *out = style;
    return NST_OK;
}

static void clear_entry(entry *e)
{
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        free(e->grams[i]);
        free(e->means[i]);
    }
    *e = (entry){.used = 0};
}

void nst_style_destroy(nst_style *style)
{
    if (!style)
        return;
    for (int i = 0; i < NST_STYLE_ENTRIES; i++)
        clear_entry(&style->entries[i]);
    pthread_cond_destroy(&style->left);
    pthread_mutex_destroy(&style->lock);
    free(style);
}

const nst_image *nst_style_image(const nst_style *style)
{
    return &style->image;
}

const nst_image *nst_style_mask(const nst_style *style)
{
    return &style->mask;
}

/* ---- one at a time --------------------------------------------------------------------------- */

/* Called with the lock held. Waits for a limited time, because the other thread may measure for
 * long. */
static void wait_a_little(nst_style *style)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += WAIT_MILLISECONDS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&style->left, &style->lock, &until);
}

bool nst_style_enter(nst_style *style)
{
    pthread_mutex_lock(&style->lock);
    while (style->busy && !nst_parallel_cancelled())
        wait_a_little(style);
    bool entered = !style->busy;
    style->busy = true;
    pthread_mutex_unlock(&style->lock);
    return entered;
}

void nst_style_leave(nst_style *style)
{
    pthread_mutex_lock(&style->lock);
    style->busy = false;
    pthread_cond_signal(&style->left);
    pthread_mutex_unlock(&style->lock);
}

/* ---- what was measured ----------------------------------------------------------------------- */

/* Rows of a layer's matrix. */
static size_t side_of(const nst_style_key *key, int layer)
{
    return (size_t)nst_padded(nst_model_features(key->model, layer));
}

static bool same(const nst_style_key *a, const nst_style_key *b)
{
    return a->model == b->model && a->width == b->width && a->height == b->height &&
           a->layers == b->layers && a->pooling == b->pooling && a->algorithm == b->algorithm &&
           a->centered == b->centered;
}

/* The entry that was used the longest ago, with room for the matrices of the key, which the caller
 * fills in; NULL when memory runs out. */
static entry *open_entry(nst_style *style, const nst_style_key *key)
{
    entry *e = &style->entries[0];
    for (int k = 1; k < NST_STYLE_ENTRIES; k++)
        if (style->entries[k].used < e->used)
            e = &style->entries[k];
    clear_entry(e);
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        if (!(key->layers >> i & 1))
            continue;
        size_t n = side_of(key, i);
        e->grams[i] = malloc(n * n * sizeof(float));
        e->means[i] = key->centered ? malloc(n * sizeof(float)) : NULL;
        if (!e->grams[i] || (key->centered && !e->means[i])) {
            clear_entry(e);
            return NULL;
        }
    }
    e->key = *key;
    e->used = ++style->uses;
    return e;
}

/* ---- in a store ------------------------------------------------------------------------------ */

/* Of each layer the upper half of its matrix, row by row, then its means. */
static size_t packed_floats(const nst_style_key *key)
{
    size_t floats = 0;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t n = key->layers >> i & 1 ? side_of(key, i) : 0;
        floats += n * (n + 1) / 2 + (key->centered ? n : 0);
    }
    return floats;
}

static void pack(const entry *e, float *to)
{
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t n = e->grams[i] ? side_of(&e->key, i) : 0;
        for (size_t row = 0; row < n; to += n - row, row++)
            memcpy(to, e->grams[i] + row * n + row, (n - row) * sizeof *to);
        if (n > 0 && e->means[i]) {
            memcpy(to, e->means[i], n * sizeof *to);
            to += n;
        }
    }
}

static void unpack(const float *from, const entry *e)
{
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t n = e->grams[i] ? side_of(&e->key, i) : 0;
        for (size_t row = 0; row < n; row++)
            for (size_t column = row; column < n; column++)
                e->grams[i][row * n + column] = e->grams[i][column * n + row] = *from++;
        if (n > 0 && e->means[i]) {
            memcpy(e->means[i], from, n * sizeof *from);
            from += n;
        }
    }
}

/* Of the pixels, made when it is first asked for. */
static const char *picture_of(nst_style *style)
{
    const nst_image *image = &style->image;
    size_t count = nst_pixel_count(image);
    int sides[2] = {image->width, image->height};
    nst_fingerprint sum;
    if (style->picture[0])
        return style->picture;
    nst_fingerprint_begin(&sum);
    nst_fingerprint_add(&sum, sides, sizeof sides);
    nst_fingerprint_add(&sum, image->rgb, 3 * count * sizeof *image->rgb);
    if (image->alpha)
        nst_fingerprint_add(&sum, image->alpha, count * sizeof *image->alpha);
    nst_fingerprint_end(&sum, style->picture);
    return style->picture;
}

static void name_entry(nst_style *style, const nst_style_key *key, char name[NST_FINGERPRINT_TEXT])
{
    char model[NST_FINGERPRINT_TEXT], rest[80];
    nst_fingerprint sum;
    nst_model_fingerprint(key->model, model);
    snprintf(rest, sizeof rest, "%dx%d layers %x pooling %d algorithm %d centered %d", key->width,
             key->height, key->layers, key->pooling, (int)key->algorithm, (int)key->centered);
    const char *const parts[] = {NST_VERSION,          model,          picture_of(style), rest,
                                 nst_isa_best()->name, nst_gemm_name()};
    nst_fingerprint_begin(&sum);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        nst_fingerprint_add_text(&sum, parts[i]);
    nst_fingerprint_end(&sum, name);
}

static entry *load(nst_style *style, const nst_style_key *key, const nst_style_store *store)
{
    char name[NST_FINGERPRINT_TEXT];
    size_t floats = packed_floats(key);
    float *packed = malloc(floats * sizeof *packed);
    entry *e = NULL;
    if (!packed)
        return NULL;
    name_entry(style, key, name);
    if (store->load(store->user, name, packed, floats * sizeof *packed) &&
        nst_values_finite(packed, floats, 1) && (e = open_entry(style, key)) != NULL)
        unpack(packed, e);
    free(packed);
    return e;
}

static void save(nst_style *style, const entry *e, const nst_style_store *store)
{
    char name[NST_FINGERPRINT_TEXT];
    size_t floats = packed_floats(&e->key);
    float *packed = malloc(floats * sizeof *packed);
    if (!packed)
        return;
    name_entry(style, &e->key, name);
    pack(e, packed);
    store->save(store->user, name, packed, floats * sizeof *packed);
    free(packed);
}

/* ---- either ---------------------------------------------------------------------------------- */

bool nst_style_find(nst_style *style, const nst_style_key *key, const nst_style_store *store,
                    nst_statistic statistics[NST_LAYER_MAX])
{
    entry *e = NULL;
    for (int k = 0; k < NST_STYLE_ENTRIES && !e; k++)
        if (style->entries[k].used > 0 && same(&style->entries[k].key, key))
            e = &style->entries[k];
    if (!e && store)
        e = load(style, key, store);
    if (!e)
        return false;
    e->used = ++style->uses;
    for (int i = 0; i < NST_LAYER_MAX; i++)
        if (e->grams[i])
            statistics[i] = (nst_statistic){
                .region_count = 1,
                .regions[0] = {.share = 1.0, .current = e->grams[i], .mean = e->means[i]}};
    return true;
}

void nst_style_keep(nst_style *style, const nst_style_key *key, const nst_style_store *store,
                    const nst_statistic statistics[NST_LAYER_MAX])
{
    entry *e = open_entry(style, key);
    if (!e)
        return;
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t n = e->grams[i] ? side_of(key, i) : 0;
        if (n > 0)
            memcpy(e->grams[i], statistics[i].regions[0].current, n * n * sizeof(float));
        if (n > 0 && e->means[i])
            memcpy(e->means[i], statistics[i].regions[0].mean, n * sizeof(float));
    }
    if (store)
        save(style, e, store);
}
