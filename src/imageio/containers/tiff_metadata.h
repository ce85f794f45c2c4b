/* Metadata in the directories of a TIFF, whoever reads and writes its pixels. */
#ifndef NST_IMAGEIO_CONTAINERS_TIFF_METADATA_H
#define NST_IMAGEIO_CONTAINERS_TIFF_METADATA_H

#include "imageio/codec.h"
#include "imageio/metadata/metadata.h"

void nst_tiff_read_metadata(const nst_encoded *file, nst_metadata *out);

/* The order of bytes that the file must have, for the EXIF to go in as it is. */
bool nst_tiff_is_big_endian(const nst_metadata *metadata);

/* Put metadata, settled, into an encoded file. */
void nst_tiff_embed(const nst_metadata *metadata, nst_buffer *file);

#endif
