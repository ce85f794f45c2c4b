/* A file from its beginning to its end, a block at a time, and the checksum of all of it: what is
 * decoded in the order in which it stands need not be in memory as a whole. */
#ifndef NST_IMAGEIO_STREAM_H
#define NST_IMAGEIO_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/sha256.h"

enum { NST_STREAM_BLOCK = 65536 };

typedef struct nst_stream {
    const unsigned char *bytes; /* what is there of the file: `size` bytes, used up to `at` */
    size_t size, at;
    int fd;               /* what comes behind; -1: nothing */
    unsigned char *block; /* NST_STREAM_BLOCK bytes, with an fd */
    nst_sha256 sum;       /* of what came from fd */
    int reason;           /* errno of what could not be read, ECANCELED when the calling thread's
                             work was cancelled, or 0 */
} nst_stream;

/* Of a file in memory; nothing is to be closed. */
nst_stream nst_stream_of_memory(const unsigned char *bytes, size_t size);

/* Of a file opened for reading, which stays the caller's; false when out of memory. */
bool nst_stream_open(nst_stream *stream, int fd);
void nst_stream_close(nst_stream *stream);

/* Whether there is a byte at stream->bytes[stream->at]: reads the next block where one has been
 * used up. False at the end, and when it cannot be read. */
bool nst_stream_more(nst_stream *stream);

/* Copy the next count bytes; false when there are not so many. */
bool nst_stream_read(nst_stream *stream, void *out, size_t count);

/* Pass over the next count bytes; likewise. */
bool nst_stream_skip(nst_stream *stream, uint64_t count);

/* Read what is left, then tell the SHA-256 of the whole. False when it cannot be read. */
bool nst_stream_finish(nst_stream *stream, char sha256[65]);

#endif
