/* How the server is set up. */
#ifndef NST_SERVE_SETUP_H
#define NST_SERVE_SETUP_H

#include <stdint.h>

typedef struct nst_serve_options {
    const char *listen;  /* numeric address, NULL: 127.0.0.1 */
    int port;            /* 0..65535, 0: any free port */
    const char *token;   /* every request must have it; NULL: none */
    const char *folder;  /* where pictures and results are kept; NULL: a private temporary folder
                            that is removed at the end */
    const char *weights; /* name or path of the model; NULL: the default one */
    uint64_t max_memory; /* bytes for runs and for reading pictures; 0: a share of free memory */
    uint64_t run_memory, picture_memory; /* their parts of that, set by nst_serve */
    int threads;                         /* 0: all cores */
    int max_pixels;                      /* of an uploaded picture, in millions */
    int max_upload;                      /* of a request, in MiB */
    int max_minutes; /* of one run, which is then stopped and its picture kept; 0: no limit */
    int verbosity;   /* -1: only errors are printed */
} nst_serve_options;

#endif
