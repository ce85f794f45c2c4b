/* Models by name: those that can be fetched, and the folder of those that were. */
#ifndef NST_HUB_MODELS_H
#define NST_HUB_MODELS_H

#include <limits.h>
#include <stdbool.h>

#include "nst.h"

#define NST_MODELS_SUFFIX ".safetensors"

/* A model that its makers publish. */
typedef struct nst_known_model {
    const char *name; /* NULL ends the table */
    const char *url;  /* of a safetensors file */
    const char *sha256;
    int megabytes;
    const char *source, *license;
} nst_known_model;

extern const nst_known_model nst_known_models[];

const nst_known_model *nst_known_model_find(const char *name);        /* or NULL */
const nst_known_model *nst_known_model_of_sha256(const char *digest); /* or NULL */

/* Letters, digits, '.', '_' and '-', beginning with a letter or digit; not "bundled". */
bool nst_models_name_is_valid(const char *name);

/* $XDG_DATA_HOME/nst/weights, or ~/.local/share/nst/weights; it need not exist. */
nst_status nst_models_folder(char folder[PATH_MAX], nst_error *error);

/* The path of a file in that folder, its name in two parts. */
nst_status nst_models_file(const char *base, const char *suffix, char path[PATH_MAX],
                           nst_error *error);

/* Where the model of that name lies when it is installed. */
nst_status nst_models_path(const char *name, char path[PATH_MAX], nst_error *error);

/* The file that --weights means: *path becomes NULL for "bundled", else a path to be freed, that of
 * an installed model or the text itself. NST_ERR_IO, saying how to get it, when the text is a mere
 * name and there is neither a model nor a file of that name. */
nst_status nst_models_locate(const char *weights, char **path, nst_error *error);

/* The model that --weights means. */
nst_status nst_models_open(const char *weights, nst_model **out, nst_error *error);

#endif
