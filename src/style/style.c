#include "style/style.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/parallel.h"
#include "image/check.h"

enum { WAIT_MILLISECONDS = 20 }; /* before looking again whether the work is cancelled */

typedef struct {
    nst_style_key key;
    float *grams[NST_LAYER_MAX]; /* [n][n] each, n = padded channels; NULL where not measured */
    float *means[NST_LAYER_MAX]; /* [n] each, where centered */
    unsigned long used;          /* the style's counter at the last use; 0: empty */
} entry;

struct nst_style {
    nst_image image, mask; /* not owned */
    pthread_mutex_t lock;  /* of `busy` */
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

static bool same(const nst_style_key *a, const nst_style_key *b)
{
    return a->model == b->model && a->width == b->width && a->height == b->height &&
           a->layers == b->layers && a->pooling == b->pooling && a->algorithm == b->algorithm &&
           a->centered == b->centered;
}

bool nst_style_find(nst_style *style, const nst_style_key *key,
                    nst_statistic statistics[NST_LAYER_MAX])
{
    for (int k = 0; k < NST_STYLE_ENTRIES; k++) {
        entry *e = &style->entries[k];
        if (e->used == 0 || !same(&e->key, key))
            continue;
        e->used = ++style->uses;
        for (int i = 0; i < NST_LAYER_MAX; i++)
            if (e->grams[i])
                statistics[i] = (nst_statistic){
                    .region_count = 1,
                    .regions[0] = {.share = 1.0, .current = e->grams[i], .mean = e->means[i]}};
        return true;
    }
    return false;
}

void nst_style_keep(nst_style *style, const nst_style_key *key,
                    const nst_statistic statistics[NST_LAYER_MAX])
{
    entry *e = &style->entries[0];
    for (int k = 1; k < NST_STYLE_ENTRIES; k++)
        if (style->entries[k].used < e->used)
            e = &style->entries[k];
    clear_entry(e);
    for (int i = 0; i < NST_LAYER_MAX; i++) {
        size_t n = (size_t)nst_padded(statistics[i].c), bytes = n * n * sizeof(float);
        if (!(key->layers >> i & 1))
            continue;
        e->grams[i] = malloc(bytes);
        e->means[i] = key->centered ? malloc(n * sizeof(float)) : NULL;
        if (!e->grams[i] || (key->centered && !e->means[i])) {
            clear_entry(e);
            return;
        }
        memcpy(e->grams[i], statistics[i].regions[0].current, bytes);
        if (key->centered)
            memcpy(e->means[i], statistics[i].regions[0].mean, n * sizeof(float));
    }
    e->key = *key;
    e->used = ++style->uses;
}
