/* Pictures that were uploaded, each a file of the server's folder under a name of the server's own.
 * All functions may be called by several threads at a time. */
#ifndef NST_SERVE_STORE_H
#define NST_SERVE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "nst.h"

enum {
    NST_ID_SIZE = 33,        /* 32 hexadecimal digits of chance and a 0 */
    NST_PICTURES_KEPT = 200, /* when there are more, the oldest that no run needs goes */
    NST_SERVE_PATH = 4096
};

typedef struct nst_store nst_store;

typedef struct nst_stored {
    char id[NST_ID_SIZE];
    int width, height; /* upright */
    const char *kind;  /* "JPEG" */
    uint64_t bytes;    /* of the file */
} nst_stored;

/* folder NULL: a temporary one, removed by nst_store_destroy. max_pixels is the largest picture
 * that is taken, in pixels. */
nst_status nst_store_create(const char *folder, uint64_t max_pixels, nst_store **out,
                            nst_error *error);
void nst_store_destroy(nst_store *store); /* NULL is fine */

const char *nst_store_folder(const nst_store *store);

/* A new id. */
nst_status nst_id_make(char id[NST_ID_SIZE], nst_error *error);

/* The path of an upload in progress, and of a picture. */
void nst_store_part(const nst_store *store, const char *id, char path[NST_SERVE_PATH]);
void nst_store_path(const nst_store *store, const char *id, char path[NST_SERVE_PATH]);

/* Look at the finished upload nst_store_part(id) and keep it: *out is what it is. The upload is
 * removed when it is no picture that nst reads (NST_ERR_FORMAT) or too large (NST_ERR_MEMORY). */
nst_status nst_store_keep(nst_store *store, const char *id, nst_stored *out, nst_error *error);

/* What is known of a picture; 0 when there is none of that id. */
int nst_store_find(nst_store *store, const char *id, nst_stored *out);

/* Keep a picture while a run needs it: 0 when there is none. Released as often as held. */
int nst_store_hold(nst_store *store, const char *id);
void nst_store_release(nst_store *store, const char *id);

/* Forget a picture: 0 when there is none, -1 when a run needs it. */
int nst_store_remove(nst_store *store, const char *id);

/* A JPEG of it for the page, at most `side` pixels; *bytes is the caller's. */
nst_status nst_store_preview(nst_store *store, const char *id, int side, unsigned char **bytes,
                             size_t *size, nst_error *error);

#endif
