/* One file from a web server, by curl, or by wget where there is no curl: they know proxies,
 * certificates and redirections, and this program need not. */
#ifndef NST_HUB_DOWNLOAD_H
#define NST_HUB_DOWNLOAD_H

#include <stdbool.h>

#include "nst.h"

typedef struct nst_download {
    const char *url;   /* http:// or https:// */
    const char *path;  /* file to write; what is in it already is gone on from */
    const char *label; /* of the progress line */
    int megabytes;     /* about what is to come; 0 when that is not known */
    bool quiet;        /* no progress line */
} nst_download;

/* NST_OK when the server says that this was all of it. A connection that breaks is taken up again
 * as long as each attempt gets further. NST_STOPPED after Ctrl-C; then, as after any failure, what
 * came stays for the next attempt. */
nst_status nst_download_run(const nst_download *download, nst_error *error);

#endif
