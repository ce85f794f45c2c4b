/* Names with fields in braces, "out/{photo}-{style}.jpg". {{ and }} stand for the braces
 * themselves. */
#ifndef NST_OPTIONS_TEMPLATE_H
#define NST_OPTIONS_TEMPLATE_H

#include <stdbool.h>

#include "nst.h"

/* The value of a field, to be freed; NULL when out of memory. `name` is one of the known fields. */
typedef char *(*nst_template_value)(void *user, const char *name);

/* Whether all braces are in order and all fields known; *fields says whether there are any. label
 * names the source in messages. */
nst_status nst_template_check(const char *label, const char *text, bool *fields, nst_error *error);

/* Whether a checked text has a field of that name. */
bool nst_template_has(const char *text, const char *name);

/* A checked text with its fields filled, to be freed; NULL when out of memory. Where a field is
 * empty and a slash follows, the slash goes too. */
char *nst_template_fill(const char *text, nst_template_value value, void *user);

/* The folder that all names made of a checked text lie in, to be freed: what stands before the
 * last slash before the first field. "." when there is none; NULL when out of memory. */
char *nst_template_folder(const char *text);

/* A name as a checked text that means it: braces doubled. To be freed; NULL when out of memory. */
char *nst_template_quote(const char *name);

#endif
