/* A run as JSON, as openapi.json describes it. */
#ifndef NST_SERVE_RUNS_RUN_JSON_H
#define NST_SERVE_RUNS_RUN_JSON_H

#include "serve/runs/runs.h"

/* With the list's lock held. The caller's; NULL when memory runs out. */
cJSON *nst_run_json(const nst_runs *runs, const nst_served_run *run);

#endif
