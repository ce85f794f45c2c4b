/* The pictures a job reads. */
#ifndef NST_ENGINE_INPUTS_H
#define NST_ENGINE_INPUTS_H

#include "engine/shared.h"
#include "engine/style_set.h"

typedef struct nst_input {
    nst_image image;
    nst_file_info info;
    nst_metadata *metadata; /* of the content; NULL of the others */
} nst_input;

typedef struct nst_input_set {
    nst_input content, init; /* init is empty unless the job starts from a picture */
    nst_input mask;          /* of the content, or empty */
    const nst_style_set *styles;
} nst_input_set;

/* Look at the headers, so that a bad file is known before the model is opened. Pipes are left
 * alone: what is read from them is gone. */
nst_status nst_inputs_probe(const nst_args *args, nst_error *error);

/* Read the pictures, none of which may take more than max_bytes of memory, and check them against
 * the SHA-256 that a job file expects. On failure *inputs still is to be destroyed. */
nst_status nst_inputs_read(const nst_args *args, nst_shared *shared, uint64_t max_bytes,
                           nst_input_set *inputs, nst_error *error);
void nst_inputs_destroy(nst_input_set *inputs, nst_shared *shared);

/* Fail when a SHA-256 is not the expected one, unless that is empty. */
nst_status nst_inputs_verify(const nst_args *args, const char *path, const char *expected,
                             const char *actual, nst_error *error);

#endif
