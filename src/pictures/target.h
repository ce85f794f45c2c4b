/* Pictures that a subcommand writes beside its answer. */
#ifndef NST_PICTURES_TARGET_H
#define NST_PICTURES_TARGET_H

#include "imageio/imageio.h"

typedef struct nst_target {
    const char *option; /* that names it, for messages: "diff" */
    const char *path;
    nst_format format; /* set by nst_target_parse */
} nst_target;

/* Find the format by the name's extension; "-" is PNG on standard output. Fails when it is none
 * that can be written: the command line is wrong. */
nst_status nst_target_parse(nst_target *target, nst_error *error);

/* Before the work: whether the file can be written, and is none of the inputs (NULL ends them). */
nst_status nst_target_check(const nst_target *target, const char *const *inputs, nst_error *error);

nst_status nst_target_write(const nst_target *target, const nst_image *image, nst_error *error);

#endif
