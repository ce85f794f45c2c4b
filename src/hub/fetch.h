/* Fetching a published model. */
#ifndef NST_HUB_FETCH_H
#define NST_HUB_FETCH_H

#include "hub/install.h"

typedef struct nst_fetch_options {
    nst_install_options install;
    const char *source; /* http://, https:// or the path of a file */
    const char *sha256; /* of it, 64 hexadecimal digits */
    int megabytes;      /* about, 0 when unknown */
    bool quiet;
} nst_fetch_options;

/* Download, or take up an interrupted download, compare the checksum, install, remove the download.
 * path: where the model came to lie. */
nst_status nst_fetch(const nst_fetch_options *options, char path[PATH_MAX], nst_error *error);

#endif
