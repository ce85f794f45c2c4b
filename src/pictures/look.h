/* Pictures to measure: read at the size at which they are measured, within the memory that may be
 * used. */
#ifndef NST_PICTURES_LOOK_H
#define NST_PICTURES_LOOK_H

#include <stdbool.h>

#include "imageio/imageio.h"

/* Help of the option that sets max_memory. */
#define NST_LOOK_MEMORY_HELP                                                                       \
    "memory it may use, such as 800M or 6G (default 80 % of the free memory)"

/* The size of options until --size says one: pictures are reduced to NST_LOOK_SIZE, and smaller
 * ones keep their own size. */
enum { NST_LOOK_SIZE = 512, NST_LOOK_SIZE_DEFAULT = -1 };

typedef struct nst_look {
    nst_options options; /* size, threads and max_memory */
    bool never_enlarges; /* no size was given */
    uint64_t limit;      /* bytes for pictures and what is computed from them */
    uint64_t own;        /* what the process itself takes of max_memory */
    uint64_t held;       /* by pictures that were read and not dropped */
} nst_look;

/* To be called after the model was opened and before it is used: then it counts as the process's
 * own. Only size, threads and max_memory of the options are used. */
void nst_look_begin(nst_look *look, const nst_options *options);

/* Read a picture at the size at which it is measured, or about twice that with `whole`. One that
 * does not fit is refused by its header, with NST_ERR_MEMORY. Errors name the path. */
nst_status nst_look_read(nst_look *look, const char *path, bool whole, nst_image *out,
                         nst_error *error);
void nst_look_drop(nst_look *look, nst_image *image); /* an empty one is fine */

/* Bytes that some work on a picture of this size takes at its peak, beside the pictures that are
 * held; 0 when it refuses the picture. */
typedef uint64_t (*nst_look_cost)(const void *user, int width, int height);

/* NST_ERR_MEMORY when the work on a picture of this size does not fit. The error says which size
 * would fit; it names no file. */
nst_status nst_look_fits(const nst_look *look, nst_look_cost cost, const void *user, int width,
                         int height, nst_error *error);

/* Bytes of an image of this size. */
uint64_t nst_look_image_bytes(int width, int height, bool has_alpha);

#endif
