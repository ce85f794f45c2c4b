#include "optim/vector.h"

#include <string.h>

#include "base/parallel.h"

typedef struct {
    size_t n, chunk;
    nst_chunk_body body;
    void *context;
    int width;
    double *partial;
} run;

static void run_chunk(void *context, int index, int thread)
{
    (void)thread;
    const run *r = context;
    double *sums = r->width ? r->partial + (size_t)index * (size_t)r->width : NULL;
    size_t first = (size_t)index * r->chunk, end = first + r->chunk;
    if (end > r->n)
        end = r->n;
    if (sums)
        memset(sums, 0, (size_t)r->width * sizeof *sums);
    for (; first < end; first += NST_CHUNK_BLOCK)
        r->body(r->context, first, end - first < NST_CHUNK_BLOCK ? end - first : NST_CHUNK_BLOCK,
                sums);
}

void nst_chunks_run(size_t n, int threads, nst_chunk_body body, void *context, int width,
                    double *partial, double *total)
{
    size_t blocks = (n + NST_CHUNK_BLOCK - 1) / NST_CHUNK_BLOCK;
    size_t chunk = (blocks + NST_CHUNKS - 1) / NST_CHUNKS * NST_CHUNK_BLOCK;
    int chunks = chunk ? (int)((n + chunk - 1) / chunk) : 0;
    run r = {n, chunk, body, context, width, partial};
    nst_parallel_for(chunks, threads, run_chunk, &r);
    for (int i = 0; i < width; i++) {
        total[i] = 0.0;
        for (int c = 0; c < chunks; c++)
            total[i] += partial[(size_t)c * (size_t)width + (size_t)i];
    }
}

double nst_dot_block(const float *a, const float *b, size_t count)
{
    /* Sixteen sums of at most 64 products each: vectors for the compiler, little rounding. */
    enum { LANES = 16 };
    float sum[LANES] = {0};
    double total = 0.0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            sum[l] += a[i + l] * b[i + l];
    for (size_t l = 0; l < LANES; l++)
        total += (double)sum[l];
    for (; i < count; i++)
        total += (double)a[i] * (double)b[i];
    return total;
}
