/* Pictures that were uploaded, each a file of the server's folder under a name of the server's own.
 * All functions may be called by several threads at a time. */
#ifndef NST_SERVE_STORE_H
#define NST_SERVE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "imageio/imageio.h"
#include "nst.h"
#include "serve/setup.h"

enum {
    NST_ID_SIZE = 33,        /* 32 random hexadecimal digits and a 0 */
    NST_PICTURES_KEPT = 200, /* when there are more, the oldest that no run needs goes */
    NST_PICTURES_MIB = 4096, /* the same for all files together */
    NST_UPLOADS_MIB = 1024,  /* of all uploads that are coming in together */
    NST_SERVE_PATH = 4096
};

typedef struct nst_store nst_store;

typedef struct nst_stored {
    char id[NST_ID_SIZE];
    int width, height; /* upright */
    const char *kind;  /* "JPEG" */
    uint64_t bytes;    /* of the file */
} nst_stored;

/* Reads folder, max_pixels and picture_memory. A temporary folder is removed by nst_store_destroy.
 */
nst_status nst_store_create(const nst_serve_options *options, nst_store **out, nst_error *error);
void nst_store_destroy(nst_store *store); /* NULL is fine */

const char *nst_store_folder(const nst_store *store);

/* A new id. */
nst_status nst_id_make(char id[NST_ID_SIZE], nst_error *error);

/* The path of an upload in progress, and of a picture. */
void nst_store_part(const nst_store *store, const char *id, char path[NST_SERVE_PATH]);
void nst_store_path(const nst_store *store, const char *id, char path[NST_SERVE_PATH]);

/* Reserve room for bytes of an upload that are about to be written; 0 when too many are coming in.
 * The second gives it back, once the upload is kept or dropped. */
int nst_store_reserve(nst_store *store, uint64_t bytes);
void nst_store_unreserve(nst_store *store, uint64_t bytes);

/* Look at the finished upload nst_store_part(id) and keep it: *out is what it is. The upload is
 * removed when it is no picture that nst reads (NST_ERR_FORMAT) or too large, in pixels or in the
 * memory that reading it takes (NST_ERR_MEMORY). */
nst_status nst_store_keep(nst_store *store, const char *id, nst_stored *out, nst_error *error);

/* What is known of a picture; 0 when there is none of that id. */
int nst_store_find(nst_store *store, const char *id, nst_stored *out);

/* Keep a picture while a run needs it: 0 when there is none. Released as often as held. */
int nst_store_hold(nst_store *store, const char *id);
void nst_store_release(nst_store *store, const char *id);

/* Forget a picture: 0 when there is none, -1 when a run needs it. */
int nst_store_remove(nst_store *store, const char *id);

/* The path of a JPEG of it for the page, which is made once. NST_ERR_ARGUMENT when there is no such
 * picture. */
nst_status nst_store_preview(nst_store *store, const char *id, char path[NST_SERVE_PATH],
                             nst_error *error);

/* The picture of a file in another format; *bytes is the caller's. Like previews one at a time, and
 * within picture_memory. */
nst_status nst_store_convert(nst_store *store, const char *path, const nst_write_options *format,
                             unsigned char **bytes, size_t *size, nst_error *error);

#endif
