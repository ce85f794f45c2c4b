/* What a caller asks for, in full and checked. */
#ifndef NST_STYLE_GIVEN_H
#define NST_STYLE_GIVEN_H

#include "nst.h"

/* Bytes of nst_inputs as of its first version: no caller has fewer. */
enum { NST_INPUTS_FIRST_SIZE = sizeof(nst_inputs) };

/* The inputs of a caller: fields that he does not know are zero, and styles by handle are in
 * `styles` and `style_masks` as well. */
typedef struct nst_given {
    nst_inputs inputs;
    nst_image *styles, *masks; /* owned; views of what the handles have. NULL without handles */
} nst_given;

/* Of the pictures nothing is looked at. NST_ERR_ARGUMENT when the struct is of no known size, no
 * style is there, or styles are given both ways. */
nst_status nst_given_read(const nst_inputs *in, nst_given *out, nst_error *error);
void nst_given_destroy(nst_given *given); /* a zeroed one is fine */

/* Check that every picture is there and has values from 0 to 1, that style weights are such, and
 * that regions are asked for only with a content mask. */
nst_status nst_given_check(const nst_inputs *in, const nst_options *options, nst_error *error);

#endif
