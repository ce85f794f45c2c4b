/* `nst serve`: a page and an interface over HTTP to paint with, on this machine.
 *
 *     http/connections.h  who may ask, how large a request may be
 *     http/body.h         bodies of requests: pictures into files, forms and JSON into memory
 *     http/answer.h       a request and what goes back
 *     api.h               the interface: which path does what (described in page/openapi.json)
 *     events.h            what a run does, as server-sent events
 *     store.h             pictures that were uploaded
 *     queue.h             runs: those that wait, the one that paints, those that ended
 *     painter.h           one run, by the same engine as the command line
 *     page/               the files of the page, built in */
#ifndef NST_SERVE_SERVE_H
#define NST_SERVE_SERVE_H

#include "nst.h"
#include "serve/setup.h"

/* Serve until an interrupt or a termination signal; a run in progress is then stopped and its
 * picture kept. NST_ERR_IO when the address cannot be listened to or the folder not be written. */
nst_status nst_serve(const nst_serve_options *options, nst_error *error);

#endif
