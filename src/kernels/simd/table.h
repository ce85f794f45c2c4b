/* The functions of this folder, under the name they have for the instruction set at hand. */
#ifndef NST_KERNELS_SIMD_TABLE_H
#define NST_KERNELS_SIMD_TABLE_H

#include "kernels/isa.h"
#include "kernels/simd/vector.h"

void NST_FOR_ISA(nst_conv_block_)(const nst_conv_job *job, int block, float *workspace);
void NST_FOR_ISA(nst_first_forward_)(const nst_first_layer *layer, const float *x, const nst_map *y,
                                     int row);
void NST_FOR_ISA(nst_first_backward_)(const nst_first_layer *layer, const nst_map *dz, float *dx,
                                      int row);

/* c[rows][width] = a[rows][depth] b[depth][width], or += with `add`; width a multiple of 16, rows
 * of b without gaps, of a and c a_stride and c_stride apart. A row of c is the same to the last bit
 * whatever the others are. */
void NST_FOR_ISA(nst_panel_product_)(int rows, int width, int depth, const float *a, int a_stride,
                                     const float *b, float *c, int c_stride, int add);

/* c[n][n] = sum over pixels of f f^T, or += with `add`, for features f in panels[n / 16], `panel`
 * floats apart, each [pixel][16]. What lies below the diagonal may be left as it was. */
void NST_FOR_ISA(nst_gram_product_)(int n, int pixels, const float *panels, size_t panel, float *c,
                                    bool add);

#endif
