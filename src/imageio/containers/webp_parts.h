/* The chunks of a WebP file, which is RIFF. */
#ifndef NST_IMAGEIO_CONTAINERS_WEBP_PARTS_H
#define NST_IMAGEIO_CONTAINERS_WEBP_PARTS_H

#include "imageio/view.h"

typedef struct nst_riff_part {
    char type[4];
    uint64_t offset, size; /* of the data */
} nst_riff_part;

/* The next chunk from *offset, which begins as 0; false where the file stops. */
bool nst_riff_next(nst_view *view, uint64_t *offset, nst_riff_part *out);

#endif
