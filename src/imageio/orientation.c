#include "imageio/orientation.h"

#include <libexif/exif-data.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "imageio/container.h"

static const char exif_prefix[] = "Exif\0"; /* and one more zero byte: 6 in all */
enum { EXIF_PREFIX = sizeof exif_prefix };

/* The EXIF block with its prefix, as libexif wants it. *owned is to be freed when not NULL. */
static bool find_block(nst_format format, const unsigned char *bytes, size_t size,
                       const unsigned char **block, size_t *length, unsigned char **owned)
{
    nst_walk walk = {bytes, size, 0};
    nst_part part;
    *owned = NULL;
    if (format == NST_FORMAT_JPEG)
        while (nst_jpeg_next(&walk, &part))
            if (part.type == NST_JPEG_EXIF && part.size > EXIF_PREFIX &&
                memcmp(part.data, exif_prefix, EXIF_PREFIX) == 0) {
                *block = part.data;
                *length = part.size;
                return true;
            }
    if (format == NST_FORMAT_PNG)
        while (nst_png_next(&walk, &part))
            if (part.type == NST_PNG_TYPE('e', 'X', 'I', 'f') &&
                (*owned = malloc(EXIF_PREFIX + part.size))) {
                memcpy(*owned, exif_prefix, EXIF_PREFIX);
                memcpy(*owned + EXIF_PREFIX, part.data, part.size);
                *block = *owned;
                *length = EXIF_PREFIX + part.size;
                return true;
            }
    return false;
}

int nst_orientation_read(nst_format format, const unsigned char *bytes, size_t size)
{
    const unsigned char *block;
    unsigned char *owned;
    size_t length;
    int orientation = 1;
    if (!find_block(format, bytes, size, &block, &length, &owned))
        return 1;
    ExifData *exif = length <= 1u << 26 ? exif_data_new_from_data(block, (unsigned)length) : NULL;
    ExifEntry *entry =
        exif ? exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION) : NULL;
    if (entry && entry->format == EXIF_FORMAT_SHORT && entry->components >= 1 && entry->size >= 2)
        orientation = exif_get_short(entry->data, exif_data_get_byte_order(exif));
    if (exif)
        exif_data_unref(exif);
    free(owned);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

void nst_orientation_map(int orientation, int width, int height, int x, int y, int *upright_x,
                         int *upright_y)
{
    int from_right = width - 1 - x, from_bottom = height - 1 - y;
    switch (orientation) {
    default:
        *upright_x = x, *upright_y = y;
        return;
    case 2: /* mirrored */
        *upright_x = from_right, *upright_y = y;
        return;
    case 3: /* turned by 180 degrees */
        *upright_x = from_right, *upright_y = from_bottom;
        return;
    case 4: /* upside down in a mirror */
        *upright_x = x, *upright_y = from_bottom;
        return;
    case 5: /* transposed */
        *upright_x = y, *upright_y = x;
        return;
    case 6: /* to be turned clockwise */
        *upright_x = from_bottom, *upright_y = x;
        return;
    case 7: /* transposed about the other diagonal */
        *upright_x = from_bottom, *upright_y = from_right;
        return;
    case 8: /* to be turned anticlockwise */
        *upright_x = y, *upright_y = from_right;
        return;
    }
}
