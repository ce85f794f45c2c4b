/* The styles of jobs, read and measured once for all jobs that use the same ones in a row. Any
 * number of threads. */
#ifndef NST_ENGINE_STYLE_SET_H
#define NST_ENGINE_STYLE_SET_H

#include "options/settings.h"

/* The styles of a job and their masks. */
typedef struct nst_style_set {
    char *paths[NST_STYLES_MAX]; /* NULL behind the last */
    nst_image images[NST_STYLES_MAX];
    nst_file_info infos[NST_STYLES_MAX];
    int count;
    char *mask_paths[NST_STYLES_MAX]; /* NULL, and the image empty, for a style without */
    nst_image masks[NST_STYLES_MAX];
    nst_file_info mask_infos[NST_STYLES_MAX];
    nst_style *handles[NST_STYLES_MAX]; /* of images and masks */
    int users;
    struct nst_style_set *next;
} nst_style_set;

typedef struct nst_style_sets nst_style_sets;

nst_style_sets *nst_style_sets_create(void); /* NULL when out of memory */
void nst_style_sets_destroy(nst_style_sets *sets);

/* The job's styles, to be given back when they are not needed any more. Standard input is read
 * like a file, once. A picture that takes more than max_bytes of memory is refused; 0: no limit. */
nst_status nst_style_sets_borrow(nst_style_sets *sets, const nst_job *job, uint64_t max_bytes,
                                 const nst_style_set **out, nst_error *error);
void nst_style_sets_return(nst_style_sets *sets, const nst_style_set *set); /* NULL is fine */

#endif
