/* The interface over HTTP: what each path does. openapi.json describes it. */
#ifndef NST_SERVE_API_H
#define NST_SERVE_API_H

#include "serve/http/answer.h"

/* Which body a request of this method and path may have. Returns 0 when the path takes none, 1 with
 * *kind by the content type, -1 when the path does not take the content type. */
int nst_api_body(const char *method, const char *path, const char *type, nst_body_kind *kind);

/* Whether a path may be read without a token: the page itself, which contains no picture. */
int nst_api_is_public(const char *path);

void nst_api_answer(const nst_site *site, const nst_request *request, nst_answer *answer);

#endif
