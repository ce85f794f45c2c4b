/* Being told to stop, from another thread or from a signal handler. */
#ifndef NST_BASE_CANCEL_H
#define NST_BASE_CANCEL_H

#include <stdbool.h>

#include "nst.h"

bool nst_cancel_requested(const nst_cancel *cancel); /* NULL: never */

#endif
