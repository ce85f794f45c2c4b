/* Small pictures, for reports and for the page of the server. */
#ifndef NST_REPORT_THUMBNAIL_H
#define NST_REPORT_THUMBNAIL_H

#include "nst.h"

typedef struct nst_thumbnail {
    unsigned char *jpeg; /* owned; NULL when there is none */
    size_t size;         /* bytes */
    int width, height;
} nst_thumbnail;

/* A copy that has at most `side` pixels on its longest side. */
nst_status nst_thumbnail_fit(const nst_image *image, int side, nst_image *out);

/* A JPEG whose longest side has at most `side` pixels, transparency on white. Without memory *out
 * stays empty: a thumbnail is never worth a run. */
void nst_thumbnail_make(const nst_image *image, int side, nst_thumbnail *out);
void nst_thumbnail_destroy(nst_thumbnail *thumbnail);

#endif
