/* The styles of jobs, shared by those that use the same ones. */
#include "engine/style_set.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/reduce.h"

struct nst_style_sets {
    pthread_mutex_t lock; /* also held while pictures are read: the others want the same ones */
    nst_style_set *first;
};

static void destroy_set(nst_style_set *set)
{
    for (int i = 0; i < NST_STYLES_MAX; i++) {
        nst_style_destroy(set->handles[i]);
        free(set->paths[i]);
        nst_image_destroy(&set->images[i]);
        free(set->mask_paths[i]);
        nst_image_destroy(&set->masks[i]);
    }
    free(set);
}

nst_style_sets *nst_style_sets_create(void)
{
    nst_style_sets *sets = calloc(1, sizeof *sets);
    if (sets)
        pthread_mutex_init(&sets->lock, NULL);
    return sets;
}

void nst_style_sets_destroy(nst_style_sets *sets)
{
    if (!sets)
        return;
    for (nst_style_set *set = sets->first, *next; set; set = next) {
        next = set->next;
        destroy_set(set);
    }
    pthread_mutex_destroy(&sets->lock);
    free(sets);
}

/* Whether the job would reduce a style to the same pixels. */
static bool is_reduced_for(const nst_image *image, const nst_file_info *file,
                           const nst_options *options)
{
    int width, height;
    nst_reduce_size(options, NST_USE_STYLE, file, &width, &height);
    return width == image->width && height == image->height;
}

static bool is_of(const nst_style_set *set, const nst_job *job)
{
    if (set->count != job->style_count)
        return false;
    for (int i = 0; i < set->count; i++)
        if (!nst_text_same(set->paths[i], job->styles[i].path) ||
            !nst_text_same(set->mask_paths[i], job->style_masks[i]) ||
            !is_reduced_for(&set->images[i], &set->infos[i], &job->options))
            return false;
    return true;
}

static nst_status read_picture(const char *path, const nst_options *options, nst_picture_use use,
                               uint64_t max_bytes, char **copy, nst_image *image,
                               nst_file_info *info, nst_error *error)
{
    *copy = strdup(path);
    return *copy ? nst_reduce_read(path, options, use, max_bytes, NULL, image, info, error)
                 : nst_fail_memory(error);
}

static nst_status read_set(const nst_job *job, uint64_t max_bytes, nst_style_set **out,
                           nst_error *error)
{
    nst_style_set *set = calloc(1, sizeof *set);
    nst_status status = set ? NST_OK : nst_fail_memory(error);
    for (int i = 0; i < job->style_count && status == NST_OK; i++) {
        status = read_picture(job->styles[i].path, &job->options, NST_USE_STYLE, max_bytes,
                              &set->paths[i], &set->images[i], &set->infos[i], error);
        if (status == NST_OK && job->style_masks[i])
            status = read_picture(job->style_masks[i], &job->options, NST_USE_MASK, max_bytes,
                                  &set->mask_paths[i], &set->masks[i], &set->mask_infos[i], error);
        if (status == NST_OK)
            status = nst_style_create(&set->images[i], job->style_masks[i] ? &set->masks[i] : NULL,
                                      &set->handles[i], error);
        set->count++;
    }
    if (status == NST_OK)
        *out = set;
    else if (set)
        destroy_set(set);
    return status;
}

/* Sets that nobody uses make room for the new one. */
static void drop_unused(nst_style_sets *sets)
{
    nst_style_set **link = &sets->first;
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

nst_status nst_style_sets_borrow(nst_style_sets *sets, const nst_job *job, uint64_t max_bytes,
                                 const nst_style_set **out, nst_error *error)
{
    nst_status status = NST_OK;
    pthread_mutex_lock(&sets->lock);
    nst_style_set *set = sets->first;
    while (set && !is_of(set, job))
        set = set->next;
    if (!set) {
        drop_unused(sets);
        status = read_set(job, max_bytes, &set, error);
        if (status == NST_OK) {
            set->next = sets->first;
            sets->first = set;
        }
    }
    if (status == NST_OK) {
        set->users++;
        *out = set;
    }
    pthread_mutex_unlock(&sets->lock);
    return status;
}

void nst_style_sets_return(nst_style_sets *sets, const nst_style_set *set)
{
    if (!set)
        return;
    pthread_mutex_lock(&sets->lock);
    ((nst_style_set *)set)->users--; /* const for borrowers only */
    pthread_mutex_unlock(&sets->lock);
}
