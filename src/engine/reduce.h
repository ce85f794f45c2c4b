/* Pictures in the size in which a run looks at them: one that is four times as large or more is
 * reduced as soon as it is read. That is so whatever memory there is, because it decides the bytes
 * of the result. */
#ifndef NST_ENGINE_REDUCE_H
#define NST_ENGINE_REDUCE_H

#include "imageio/imageio.h"
#include "nst.h"

typedef enum nst_picture_use {
    NST_USE_CONTENT, /* or a picture to start from: in the size of the result */
    NST_USE_STYLE,   /* in the size at which a style is looked at */
    NST_USE_MASK     /* whole: its colors must not mix */
} nst_picture_use;

/* Read a picture in the size of its use. What takes more than max_bytes of memory is refused by its
 * header; 0: no limit. info tells the file's own size; metadata and info may be NULL. */
nst_status nst_reduce_read(const char *path, const nst_options *options, nst_picture_use use,
                           uint64_t max_bytes, nst_metadata **metadata, nst_image *out,
                           nst_file_info *info, nst_error *error);

/* The size in which a picture comes that its header describes so. */
void nst_reduce_size(const nst_options *options, nst_picture_use use, const nst_file_info *file,
                     int *width, int *height);

/* Memory at the peak of reading it, and of the picture then; about. */
void nst_reduce_bytes(const nst_options *options, nst_picture_use use, const nst_file_info *file,
                      uint64_t *peak, uint64_t *left);

#endif
