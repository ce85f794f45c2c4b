/* The body of a request, taken in as it arrives. Pictures, also those of forms, go into files of
 * the store; JSON and texts of forms go into memory. */
#ifndef NST_SERVE_HTTP_BODY_H
#define NST_SERVE_HTTP_BODY_H

#include <microhttpd.h>
#include <stddef.h>

#include "nst.h"
#include "serve/store.h"

enum {
    NST_PARTS_MAX = 40,      /* of a form */
    NST_TEXT_MAX = 64 * 1024 /* bytes of a JSON body, and of all texts of a form together */
};

typedef enum nst_body_kind {
    NST_BODY_PICTURE, /* the bytes of a picture file */
    NST_BODY_TEXT,    /* JSON */
    NST_BODY_FORM     /* multipart/form-data */
} nst_body_kind;

typedef struct nst_part {
    char name[32];
    char id[NST_ID_SIZE]; /* of the picture, when the part was a file */
    size_t text, length;  /* its place in the body's text, when it was not a file */
} nst_part;

typedef struct nst_body nst_body;

/* connection is needed for a form. max_bytes bounds all of it. */
nst_status nst_body_create(nst_body_kind kind, struct MHD_Connection *connection, nst_store *store,
                           size_t max_bytes, nst_body **out, nst_error *error);
/* Take more bytes. After an error the rest is ignored, and nst_body_finish returns the error. */
void nst_body_take(nst_body *body, const char *bytes, size_t size);
/* After the last byte: keep the pictures in the store. NST_ERR_MEMORY when the body was too
 * large. */
nst_status nst_body_finish(nst_body *body, nst_error *error);
void nst_body_destroy(nst_body *body); /* removes what was not finished; NULL is fine */

/* The text of a finished body, which ends with a 0, and its parts. A body that is a picture has one
 * part, with an empty name. */
const char *nst_body_text(const nst_body *body);
const nst_part *nst_body_parts(const nst_body *body, int *count);

#endif
