/* The pictures of a job as a report shows them: small, and no more than a few of those on the
 * way. */
#ifndef NST_REPORT_GALLERY_H
#define NST_REPORT_GALLERY_H

#include "engine/observer.h"
#include "report/thumbnail.h"

enum { NST_FRAMES_MAX = 24 };

/* An intermediate image of --save-every. */
typedef struct nst_frame {
    int iterations_done;
    nst_thumbnail picture;
} nst_frame;

typedef struct nst_gallery {
    int side; /* longest of photo and result in pixels; 0: no pictures are kept */
    nst_thumbnail content, result;
    nst_thumbnail styles[NST_STYLES_MAX]; /* of the paintings, smaller */
    nst_frame frames[NST_FRAMES_MAX];     /* evenly thinned, smaller */
    int frame_count, frame_stride;        /* in frames */
} nst_gallery;

/* Each function keeps a small copy of its pictures. Without memory for one, the report lacks it. */
void nst_gallery_add_inputs(nst_gallery *gallery, const nst_input_set *inputs);
void nst_gallery_add_frame(nst_gallery *gallery, const nst_progress *progress, int save_every);
void nst_gallery_add_result(nst_gallery *gallery, const nst_image *result);

/* Read the pictures of a job that an earlier run did in so many iterations. A picture whose file is
 * missing is left out. The paintings come from `shared`, which may have read them already. */
void nst_gallery_read(nst_gallery *gallery, const nst_job *job, int iterations, nst_shared *shared);

void nst_gallery_destroy(nst_gallery *gallery);

#endif
