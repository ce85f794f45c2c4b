/* JSON that several outputs have in common. The functions that add return false when out of
 * memory. */
#ifndef NST_RESULTS_JSON_H
#define NST_RESULTS_JSON_H

#include <stdbool.h>

#include "nst.h"

struct cJSON;

/* Seconds with three decimals. */
bool nst_json_add_seconds(struct cJSON *object, const char *key, double seconds);

/* "content-loss", "style-loss", "tv-loss" and "total-loss". */
bool nst_json_add_losses(struct cJSON *object, const nst_losses *losses);

/* Print the object on standard output and delete it. complete: whether all that was added is
 * there; if not, the status is NST_ERR_MEMORY and nothing is printed. */
nst_status nst_json_print(struct cJSON *object, bool complete, nst_error *error);

#endif
