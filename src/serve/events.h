/* What a run does, as server-sent events: "run" with its description as JSON whenever that changes,
 * "preview" with a JPEG in base64. The stream ends when the run has ended. */
#ifndef NST_SERVE_EVENTS_H
#define NST_SERVE_EVENTS_H

#include "serve/http/answer.h"

/* Fill the answer for the run's events, or a refusal. */
void nst_events_answer(const nst_site *site, const char *id, nst_answer *answer);

#endif
