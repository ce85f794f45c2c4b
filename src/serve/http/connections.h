/* Connections by libmicrohttpd: listening, who may send requests, and how large they may be. */
#ifndef NST_SERVE_HTTP_CONNECTIONS_H
#define NST_SERVE_HTTP_CONNECTIONS_H

#include "nst.h"
#include "serve/http/answer.h"

typedef struct nst_http nst_http;

/* Listen. *port is the port that was taken. NST_ERR_IO names the address. */
nst_status nst_http_start(const nst_site *site, nst_http **out, int *port, nst_error *error);
/* For tests: the same without threads and without listening. Connections are sockets handed to
 * nst_http_take, and nst_http_turn does the work. */
nst_status nst_http_start_still(const nst_site *site, nst_http **out, nst_error *error);
int nst_http_take(nst_http *http, int socket); /* owns the socket; 0: not possible */
void nst_http_turn(nst_http *http);            /* does what needs no waiting */

void nst_http_stop(nst_http *http); /* waits for answers that are being sent; NULL is fine */

#endif
