/* What nst_basis is made of. Layers are 0..NST_BASIS_LAYERS-1 here: relu1_1 .. relu5_1. */
#ifndef NST_MEASURE_BASIS_H
#define NST_MEASURE_BASIS_H

#include "kernels/map.h"
#include "nst.h"

typedef struct nst_basis_layer {
    int channels, rank; /* rank <= channels */
    double *directions; /* [rank][channels], of an opened basis; else NULL */
    double *products;   /* [channels][channels], mean of F F^T over each photo, summed up over */
    double *sums;       /*   photos; [channels], mean of F likewise. Of one being learned */
} nst_basis_layer;

struct nst_basis {
    const nst_model *model;
    int photos;
    nst_basis_layer layers[NST_BASIS_LAYERS];
};

/* The bits of a mask of layers as in nst_measure, and the layer of each. */
unsigned nst_basis_mask(void);
int nst_basis_layer_of(int i);

/* Walk over the features of a map in order: rows[count][channels] in double, in parts of at most
 * NST_BASIS_PART pixels. *at begins as 0; returns count, 0 at the end. */
enum { NST_BASIS_PART = 512 };
int nst_basis_part(const nst_map *map, size_t *at, double *rows);

#endif
