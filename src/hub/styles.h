/* The paintings that come with the program, by name: "oil" is oil.jpg in the folder of styles. */
#ifndef NST_HUB_STYLES_H
#define NST_HUB_STYLES_H

#include <limits.h>

#include "nst.h"

typedef struct nst_known_style {
    const char *name; /* NULL ends the table */
    const char *what; /* it shows and how it is painted */
} nst_known_style;

extern const nst_known_style nst_known_styles[];

const nst_known_style *nst_known_style_find(const char *name); /* or NULL */

/* The file of a style, which is there. It is looked for from the place of the program: where
 * installing puts it, then where building does. NST_ERR_IO when it is in neither. */
nst_status nst_styles_path(const nst_known_style *style, char path[PATH_MAX], nst_error *error);

/* What --style means by a text that is no file: the file of a style of that name, in path, or the
 * text itself. */
const char *nst_styles_locate(const char *text, char path[PATH_MAX]);

/* Fail, saying where names are listed, when what was located is a mere word and no file. */
nst_status nst_styles_check(const char *located, nst_error *error);

#endif
