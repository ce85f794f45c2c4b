/* `nst serve`: a page and an interface over HTTP to paint with, on this machine.
 *
 *     http/connections.h  listening; who may send requests, and how large they may be
 *     http/body.h         bodies of requests: pictures into files, forms and JSON into memory
 *     http/answer.h       a request and its answer
 *     api.h               the interface: what each path does (page/openapi.json describes it)
 *     events.h            the events of a run, as server-sent events
 *     store.h             pictures that were uploaded
 *     runs/queue.h        runs: adding, stopping, removing, describing them
 *     runs/runs.h         the list of runs behind the queue; run_json.h: a run as JSON
 *     runs/turns.h        which run paints next
 *     runs/worker.h       the thread that paints
 *     runs/painter.h      painting one run, by the engine of the command line
 *     runs/follower.h     waiting for what changes in a run
 *     page/               the files of the page, built in */
#ifndef NST_SERVE_SERVE_H
#define NST_SERVE_SERVE_H

#include "nst.h"
#include "serve/setup.h"

/* Serve until an interrupt or a termination signal. A run in progress is then stopped, and its
 * picture is kept. NST_ERR_IO when the server cannot listen on the address or write to the
 * folder. */
nst_status nst_serve(const nst_serve_options *options, nst_error *error);

#endif
