/* The options of a run as JSON, read off the table that the command line uses. */
#ifndef NST_SERVE_OPTIONS_JSON_H
#define NST_SERVE_OPTIONS_JSON_H

#include <cjson/cJSON.h>

#include "nst.h"
#include "options/settings.h"

/* {"options": [{"name": "size", "help": "...", "default": 512, ...}]}; NULL when out of memory. */
cJSON *nst_options_describe(void);

/* Whether a request may set this option: one of the run's own, and none that names a file or takes
 * more of the machine than the server allows. */
int nst_options_may_set(const char *name);

#endif
