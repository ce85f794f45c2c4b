/* Connections: who may ask, how large a request may be. Over libmicrohttpd. */
#ifndef NST_SERVE_HTTP_CONNECTIONS_H
#define NST_SERVE_HTTP_CONNECTIONS_H

#include "nst.h"
#include "serve/http/answer.h"

typedef struct nst_http nst_http;

/* Listen. *port is where. NST_ERR_IO names the address. */
nst_status nst_http_start(const nst_site *site, nst_http **out, int *port, nst_error *error);
void nst_http_stop(nst_http *http); /* waits for all answers under way; NULL is fine */

#endif
