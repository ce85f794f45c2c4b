/* The one parallel loop. */
#ifndef NST_BASE_PARALLEL_H
#define NST_BASE_PARALLEL_H

/* body(context, index, thread) for each index in 0..count-1, in any order, on up to `threads`
 * threads; thread is in 0..threads-1 and picks the caller's scratch space. Returns when all are
 * done. Results stay the same for any number of threads as long as what index computes does
 * not depend on thread. Do not nest. */
typedef void (*nst_parallel_body)(void *context, int index, int thread);
void nst_parallel_for(int count, int threads, nst_parallel_body body, void *context);

/* Cores this process may run on, at least 1. */
int nst_parallel_cores(void);

#endif
