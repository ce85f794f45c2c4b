/* How much two pictures of one size differ. Differences are in levels of 255. When either picture
 * has an alpha plane it is a fourth channel, and a picture without one counts as opaque. */
#ifndef NST_PICTURES_SIMILARITY_H
#define NST_PICTURES_SIMILARITY_H

#include "nst.h"

typedef struct nst_similarity {
    double psnr;          /* 10 log10(1 / mean squared difference), dB; infinite without any */
    double ssim;          /* mean over the channels */
    double largest, mean; /* absolute difference, levels */
    int channel, x, y;    /* where the largest is first: 0 red, 1 green, 2 blue, 3 alpha */
} nst_similarity;

/* SSIM is that of Wang, Bovik, Sheikh and Simoncelli 2004, Image Quality Assessment: Gaussian
 * window of 11x11 with sigma 1.5, K1 0.01, K2 0.03, variances not corrected for the sample's size,
 * mean over the windows that lie wholly in the picture; so scikit-image's structural_similarity
 * with gaussian_weights, sigma=1.5, use_sample_covariance=False and the channel axis given.
 * Where a side is shorter than 11 the window is as short. */
nst_status nst_similarity_measure(const nst_image *a, const nst_image *b, nst_similarity *out,
                                  nst_error *error);

/* The picture |a - b| * gain of the three colors. */
nst_status nst_similarity_picture(const nst_image *a, const nst_image *b, double gain,
                                  nst_image *out, nst_error *error);

#endif
