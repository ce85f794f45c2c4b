/* The pictures of a run with their colors and regions prepared, and the objective of a level of the
 * pyramid, made from them. */
#ifndef NST_STYLE_SOURCES_H
#define NST_STYLE_SOURCES_H

#include "style/objective.h"

typedef struct nst_sources nst_sources;

/* inputs and options are already checked (given.h) and must outlive the sources. */
nst_status nst_sources_create(const nst_inputs *inputs, const nst_options *options, int threads,
                              nst_sources **out, nst_error *error);
void nst_sources_destroy(nst_sources *sources); /* NULL is fine */

/* The image that a run starts from, at this size, for all but NST_INIT_NOISE. Without `recolor`,
 * NST_INIT_COLORS leaves the content's colors as they are. */
nst_status nst_sources_start(const nst_sources *sources, bool recolor, int width, int height,
                             nst_image *out, nst_error *error);

/* Whether a run by these options starts from the content as it is. */
bool nst_starts_at_content(const nst_options *options);

/* The objective for a result of this size. */
nst_status nst_sources_objective(const nst_sources *sources, const nst_model *model, nst_plan plan,
                                 int width, int height, nst_objective **out, nst_error *error);

/* The size at which a level of this longest side measures a style: its longest side is style_scale
 * times that, and no side is too short for the network. */
void nst_sources_style_size(const nst_options *options, int longest, const nst_image *style,
                            int *width, int *height);

/* The deepest layer that a loss uses. */
int nst_sources_deepest(const nst_options *options);

#endif
