/* The styles that come with the program as a picture. */
#ifndef NST_PICTURES_STYLE_SHEET_H
#define NST_PICTURES_STYLE_SHEET_H

#include "hub/styles.h"
#include "nst.h"

/* Tiles in rows of three, the name under each. Fails when a style is not there. */
nst_status nst_style_sheet_draw(const nst_known_style *styles, int tile, int threads,
                                nst_image *out, nst_error *error);

#endif
