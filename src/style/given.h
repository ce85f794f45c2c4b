/* A caller's inputs, completed and checked. */
#ifndef NST_STYLE_GIVEN_H
#define NST_STYLE_GIVEN_H

#include <stddef.h>

#include "nst.h"

/* Bytes of nst_inputs in its first version: a caller's struct has at least these. */
enum { NST_INPUTS_FIRST_SIZE = offsetof(nst_inputs, style_store) };

/* A caller's inputs. Fields that the caller's version does not have are zero; styles given by
 * handle are in `styles` and `style_masks` too. */
typedef struct nst_given {
    nst_inputs inputs;
    /* Owned arrays, whose pixels are the handles'; NULL without handles. */
    nst_image *styles, *masks;
} nst_given;

/* Complete *in; no picture is checked. NST_ERR_ARGUMENT when the struct has an unknown size, there
 * is no style, or styles are given in both ways. */
nst_status nst_given_read(const nst_inputs *in, nst_given *out, nst_error *error);
void nst_given_destroy(nst_given *given); /* a zeroed one is fine */

/* Check that every picture is there with values from 0 to 1, that style weights are valid, and that
 * regions are used only with a content mask. */
nst_status nst_given_check(const nst_inputs *in, const nst_options *options, nst_error *error);

#endif
