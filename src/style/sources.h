/* The pictures of a run, checked and with their colors and regions prepared, and what a level of
 * the pyramid makes of them. */
#ifndef NST_STYLE_SOURCES_H
#define NST_STYLE_SOURCES_H

#include "style/objective.h"

typedef struct nst_sources nst_sources;

/* inputs and options, already checked (given.h), stay in use. */
nst_status nst_sources_create(const nst_inputs *inputs, const nst_options *options, int threads,
                              nst_sources **out, nst_error *error);
void nst_sources_destroy(nst_sources *sources); /* NULL is fine */

/* What NST_INIT_CONTENT, _STYLE and _IMAGE start from; valid as long as the sources. */
const nst_image *nst_sources_first(const nst_sources *sources);

/* The objective for a result of this size. */
nst_status nst_sources_objective(const nst_sources *sources, const nst_model *model, nst_plan plan,
                                 int width, int height, nst_objective **out, nst_error *error);

/* A style's size as a level of this longest side looks at it: longest side style_scale times that,
 * and no side too short for the network. */
void nst_sources_style_size(const nst_options *options, int longest, const nst_image *style,
                            int *width, int *height);

/* Deepest layer that any loss looks at. */
int nst_sources_deepest(const nst_options *options);

#endif
