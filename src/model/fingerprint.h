/* Numbers that tell data apart: quick to make, of no use against who looks for two data with the
 * same one. */
#ifndef NST_MODEL_FINGERPRINT_H
#define NST_MODEL_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#include "nst.h"

/* Of everything that was added, in order and cut up in the same way. */
typedef struct nst_fingerprint {
    uint64_t lanes[4];
} nst_fingerprint;

enum { NST_FINGERPRINT_TEXT = 65 }; /* 64 hexadecimal digits */

void nst_fingerprint_begin(nst_fingerprint *fingerprint);
void nst_fingerprint_add(nst_fingerprint *fingerprint, const void *bytes, size_t size);
void nst_fingerprint_add_text(nst_fingerprint *fingerprint, const char *text);
void nst_fingerprint_end(const nst_fingerprint *fingerprint, char text[NST_FINGERPRINT_TEXT]);

/* Of all that a model's features depend on. Made at the first call; thread-safe. */
void nst_model_fingerprint(const nst_model *model, char text[NST_FINGERPRINT_TEXT]);

#endif
