/* Arithmetic on long vectors, with the same result for any number of threads: a vector is cut into
 * a fixed number of chunks, and the sums of chunks are added in order. */
#ifndef NST_OPTIM_VECTOR_H
#define NST_OPTIM_VECTOR_H

#include <stddef.h>

enum {
    NST_CHUNKS = 64,       /* a vector is cut into at most so many */
    NST_CHUNK_BLOCK = 1024 /* floats of a chunk that are worked on at a time: several blocks fit
                              into the first-level cache */
};

/* body(context, first, count, sums): work on floats first..first+count-1 and add to sums[width],
 * which is zero at first. count is at most NST_CHUNK_BLOCK; blocks of a chunk come in order. */
typedef void (*nst_chunk_body)(void *context, size_t first, size_t count, double *sums);

/* Run body over a vector of n floats. partial: NST_CHUNKS * width doubles of scratch; the total is
 * left in total[width]. Both may be NULL with width 0. */
void nst_chunks_run(size_t n, int threads, nst_chunk_body body, void *context, int width,
                    double *partial, double *total);

/* Sum of a[i] b[i] over at most NST_CHUNK_BLOCK floats. */
double nst_dot_block(const float *a, const float *b, size_t count);

#endif
