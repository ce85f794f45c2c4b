#include "kernels/simd/table.h"

#define NST_TEXT_(x) #x
#define NST_TEXT(x)  NST_TEXT_(x)

const nst_isa NST_FOR_ISA(nst_isa_) = {
    .name = NST_TEXT(NST_ISA),
    .has_packed = LANES > 4,
    .has_fma = HAS_FMA,
    .gram_product = NST_FOR_ISA(nst_gram_product_),
    .conv_block = NST_FOR_ISA(nst_conv_block_),
    .first_forward = NST_FOR_ISA(nst_first_forward_),
    .first_backward = NST_FOR_ISA(nst_first_backward_),
    .widen_row = NST_FOR_ISA(nst_widen_row_),
    .filter_transform = NST_FOR_ISA(nst_filter_transform_),
    .halves = NST_FOR_ISA(nst_halves_),
    .resample_row = NST_FOR_ISA(nst_resample_row_),
};
