/* Reading safetensors files: an 8-byte little-endian header length, that many bytes of JSON, then
 * raw tensors. The whole header is checked when the file is opened. Format:
 * https://github.com/huggingface/safetensors */
#ifndef NST_MODEL_SAFETENSORS_H
#define NST_MODEL_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nst.h"

typedef struct nst_safetensors nst_safetensors;

typedef enum nst_dtype {
    NST_DTYPE_OTHER = 0,
    NST_DTYPE_F32,
    NST_DTYPE_F16,
    NST_DTYPE_BF16
} nst_dtype;

enum { NST_TENSOR_DIMS_MAX = 8 };

typedef struct nst_tensor_info {
    const char *name;       /* owned by the file */
    const char *dtype_name; /* as the file spells it, "F16" */
    nst_dtype dtype;
    int dims; /* 0..NST_TENSOR_DIMS_MAX; 0 is a scalar */
    size_t shape[NST_TENSOR_DIMS_MAX];
    size_t count;  /* product of shape, 1 for a scalar */
    size_t offset; /* of its little-endian values, from the beginning of the file */
} nst_tensor_info;

/* Open and validate: header length (at most 100,000,000 and within the file), JSON, dtypes, shape
 * x dtype = offsets, no gaps, overlaps, duplicates or overflow, last offset = file length. The
 * file stays open: values are read when they are asked for, and a file that has shrunk by then is
 * an error.
 * Errors name the path and the tensor. */
nst_status nst_safetensors_open(const char *path, nst_safetensors **out, nst_error *error);

/* The same for bytes in memory, which must outlive the object; name stands in for the path. */
nst_status nst_safetensors_open_memory(const void *data, size_t size, const char *name,
                                       nst_safetensors **out, nst_error *error);
void nst_safetensors_close(nst_safetensors *file); /* NULL is fine */

const char *nst_safetensors_name(const nst_safetensors *file); /* path or stand-in, for messages */
int nst_safetensors_count(const nst_safetensors *file);
const nst_tensor_info *nst_safetensors_at(const nst_safetensors *file, int index);
const nst_tensor_info *nst_safetensors_find(const nst_safetensors *file,
                                            const char *name); /* or NULL */

/* A value of __metadata__, or NULL. Owned by the file. */
const char *nst_safetensors_metadata(const nst_safetensors *file, const char *key);

/* Convert tensor->count values to float. Fails when the dtype is none of F32, F16, BF16, a value is
 * not finite or the file cannot be read. */
nst_status nst_safetensors_read(const nst_safetensors *file, const nst_tensor_info *tensor,
                                float *out, nst_error *error);

#endif
