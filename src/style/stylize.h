/* nst_stylize in memory that an earlier run left. */
#ifndef NST_STYLE_STYLIZE_H
#define NST_STYLE_STYLIZE_H

#include "style/scene.h"

/* As nst_stylize. Memory comes from the workspace, which is zero before the first run, and stays
 * there. */
nst_status nst_stylize_in(nst_workspace *workspace, const nst_model *model,
                          const nst_inputs *inputs, const nst_options *options,
                          nst_progress_fn hook, void *user, nst_image *result, nst_losses *final,
                          nst_error *error);

size_t nst_workspace_bytes(const nst_workspace *workspace);
void nst_workspace_release(nst_workspace *workspace);

#endif
