/* Changing the size of a plane. */
#ifndef NST_KERNELS_RESAMPLE_H
#define NST_KERNELS_RESAMPLE_H

#include "nst.h"

/* out[out_h][out_w] from in[in_h][in_w], row by row and then column by column, with the cubic of
 * Keys 1981 (a = -1/2): interpolating where an axis grows, and stretched to the new pixel's
 * footprint where it shrinks, so that nothing aliases. Sampling positions are pixel centers;
 * weights that would fall outside are dropped and the rest normalized. Values may overshoot the
 * range of the input. */
nst_status nst_resample(const float *in, int in_h, int in_w, float *out, int out_h, int out_w,
                        int threads, nst_error *error);

#endif
