#include "imageio/view.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

size_t nst_view_read_some(nst_view *view, uint64_t offset, void *out, size_t count)
{
    size_t used = 0;
    if (offset >= view->size || count == 0) /* `out` may be NULL then */
        return 0;
    if (count > view->size - offset)
        count = (size_t)(view->size - offset);
    if (view->bytes) {
        memcpy(out, view->bytes + offset, count);
        return count;
    }
    if (count > view->left)
        count = (size_t)view->left;
    while (used < count) {
        ssize_t got =
            pread(view->fd, (unsigned char *)out + used, count - used, (off_t)(offset + used));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    view->left -= used;
    return used;
}

bool nst_view_read(nst_view *view, uint64_t offset, void *out, size_t count)
{
    return nst_view_read_some(view, offset, out, count) == count;
}

uint64_t nst_view_find(nst_view *view, uint64_t offset, unsigned char value)
{
    unsigned char block[256];
    size_t got;
    if (offset >= view->size)
        return view->size;
    if (view->bytes) {
        const unsigned char *found =
            memchr(view->bytes + offset, value, (size_t)(view->size - offset));
        return found ? (uint64_t)(found - view->bytes) : view->size;
    }
    while ((got = nst_view_read_some(view, offset, block, sizeof block)) > 0) {
        const unsigned char *found = memchr(block, value, got);
        if (found)
            return offset + (uint64_t)(found - block);
        offset += got;
    }
    return view->size;
}
