/* Pictures that the network is to look at, in the size for that, within the memory that there is.
 */
#ifndef NST_PICTURES_LOOK_H
#define NST_PICTURES_LOOK_H

#include <stdbool.h>

#include "imageio/imageio.h"

/* Of the option that sets max_memory. */
#define NST_LOOK_MEMORY_HELP "memory it may use, such as 800M or 6G (default 80 % of what is free)"

typedef struct nst_look {
    const nst_options *options; /* size, threads and max_memory; the caller's */
    uint64_t limit;             /* bytes for pictures and all that is made of them */
    uint64_t own;               /* what the process needs beside, of max_memory */
    uint64_t held;              /* by the pictures that were read and not dropped */
} nst_look;

/* After the model was opened, and before anything is made of it: then it counts as the process's
 * own. */
void nst_look_begin(nst_look *look, const nst_options *options);

/* Read a picture in the size at which it will be looked at, or about twice that with `whole`. What
 * does not fit is NST_ERR_MEMORY by its header, before it is decoded. Errors name the path. */
nst_status nst_look_read(nst_look *look, const char *path, bool whole, nst_image *out,
                         nst_error *error);
void nst_look_drop(nst_look *look, nst_image *image); /* an empty one is fine */

/* Bytes that some work takes at its peak beside the pictures that are held, for a picture of this
 * size; 0 for what it refuses to do. */
typedef uint64_t (*nst_look_cost)(const void *user, int width, int height);

/* NST_ERR_MEMORY unless the work fits for a picture of this size. The error says which size would
 * fit; it names no file. */
nst_status nst_look_fits(const nst_look *look, nst_look_cost cost, const void *user, int width,
                         int height, nst_error *error);

/* Bytes of an image of this size. */
uint64_t nst_look_image_bytes(int width, int height, bool has_alpha);

#endif
