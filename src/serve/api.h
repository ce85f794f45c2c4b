/* The interface: which path does what. Described for programs by openapi.json. */
#ifndef NST_SERVE_API_H
#define NST_SERVE_API_H

#include "serve/http/answer.h"

/* What body a request of this method and path may have: 0 when the path takes none, else 1 with
 * *kind by the content type; -1 when the content type is not one that the path takes. */
int nst_api_body(const char *method, const char *path, const char *type, nst_body_kind *kind);

/* Whether a path may be read without a token: the page itself, which holds no picture. */
int nst_api_is_public(const char *path);

void nst_api_answer(const nst_site *site, const nst_request *request, nst_answer *answer);

#endif
