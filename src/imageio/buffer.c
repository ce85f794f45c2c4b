#include "imageio/buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imageio/view.h"

/* Room for so many bytes more, or NULL; NULL for none, because there may be no buffer yet. */
static unsigned char *extend(nst_buffer *buffer, size_t size)
{
    if (buffer->failed || size == 0)
        return NULL;
    if (size > buffer->room - buffer->size) {
        size_t room = size <= SIZE_MAX / 4 && buffer->room <= SIZE_MAX / 4
                          ? 3 * buffer->room / 2 + size + 256
                          : 0;
        unsigned char *larger = room ? realloc(buffer->bytes, room) : NULL;
        if (!larger) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = larger;
        buffer->room = room;
    }
    buffer->size += size;
    return buffer->bytes + buffer->size - size;
}

void nst_buffer_add(nst_buffer *buffer, const void *bytes, size_t size)
{
    unsigned char *to = extend(buffer, size);
    if (to)
        memcpy(to, bytes, size);
}

void nst_buffer_add_zeros(nst_buffer *buffer, size_t size)
{
    unsigned char *to = extend(buffer, size);
    if (to)
        memset(to, 0, size);
}

void nst_buffer_add_big32(nst_buffer *buffer, unsigned value)
{
    unsigned char bytes[4];
    nst_put_big32(bytes, value);
    nst_buffer_add(buffer, bytes, sizeof bytes);
}

void nst_buffer_destroy(nst_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (nst_buffer){0};
}
