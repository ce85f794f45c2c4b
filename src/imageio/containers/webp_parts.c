#include "imageio/containers/webp_parts.h"

#include <string.h>

bool nst_riff_next(nst_view *view, uint64_t *offset, nst_riff_part *out)
{
    enum { FILE_HEADER = 12, CHUNK_HEADER = 8 };
    unsigned char head[CHUNK_HEADER];
    uint64_t at = *offset ? *offset : FILE_HEADER;
    if (!nst_view_read(view, at, head, sizeof head))
        return false;
    *out = (nst_riff_part){.offset = at + CHUNK_HEADER, .size = nst_little32(head + 4)};
    memcpy(out->type, head, 4);
    if (out->size > view->size - out->offset)
        return false;
    *offset = out->offset + out->size + out->size % 2;
    return true;
}
