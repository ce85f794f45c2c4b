/* A request and its answer. */
#ifndef NST_SERVE_HTTP_ANSWER_H
#define NST_SERVE_HTTP_ANSWER_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <sys/types.h>

#include "serve/http/body.h"
#include "serve/runs/queue.h"
#include "serve/setup.h"
#include "serve/store.h"

/* libmicrohttpd has these names since 0.9.74. */
#ifndef MHD_HTTP_CONTENT_TOO_LARGE
#define MHD_HTTP_CONTENT_TOO_LARGE 413
#endif
#ifndef MHD_HTTP_UNPROCESSABLE_CONTENT
#define MHD_HTTP_UNPROCESSABLE_CONTENT 422
#endif

typedef struct nst_request {
    const char *method, *path; /* the path as it was sent, without its query */
    const char *query;         /* value of "format" or "" */
    const char *client;        /* address */
    nst_body *body;            /* NULL: there is none */
} nst_request;

/* An answer. A zeroed one is "204 No Content". */
typedef struct nst_answer {
    int status;       /* of HTTP */
    const char *type; /* content type; static text */
    void *bytes;      /* owned unless is_static */
    size_t size;
    int is_static;
    char file[NST_SERVE_PATH]; /* send this file instead of bytes, when not empty */
    char name[80];             /* file name for saving, when not empty */
    /* When the body is made while it is sent: writes the next bytes and returns their number, at
     * least one, or -1 at the end. */
    ssize_t (*next)(void *stream, char *bytes, size_t size);
    void (*end)(void *stream);
    void *stream;
} nst_answer;

/* What the connections serve. */
typedef struct nst_site {
    const nst_serve_options *options;
    nst_store *store;
    nst_queue *queue;
} nst_site;

/* Answer with JSON, which is freed. NULL means that memory ran out. */
void nst_answer_json(nst_answer *answer, int status, cJSON *json);

/* Answer with {"error": message} and a status of HTTP. */
void nst_answer_refuse(nst_answer *answer, int status, const char *message);

#endif
