#include "imageio/orientation.h"

#include <string.h>

#include "imageio/metadata/exif.h"

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

static int valid(uint32_t orientation)
{
    return orientation >= 1 && orientation <= 8 ? (int)orientation : 0;
}

int nst_orientation_of_exif(nst_view *view, uint64_t start, uint64_t size)
{
    nst_exif exif;
    nst_exif_entry entry;
    uint32_t value;
    if (!nst_exif_open(view, start, size, &exif))
        return 0;
    for (uint32_t i = 0; nst_exif_entry_at(&exif, exif.first, i, &entry); i++)
        if (entry.tag == NST_EXIF_ORIENTATION && nst_exif_number(&exif, &entry, &value))
            return valid(value);
    return 0;
}

int nst_orientation_of_xmp(nst_view *view, uint64_t start, uint64_t size)
{
    static const char name[] = "tiff:Orientation";
    char text[16384];
    size_t got =
        nst_view_read_some(view, start, text, size < sizeof text ? (size_t)size : sizeof text);
    const char *end = text + got, *at = got ? memmem(text, got, name, sizeof name - 1) : NULL;
    if (!at)
        return 0;
    /* As an attribute or as an element: ="6" or >6<. */
    for (at += sizeof name - 1; at < end && memchr(" \t\r\n=\"'>", *at, 8); at++)
        ;
    return at < end && *at >= '1' && *at <= '8' ? *at - '0' : 0;
}
