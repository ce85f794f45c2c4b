/* The body of a request, taken in as it comes: a picture goes into a file of the store, a form's
 * pictures too, JSON and a form's texts into memory. */
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
    size_t text, length;  /* where in the body's text, when it was not */
} nst_part;

typedef struct nst_body nst_body;

/* connection is needed for a form. max_bytes bounds all of it. */
nst_status nst_body_create(nst_body_kind kind, struct MHD_Connection *connection, nst_store *store,
                           size_t max_bytes, nst_body **out, nst_error *error);
/* More bytes. After an error the rest is passed over, and the error told by nst_body_finish. */
void nst_body_take(nst_body *body, const char *bytes, size_t size);
/* All is there: pictures are kept in the store. NST_ERR_MEMORY when it was too large. */
nst_status nst_body_finish(nst_body *body, nst_error *error);
void nst_body_destroy(nst_body *body); /* removes what was not finished; NULL is fine */

/* Of a body that is finished: the text, which ends with a 0, and the parts. A picture is the only
 * part, with an empty name. */
const char *nst_body_text(const nst_body *body);
const nst_part *nst_body_parts(const nst_body *body, int *count);

#endif
