/* The bytes of a file, wherever they are: all of it in memory, or read piece by piece, so that a
 * header costs a few kilobytes whatever the size of the file. */
#ifndef NST_IMAGEIO_VIEW_H
#define NST_IMAGEIO_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is read of a file for its header, at most. */
#define NST_HEADER_BYTES_MAX ((uint64_t)1 << 16)

typedef struct nst_view {
    const unsigned char *bytes; /* the whole file; NULL when it is read from fd */
    uint64_t size;
    int fd;
    uint64_t left; /* bytes that may still be read from fd */
} nst_view;

static inline nst_view nst_view_of_memory(const unsigned char *bytes, size_t size)
{
    return (nst_view){bytes, size, -1, 0};
}

/* A file of this size, opened for reading; at most NST_HEADER_BYTES_MAX of it will be read. */
static inline nst_view nst_view_of_file(int fd, uint64_t size)
{
    return (nst_view){NULL, size, fd, NST_HEADER_BYTES_MAX};
}

/* Copy count bytes from offset. False when the file ends before, when it cannot be read, or when
 * more than what a header may cost would be read. */
bool nst_view_read(nst_view *view, uint64_t offset, void *out, size_t count);

/* Copy what there is from offset, count bytes at most; returns how many. */
size_t nst_view_read_some(nst_view *view, uint64_t offset, void *out, size_t count);

/* Offset of the next byte of this value at or after offset; view->size when there is none. */
uint64_t nst_view_find(nst_view *view, uint64_t offset, unsigned char value);

/* ---- numbers in memory ----------------------------------------------------------------------- */

static inline uint32_t nst_little16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t nst_little32(const unsigned char *p)
{
    return nst_little16(p) | nst_little16(p + 2) << 16;
}

static inline uint32_t nst_big16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | (uint32_t)p[1];
}

static inline uint32_t nst_big32(const unsigned char *p)
{
    return nst_big16(p) << 16 | nst_big16(p + 2);
}

static inline void nst_put_little16(unsigned char *p, uint32_t value)
{
    p[0] = (unsigned char)value;
    p[1] = (unsigned char)(value >> 8);
}

static inline void nst_put_little32(unsigned char *p, uint32_t value)
{
    nst_put_little16(p, value);
    nst_put_little16(p + 2, value >> 16);
}

static inline void nst_put_big16(unsigned char *p, uint32_t value)
{
    p[0] = (unsigned char)(value >> 8);
    p[1] = (unsigned char)value;
}

static inline void nst_put_big32(unsigned char *p, uint32_t value)
{
    nst_put_big16(p, value >> 16);
    nst_put_big16(p + 2, value);
}

#endif
