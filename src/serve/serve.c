#include "serve/serve.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/memory.h"
#include "serve/http/connections.h"
#include "serve/runs/queue.h"
#include "serve/store.h"
#include "util/interrupt.h"
#include "util/say.h"

enum {
    POLL_MILLISECONDS = 100,
    SHARE_OF_RUNS =
        75 /* percent of the memory; pictures are read for the page while a run paints */
};

static void announce(const nst_serve_options *options, const nst_store *store, int port)
{
    const char *host = options->listen ? options->listen : "127.0.0.1";
    const char *left = strchr(host, ':') ? "[" : "", *right = *left ? "]" : "";
    if (options->verbosity < 0)
        return;
    nst_say("nst serves http://%s%s%s:%d/%s%s", left, host, right, port,
            options->token ? "#token=" : "", options->token ? options->token : "");
    nst_say("pictures are kept in %s%s; Ctrl-C ends the server", nst_store_folder(store),
            options->folder ? "" : " until then");
}

static void wait_for_signal(void)
{
    const struct timespec pause = {0, POLL_MILLISECONDS * 1000000L};
    while (!nst_interrupt_requested())
        nanosleep(&pause, NULL);
}

/* Decided once, because a run's memory must not depend on what else the server does. */
static void share_memory(nst_serve_options *options)
{
    uint64_t all =
        options->max_memory > 0 ? options->max_memory : nst_memory_share(nst_memory_available());
    options->run_memory = all / 100 * SHARE_OF_RUNS;
    options->picture_memory = all - options->run_memory;
}

nst_status nst_serve(const nst_serve_options *asked, nst_error *error)
{
    nst_serve_options settled = *asked;
    const nst_serve_options *options = &settled;
    nst_site site = {.options = options};
    nst_http *http = NULL;
    int port;
    share_memory(&settled);
    nst_status status = nst_store_create(options, &site.store, error);
    if (status == NST_OK)
        status = nst_queue_create(options, site.store, &site.queue, error);
    if (status == NST_OK)
        status = nst_http_start(&site, &http, &port, error);
    if (status == NST_OK) {
        announce(options, site.store, port);
        wait_for_signal();
        if (options->verbosity >= 0)
            nst_say("nst: ending; the picture of a run in progress is kept");
        nst_queue_stop(site.queue);
    }
    nst_http_stop(http);
    nst_queue_destroy(site.queue);
    nst_store_destroy(site.store);
    return status;
}
