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

/* The object as text with a line end, and delete the object. The text is valid JSON whatever bytes
 * its strings hold (util/utf8.h), and is to be freed. complete: whether all that was added is
 * there; if not, or when out of memory, NULL. */
char *nst_json_text(struct cJSON *object, bool complete, bool indented);

/* Print that text on standard output. */
nst_status nst_json_print(struct cJSON *object, bool complete, nst_error *error);

#endif
