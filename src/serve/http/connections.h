/* Connections: who may ask, how large a request may be. Over libmicrohttpd. */
#ifndef NST_SERVE_HTTP_CONNECTIONS_H
#define NST_SERVE_HTTP_CONNECTIONS_H

#include "nst.h"
#include "serve/http/answer.h"

typedef struct nst_http nst_http;

/* Listen. *port is where. NST_ERR_IO names the address. */
nst_status nst_http_start(const nst_site *site, nst_http **out, int *port, nst_error *error);
/* The same without threads and without listening, for tests: connections are sockets that are taken
 * in one by one, and the work is done by nst_http_turn. */
nst_status nst_http_start_still(const nst_site *site, nst_http **out, nst_error *error);
int nst_http_take(nst_http *http, int socket); /* owns the socket; 0: not possible */
void nst_http_turn(nst_http *http);            /* what can be done without waiting */

void nst_http_stop(nst_http *http); /* waits for all answers under way; NULL is fine */

#endif
