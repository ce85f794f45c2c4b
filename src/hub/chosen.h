/* The network that is meant when none is named, and the one time that a better one is offered. */
#ifndef NST_HUB_CHOSEN_H
#define NST_HUB_CHOSEN_H

#include <stdbool.h>

#include "nst.h"

enum { NST_CHOSEN_MAX = 65 };

/* "bundled", or what nst_chosen_set has set: the name of an installed model. NST_ERR_FORMAT when
 * the file that says so holds no name. */
nst_status nst_chosen_get(char name[NST_CHOSEN_MAX], nst_error *error);

/* Mean this one from now on: "bundled", or a model that is installed. */
nst_status nst_chosen_set(const char *name, nst_error *error);

/* Whether to say that there is a better network: true once for each user, and only while the
 * bundled one is in use and no other is installed. */
bool nst_chosen_offer(void);

#endif
