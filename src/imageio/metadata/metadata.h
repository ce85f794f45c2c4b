/* What a picture file says beside its pixels: EXIF, XMP, IPTC, and a PNG's texts. It is kept
 * as bytes: a maker's note holds offsets that only its maker knows, and would be lost if the block
 * were written anew. Only what is wrong for the new picture is changed. */
#ifndef NST_IMAGEIO_METADATA_METADATA_H
#define NST_IMAGEIO_METADATA_METADATA_H

#include "imageio/buffer.h"
#include "imageio/imageio.h"

struct nst_metadata {
    nst_buffer exif;  /* from its "II" or "MM" on */
    nst_buffer xmp;   /* the packet */
    nst_buffer iptc;  /* records, as IIM 4 lays them out */
    nst_buffer texts; /* tEXt, zTXt and iTXt chunks, whole; other formats have no place for them */
};

/* What a segment of a JPEG or a profile of a PNG begins with, with its 0, when it holds XMP. */
#define NST_XMP_PREFIX "http://ns.adobe.com/xap/1.0/"

/* A copy that is right for a picture of this size, upright, in sRGB: orientation, sizes and color
 * space are set, thumbnails and previews removed, and with NO_GPS positions (and makers' notes,
 * which may hold some). NULL when memory runs out or nothing is to be kept. */
nst_metadata *nst_metadata_settle(const nst_metadata *metadata, nst_metadata_choice choice,
                                  int width, int height);

/* ---- EXIF ------------------------------------------------------------------------------------ */

/* The edits that nst_metadata_settle makes to a block of EXIF, in place; it may become shorter. */
void nst_exif_settle(nst_buffer *exif, bool keep_gps, int width, int height);

/* The directories of a TIFF file without what describes its pixels, as a block of EXIF. */
void nst_exif_from_tiff(const unsigned char *bytes, size_t size, nst_buffer *out);

/* Append texts as a block of EXIF: description, artist, copyright; any may be NULL. */
void nst_exif_from_texts(const char *description, const char *artist, const char *copyright,
                         nst_buffer *out);

/* ---- XMP ------------------------------------------------------------------------------------- */

/* The same for a packet of XMP: properties that are wrong now are removed. */
void nst_xmp_settle(nst_buffer *xmp, bool keep_gps);

/* ---- IPTC, in Photoshop's container ---------------------------------------------------------- */

/* Append the IPTC records of Photoshop's image resources ("8BIM"...). */
void nst_iptc_from_photoshop(const unsigned char *bytes, size_t size, nst_buffer *out);

/* Append the records as one such resource. */
void nst_iptc_to_photoshop(const nst_buffer *iptc, nst_buffer *out);

#endif
