/* The options of a run as JSON, from the table that the command line uses. */
#ifndef NST_SERVE_OPTIONS_JSON_H
#define NST_SERVE_OPTIONS_JSON_H

#include <cjson/cJSON.h>

#include "nst.h"
#include "options/settings.h"

/* {"options": [{"name": "size", "help": "...", "default": 512, ...}]}; NULL when out of memory. */
cJSON *nst_options_describe(void);

/* Whether a request may set this option: it belongs to the run, names no file, and takes no more of
 * the machine than the server allows. */
int nst_options_may_set(const char *name);

#endif
