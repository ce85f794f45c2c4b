#include "imageio/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/parallel.h"

nst_stream nst_stream_of_memory(const unsigned char *bytes, size_t size)
{
    return (nst_stream){.bytes = bytes, .size = size, .fd = -1};
}

bool nst_stream_open(nst_stream *stream, int fd)
{
    *stream = (nst_stream){.fd = fd, .block = malloc(NST_STREAM_BLOCK)};
    nst_sha256_begin(&stream->sum);
    return stream->block != NULL;
}

void nst_stream_close(nst_stream *stream)
{
    free(stream->block);
    *stream = (nst_stream){.fd = -1};
}

bool nst_stream_more(nst_stream *stream)
{
    size_t used = 0;
    if (stream->at < stream->size)
        return true;
    while (stream->fd >= 0 && used < NST_STREAM_BLOCK) {
        if (nst_parallel_cancelled()) {
            stream->reason = ECANCELED;
            stream->fd = -1;
            return false;
        }
        ssize_t got = read(stream->fd, stream->block + used, NST_STREAM_BLOCK - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            stream->reason = got < 0 ? errno : 0;
            stream->fd = -1;
            break;
        }
        used += (size_t)got;
    }
    if (used == 0)
        return false;
    nst_sha256_add(&stream->sum, stream->block, used);
    stream->bytes = stream->block;
    stream->size = used;
    stream->at = 0;
    return true;
}

bool nst_stream_read(nst_stream *stream, void *out, size_t count)
{
    unsigned char *to = out;
    while (count > 0 && nst_stream_more(stream)) {
        size_t some = stream->size - stream->at;
        if (some > count)
            some = count;
        memcpy(to, stream->bytes + stream->at, some);
        stream->at += some;
        to += some;
        count -= some;
    }
    return count == 0;
}

bool nst_stream_skip(nst_stream *stream, uint64_t count)
{
    while (count > 0 && nst_stream_more(stream)) {
        size_t some = stream->size - stream->at;
        if (some > count)
            some = (size_t)count;
        stream->at += some;
        count -= some;
    }
    return count == 0;
}

bool nst_stream_finish(nst_stream *stream, char sha256[65])
{
    do
        stream->at = stream->size;
    while (nst_stream_more(stream));
    nst_sha256_end(&stream->sum, sha256);
    return stream->reason == 0;
}
