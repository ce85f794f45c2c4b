/* The functions of this folder, under their names for the instruction set that is compiled. */
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

/* wide[pixels][padded out_c] = relu(W rows + b) of rows[pixels][padded in_c]; `own` as in
 * kernels/gram.h */
void NST_FOR_ISA(nst_widen_pixels_)(const nst_widening *w, bool own, int pixels, const float *rows,
                                    float *wide);

/* rows[pixels][padded in_c] = W^T gradient of gradient[pixels][padded out_c] */
void NST_FOR_ISA(nst_narrow_pixels_)(const nst_widening *w, bool own, int pixels,
                                     const float *gradient, float *rows);

void NST_FOR_ISA(nst_widen_row_)(const nst_widening *w, bool own, const nst_map *y, int y_row,
                                 const nst_map *wide, int wide_row, float *workspace);

/* u = 16 filters g as F(4x4, 3x3) multiplies by them. */
void NST_FOR_ISA(nst_filter_transform_)(float g[NST_TAPS][NST_GROUP],
                                        float u[NST_PATCH][NST_GROUP]);

bool NST_FOR_ISA(nst_halves_)(const uint16_t *halves, size_t count, float *out);

void NST_FOR_ISA(nst_resample_row_)(const float *in, const int32_t *first, const float *weight,
                                    int taps, int width, float *out);

/* With AVX-512 only. Convert h x w pixels of a map from (y, x) on, side by side, to
 * to[channels / 32], `plane` values apart, each [h w][32]; or those of the gradient that a pooling
 * hands on, with y and x odd. */
void NST_FOR_ISA(nst_bf16_pixels_)(const nst_map *map, int y, int x, int h, int w, uint16_t *to,
                                   size_t plane);
void NST_FOR_ISA(nst_bf16_routed_)(const nst_pooled *pooled, int y, int x, int h, int w,
                                   uint16_t *to, size_t plane);

/* rows[depth][width], width at most 32, as the matrix of a product with one tap. */
void NST_FOR_ISA(nst_bf16_matrix_)(const float *rows, int depth, int width, uint16_t *to);

/* A thread calls `begin` before its products, which sets up its tile registers, and `end` after
 * them, which releases these. */
void NST_FOR_ISA(nst_bf16_begin_)(void);
void NST_FOR_ISA(nst_bf16_product_)(const nst_bf16_product *product);
void NST_FOR_ISA(nst_bf16_end_)(void);

/* A block with NST_CONV_BF16. loss: as in `sink` of block.h; NULL when it is still to be summed. */
void NST_FOR_ISA(nst_bf16_block_)(const nst_conv_job *job, int block, const float *loss,
                                  float *workspace);

#endif
