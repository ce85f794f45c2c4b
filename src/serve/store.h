/* Uploaded pictures. Each is a file in the server's folder, under a name that the server chooses.
 * Several threads may call all functions at a time. */
#ifndef NST_SERVE_STORE_H
#define NST_SERVE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "imageio/imageio.h"
#include "nst.h"
#include "serve/setup.h"

enum {
    NST_ID_SIZE = 33,        /* 32 random hexadecimal digits and a 0 */
    NST_PICTURES_KEPT = 200, /* when there are more, the oldest one that no run needs is removed */
    NST_PICTURES_MIB = 4096, /* the same for all files together */
    NST_UPLOADS_MIB = 1024,  /* of all uploads in progress together */
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

/* Reserve room for bytes of an upload before they are written; 0 when uploads in progress take too
 * much. nst_store_unreserve gives the room back, after the upload was kept or dropped. */
int nst_store_reserve(nst_store *store, uint64_t bytes);
void nst_store_unreserve(nst_store *store, uint64_t bytes);

/* Examine the finished upload nst_store_part(id), keep it and describe it in *out. The upload is
 * removed when nst cannot read it as a picture (NST_ERR_FORMAT), or when its pixels or the memory
 * to read it are too many (NST_ERR_MEMORY). */
nst_status nst_store_keep(nst_store *store, const char *id, nst_stored *out, nst_error *error);

/* Describe a picture; 0 when there is none with that id. */
int nst_store_find(nst_store *store, const char *id, nst_stored *out);

/* Keep a picture while a run needs it; 0 when there is none. Each hold needs one release. */
int nst_store_hold(nst_store *store, const char *id);
void nst_store_release(nst_store *store, const char *id);

/* Remove a picture: 0 when there is none, -1 when a run needs it. */
int nst_store_remove(nst_store *store, const char *id);

/* The path of the picture's preview, a JPEG that is made when it is first needed. NST_ERR_ARGUMENT
 * when there is no such picture. */
nst_status nst_store_preview(nst_store *store, const char *id, char path[NST_SERVE_PATH],
                             nst_error *error);

/* Convert a picture file to another format; *bytes is the caller's. One picture, or preview, is
 * converted at a time, within picture_memory. */
nst_status nst_store_convert(nst_store *store, const char *path, const nst_write_options *format,
                             unsigned char **bytes, size_t *size, nst_error *error);

#endif
