/* Styles of a job, from text and back: PATH[:WEIGHT][@REGION]. */
#ifndef NST_OPTIONS_STYLE_SPEC_H
#define NST_OPTIONS_STYLE_SPEC_H

#include "options/settings.h"

/* Weight and region are taken off the end, in either order, as long as there is no file called like
 * what is left. The name of a style that comes with the program becomes the path of its file.
 * out->path is the caller's to free. */
nst_status nst_style_parse(const char *label, const char *text, nst_style_source *out,
                           nst_error *error);

/* The text that nst_style_parse would turn into the style, to be freed; NULL when out of memory. */
char *nst_style_print(const nst_style_source *style);

#endif
