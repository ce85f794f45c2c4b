#include "imageio/format.h"

#include <string.h>
#include <strings.h>

static const struct {
    nst_format format;
    const char *name, *extension;
    const char *extensions[5]; /* all that mean it, the preferred first */
    bool writable, alpha;
} formats[] = {
    {NST_FORMAT_PNG, "PNG", "png", {"png"}, true, true},
    {NST_FORMAT_JPEG, "JPEG", "jpg", {"jpg", "jpeg", "jpe", "jfif"}, true, false},
    {NST_FORMAT_BMP, "BMP", "bmp", {"bmp"}, true, false},
    {NST_FORMAT_TGA, "TGA", "tga", {"tga"}, true, true},
    {NST_FORMAT_PNM, "PNM", "ppm", {"ppm", "pgm", "pnm"}, false, false},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

const char *nst_format_name(nst_format format)
{
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].format == format)
            return formats[i].name;
    return "unknown";
}

const char *nst_format_extension(nst_format format)
{
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].format == format)
            return formats[i].extension;
    return "";
}

bool nst_format_has_alpha(nst_format format)
{
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].format == format)
            return formats[i].alpha;
    return false;
}

static nst_format named(const char *name, bool writable_only)
{
    for (int i = 0; i < FORMATS; i++)
        for (int j = 0; j < 5 && formats[i].extensions[j]; j++)
            if (strcasecmp(name, formats[i].extensions[j]) == 0 &&
                (formats[i].writable || !writable_only))
                return formats[i].format;
    return NST_FORMAT_UNKNOWN;
}

nst_format nst_format_from_name(const char *name)
{
    return named(name, true);
}

nst_format nst_format_from_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    return dot && dot != base ? named(dot + 1, false) : NST_FORMAT_UNKNOWN;
}

static bool starts(const unsigned char *bytes, size_t size, const char *magic, size_t length)
{
    return size >= length && memcmp(bytes, magic, length) == 0;
}

nst_format nst_format_sniff(const unsigned char *bytes, size_t size, const char *path)
{
    static const char tga_footer[] = "TRUEVISION-XFILE.";
    if (starts(bytes, size, "\xff\xd8\xff", 3))
        return NST_FORMAT_JPEG;
    if (starts(bytes, size, "\x89PNG\r\n\x1a\n", 8))
        return NST_FORMAT_PNG;
    if (starts(bytes, size, "BM", 2))
        return NST_FORMAT_BMP;
    if (size >= 2 && bytes[0] == 'P' && memchr("2356", bytes[1], 4))
        return NST_FORMAT_PNM;
    /* The second byte tells of a colour map, 0 or 1; with it, stb cannot take the file for anything
     * else, past the checks of that format. */
    bool footer = size > 18 + 18 && memcmp(bytes + size - 18, tga_footer, 17) == 0;
    bool by_name = nst_format_from_path(path) == NST_FORMAT_TGA && !nst_format_foreign(bytes, size);
    if (size > 18 && bytes[1] <= 1 && (footer || by_name))
        return NST_FORMAT_TGA;
    return NST_FORMAT_UNKNOWN;
}

const char *nst_format_foreign(const unsigned char *bytes, size_t size)
{
    static const struct {
        size_t offset, length;
        const char *magic, *name;
    } known[] = {
        {8, 4, "WEBP", "WebP"},
        {0, 4, "GIF8", "GIF"},
        {0, 4, "II*\0", "TIFF"},
        {0, 4, "MM\0*", "TIFF"},
        {4, 8, "ftypheic", "HEIC"},
        {4, 8, "ftypheix", "HEIC"},
        {4, 8, "ftypmif1", "HEIF"},
        {4, 8, "ftypavif", "AVIF"},
        {0, 4, "%PDF", "PDF"},
        {0, 4, "<svg", "SVG"},
        {0, 4, "8BPS", "Photoshop"},
        {0, 2, "\xff\x0a", "JPEG XL"},
        {0, 8, "\0\0\0\x0cJXL ", "JPEG XL"},
        {0, 8, "\0\0\0\x0cjP  ", "JPEG 2000"},
        {0, 4, "\x76\x2f\x31\x01", "OpenEXR"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (size >= known[i].offset + known[i].length &&
            memcmp(bytes + known[i].offset, known[i].magic, known[i].length) == 0)
            return known[i].name;
    return NULL;
}
