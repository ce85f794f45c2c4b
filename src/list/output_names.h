/* What the files beside a result are called. */
#ifndef NST_LIST_OUTPUT_NAMES_H
#define NST_LIST_OUTPUT_NAMES_H

#include <stddef.h>

#include "nst.h"

/* An intermediate image: "out.png", 50 -> "out.0050.png". */
nst_status nst_snapshot_name(const char *output, int iteration, char *name, size_t size,
                             nst_error *error);

#endif
