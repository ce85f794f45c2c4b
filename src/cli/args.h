/* The command line as one struct. Nothing here has touched a picture yet. */
#ifndef NST_CLI_ARGS_H
#define NST_CLI_ARGS_H

#include "cli/option.h"
#include "imageio/imageio.h"
#include "nst.h"

/* SHA-256 that a record expects of its inputs, hexadecimal; empty when it says nothing. */
typedef struct nst_digests {
    char content[65], style[65], init[65], weights[65];
} nst_digests;

/* One picture to make. */
typedef struct nst_job {
    char *content, *style, *output; /* paths; "-" is standard input or output */
    char *init;                     /* path, with NST_INIT_IMAGE */
    int format;                     /* nst_format asked for; UNKNOWN goes by the output's name */
    nst_format output_format;       /* what it comes to */
    int quality;                    /* of JPEG, 1..100 */
    int save_every;                 /* evaluations between intermediate images; 0 = none */
    nst_options options;
    nst_digests expected;
} nst_job;

typedef enum nst_action { NST_ACTION_RUN, NST_ACTION_HELP, NST_ACTION_VERSION } nst_action;

typedef struct nst_args {
    nst_job job;
    char *weights;             /* a path, or "bundled" */
    char *job_file;            /* path or NULL */
    char *record;              /* path or NULL */
    int verbosity;             /* -1 quiet, 0, 1 verbose */
    int action;                /* nst_action */
    char recorded_version[32]; /* of the nst that wrote the job file; empty when it does not say */
} nst_args;

/* Fill args from the command line and the job file it names. Returns NST_ERR_ARGUMENT when the
 * command line is wrong, NST_ERR_IO or NST_ERR_FORMAT when the job file is. args is to be given
 * to nst_args_destroy in any case. */
nst_status nst_args_parse(int argc, char **argv, nst_args *args, nst_error *error);

/* What holds when nothing is said. */
nst_status nst_args_default(nst_args *args, nst_error *error);
void nst_args_destroy(nst_args *args);

#endif
