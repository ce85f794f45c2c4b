/* The facts that -v tells. */
#ifndef NST_OBSERVERS_DESCRIBE_H
#define NST_OBSERVERS_DESCRIBE_H

#include "engine/observer.h"

/* Pictures, model, memory and result, a line for each. */
void nst_describe_run(const nst_args *args, const nst_run_inputs *inputs);

#endif
