/* Installing a model: what a run needs of a weights file, in the folder of models. */
#ifndef NST_HUB_INSTALL_H
#define NST_HUB_INSTALL_H

#include "hub/models.h"

typedef enum nst_dtype { NST_DTYPE_KEEP = 0, NST_DTYPE_F16, NST_DTYPE_F32 } nst_dtype;

typedef struct nst_install_options {
    const char *name;    /* valid */
    nst_dtype precision; /* KEEP: F16 if all of the file is, else F32, which loses nothing */
    bool replace;        /* a model of that name */
} nst_install_options;

/* mkdir -p */
nst_status nst_install_make_folder(const char *folder, nst_error *error);

/* NST_ERR_IO when a model of that name is there and options->replace is not set. Makes the folder.
 */
nst_status nst_install_check(const nst_install_options *options, char path[PATH_MAX],
                             nst_error *error);

/* Keep the layers up to relu5_1 of a safetensors file whose SHA-256 is `digest`, with its input
 * transform, and write them whole or not at all; beside them NAME.safetensors.sha256, in the form
 * that sha256sum -c reads. path: where it came to lie. */
nst_status nst_install(const char *file, const char *digest, const nst_install_options *options,
                       char path[PATH_MAX], nst_error *error);

/* The SHA-256 in a FILE.sha256 beside file; empty when there is none. */
nst_status nst_install_digest(const char *file, char out[65], nst_error *error);

#endif
