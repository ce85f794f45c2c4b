/* The events of a run, as server-sent events: "run" with the run as JSON whenever that changes,
 * "preview" with a JPEG in base64. The stream ends when the run has ended. */
#ifndef NST_SERVE_EVENTS_H
#define NST_SERVE_EVENTS_H

#include "serve/http/answer.h"

/* Answer with the run's events, or refuse. */
void nst_events_answer(const nst_site *site, const char *id, nst_answer *answer);

#endif
