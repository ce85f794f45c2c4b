/* What nst_basis is made of. Layers are 0..NST_BASIS_LAYERS-1 here: relu1_1 .. relu5_1. */
#ifndef NST_MEASURE_BASIS_H
#define NST_MEASURE_BASIS_H

#include "kernels/map.h"
#include "nst.h"

typedef struct nst_basis_layer {
    int channels, rank; /* rank <= channels */
    double *directions; /* [rank][channels], of an opened basis; else NULL */
    /* Of a basis that is being learned: the means of F F^T and of F over each photo, summed up over
     * photos; [channels][channels] and [channels]. */
    double *products, *sums;
} nst_basis_layer;

struct nst_basis {
    const nst_model *model;
    int photos;
    nst_basis_layer layers[NST_BASIS_LAYERS];
};

/* The set of the basis' layers, as nst_measure takes it; and the number in nst_layers of layer
 * i. */
unsigned nst_basis_mask(void);
int nst_basis_layer_of(int i);

/* Read the features of a map in order, in parts of at most NST_BASIS_PART pixels:
 * rows[count][channels] in double. *at is 0 at first. Returns count, 0 at the end. */
enum { NST_BASIS_PART = 512 };
int nst_basis_part(const nst_map *map, size_t *at, double *rows);

#endif
