/* Bytes that grow. */
#ifndef NST_IMAGEIO_BUFFER_H
#define NST_IMAGEIO_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Begins as zeros; bytes is to be freed. Once memory has run out, failed is set and what is added
 * is dropped, so that it is enough to ask at the end. */
typedef struct nst_buffer {
    unsigned char *bytes;
    size_t size, room;
    bool failed;
} nst_buffer;

void nst_buffer_add(nst_buffer *buffer, const void *bytes, size_t size);
void nst_buffer_add_zeros(nst_buffer *buffer, size_t size);
void nst_buffer_add_big32(nst_buffer *buffer, unsigned value);
void nst_buffer_destroy(nst_buffer *buffer); /* and make it empty */

#endif
