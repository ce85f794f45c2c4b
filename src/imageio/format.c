#include "imageio/format.h"

#include <string.h>
#include <strings.h>

#include "files/path.h"
#include "imageio/codecs/codecs.h"

#ifdef NST_WITH_PNG
#define PNG_CODEC &nst_codec_png
#else
#define PNG_CODEC &nst_codec_stb_png
#endif
#ifdef NST_WITH_JPEG
#define JPEG_CODEC &nst_codec_jpeg
#else
#define JPEG_CODEC &nst_codec_stb_jpeg
#endif
#ifdef NST_WITH_WEBP
#define WEBP_CODEC &nst_codec_webp
#else
#define WEBP_CODEC NULL
#endif
#ifdef NST_WITH_TIFF
#define TIFF_CODEC &nst_codec_tiff
#else
#define TIFF_CODEC NULL
#endif
#ifdef NST_WITH_HEIF
#define HEIF_CODEC &nst_codec_heif
#define AVIF_CODEC &nst_codec_avif
#else
#define HEIF_CODEC NULL
#define AVIF_CODEC NULL
#endif

typedef struct {
    const char *name;
    const char *extensions[7]; /* all that mean it, the preferred first */
    const char *package;       /* Debian's, that brings the codec, or a better one */
    bool alpha;
    int depth; /* most bits per channel when written */
    const nst_codec *codec;
} row;

/* clang-format off */
static const row formats[NST_FORMATS + 1] = {
    [NST_FORMAT_PNG]  = {"PNG",  {"png"}, "libpng-dev", true, 16, PNG_CODEC},
    [NST_FORMAT_JPEG] = {"JPEG", {"jpg", "jpeg", "jpe", "jfif"}, "libjpeg-dev", false, 8, JPEG_CODEC},
    [NST_FORMAT_BMP]  = {"BMP",  {"bmp", "dib"}, NULL, false, 8, &nst_codec_bmp},
    [NST_FORMAT_TGA]  = {"TGA",  {"tga"}, NULL, true, 8, &nst_codec_tga},
    [NST_FORMAT_PNM]  = {"PNM",  {"ppm", "pgm", "pbm", "pnm", "pam", "pfm"}, NULL, true, 16, &nst_codec_pnm},
    [NST_FORMAT_WEBP] = {"WebP", {"webp"}, "libwebp-dev", true, 8, WEBP_CODEC},
    [NST_FORMAT_TIFF] = {"TIFF", {"tif", "tiff"}, "libtiff-dev", true, 16, TIFF_CODEC},
    [NST_FORMAT_HEIF] = {"HEIF", {"heic", "heif", "hif"}, "libheif-dev", true, 8, HEIF_CODEC},
    [NST_FORMAT_AVIF] = {"AVIF", {"avif"}, "libheif-dev", true, 8, AVIF_CODEC},
};
/* clang-format on */

const char *nst_format_name(nst_format format)
{
    return format == NST_FORMAT_UNKNOWN ? "unknown" : formats[format].name;
}

const char *nst_format_extension(nst_format format)
{
    return format == NST_FORMAT_UNKNOWN ? "" : formats[format].extensions[0];
}

bool nst_format_has_alpha(nst_format format)
{
    return formats[format].alpha;
}

bool nst_format_is_for_results(nst_format format)
{
    return format != NST_FORMAT_UNKNOWN && format != NST_FORMAT_PNM && format != NST_FORMAT_HEIF;
}

bool nst_format_is_read(nst_format format)
{
    return formats[format].codec != NULL;
}

bool nst_format_has_encoder(nst_format format)
{
    const nst_codec *codec = formats[format].codec;
    return codec && codec->encode;
}

bool nst_format_is_written(nst_format format)
{
    const nst_codec *codec = formats[format].codec;
    return nst_format_has_encoder(format) && (!codec->can_encode || codec->can_encode());
}

bool nst_format_has_depth(nst_format format, int bits)
{
    return bits == 8 || (bits == 16 && formats[format].depth == 16);
}

const char *nst_format_library(nst_format format)
{
    return formats[format].codec ? formats[format].codec->library : NULL;
}

const char *nst_format_package(nst_format format)
{
    const nst_codec *codec = formats[format].codec;
    return codec && codec->encoder_package ? codec->encoder_package : formats[format].package;
}

const char *nst_color_library(void)
{
    return nst_transform_library;
}

const nst_codec *nst_format_codec(nst_format format)
{
    return formats[format].codec;
}

static nst_format named(const char *name)
{
    for (int i = 1; i <= NST_FORMATS; i++)
        for (size_t j = 0; formats[i].extensions[j]; j++)
            if (strcasecmp(name, formats[i].extensions[j]) == 0)
                return (nst_format)i;
    return NST_FORMAT_UNKNOWN;
}

nst_format nst_format_from_name(const char *name)
{
    nst_format format = named(name);
    return format == NST_FORMAT_PNM || format == NST_FORMAT_HEIF ? NST_FORMAT_UNKNOWN : format;
}

nst_format nst_format_from_path(const char *path)
{
    const char *extension = nst_path_extension(path);
    return *extension ? named(extension + 1) : NST_FORMAT_UNKNOWN;
}

/* ---- recognizing ----------------------------------------------------------------------------- */

typedef struct {
    size_t offset, length;
    const char *magic;
    int format; /* nst_format, or UNKNOWN: */
    const char *name;
} signature;

static const signature signatures[] = {
    {0, 3, "\xff\xd8\xff", NST_FORMAT_JPEG, NULL},
    {0, 8, "\x89PNG\r\n\x1a\n", NST_FORMAT_PNG, NULL},
    {0, 2, "BM", NST_FORMAT_BMP, NULL},
    {8, 4, "WEBP", NST_FORMAT_WEBP, NULL},
    {0, 4, "II*\0", NST_FORMAT_TIFF, NULL},
    {0, 4, "MM\0*", NST_FORMAT_TIFF, NULL},
    {0, 4, "II+\0", NST_FORMAT_TIFF, NULL}, /* with offsets of 64 bits */
    {0, 4, "MM\0+", NST_FORMAT_TIFF, NULL},
    {4, 8, "ftypavif", NST_FORMAT_AVIF, NULL},
    {4, 8, "ftypavis", NST_FORMAT_AVIF, NULL},
    {4, 8, "ftypheic", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftypheix", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftypheim", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftypheis", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftyphevc", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftyphevx", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftypmif1", NST_FORMAT_HEIF, NULL},
    {4, 8, "ftypmsf1", NST_FORMAT_HEIF, NULL},
    {0, 4, "GIF8", NST_FORMAT_UNKNOWN, "GIF"},
    {0, 4, "%PDF", NST_FORMAT_UNKNOWN, "PDF"},
    {0, 4, "<svg", NST_FORMAT_UNKNOWN, "SVG"},
    {0, 5, "<?xml", NST_FORMAT_UNKNOWN, "XML, SVG perhaps"},
    {0, 4, "8BPS", NST_FORMAT_UNKNOWN, "Photoshop"},
    {0, 2, "\xff\x0a", NST_FORMAT_UNKNOWN, "JPEG XL"},
    {0, 8, "\0\0\0\x0cJXL ", NST_FORMAT_UNKNOWN, "JPEG XL"},
    {0, 8, "\0\0\0\x0cjP  ", NST_FORMAT_UNKNOWN, "JPEG 2000"},
    {0, 4, "\xff\x4f\xff\x51", NST_FORMAT_UNKNOWN, "JPEG 2000"},
    {0, 4, "\x76\x2f\x31\x01", NST_FORMAT_UNKNOWN, "OpenEXR"},
    {0, 10, "#?RADIANCE", NST_FORMAT_UNKNOWN, "Radiance HDR"},
    {0, 4, "\0\0\1\0", NST_FORMAT_UNKNOWN, "an icon"},
    {0, 8, "gimp xcf", NST_FORMAT_UNKNOWN, "GIMP"},
    {0, 4, "qoif", NST_FORMAT_UNKNOWN, "QOI"},
    {4, 8, "ftypcrx ", NST_FORMAT_UNKNOWN, "Canon's raw"},
    {0, 8, "FUJIFILM", NST_FORMAT_UNKNOWN, "Fujifilm's raw"},
    {0, 4, "IIU\0", NST_FORMAT_UNKNOWN, "Panasonic's raw"},
    {4, 4, "ftyp", NST_FORMAT_UNKNOWN, "video, or another picture in its container"},
    {0, 4, "RIFF", NST_FORMAT_UNKNOWN, "sound or video"},
};

/* A container of HEIF names in its brands what is inside when the first one does not. */
static bool names_avif(nst_view *view)
{
    unsigned char head[64];
    size_t got = nst_view_read_some(view, 0, head, sizeof head);
    for (size_t i = 16; i + 4 <= got && i + 4 <= nst_big32(head); i += 4)
        if (memcmp(head + i, "avif", 4) == 0)
            return true;
    return false;
}

static const signature *recognize(nst_view *view)
{
    unsigned char head[16];
    size_t got = nst_view_read_some(view, 0, head, sizeof head);
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const signature *s = &signatures[i];
        if (got >= s->offset + s->length && memcmp(head + s->offset, s->magic, s->length) == 0)
            return s;
    }
    return NULL;
}

static bool is_tga(nst_view *view, const char *path, bool is_foreign)
{
    unsigned char head[18], footer[18];
    if (!nst_view_read(view, 0, head, sizeof head) || view->size <= 18 || head[1] > 1)
        return false;
    bool has_footer = view->size > 18 + 18 &&
                      nst_view_read(view, view->size - 18, footer, sizeof footer) &&
                      memcmp(footer, "TRUEVISION-XFILE.", 17) == 0;
    return has_footer || (nst_format_from_path(path) == NST_FORMAT_TGA && !is_foreign);
}

nst_format nst_format_sniff(nst_view *view, const char *path)
{
    unsigned char head[3];
    const signature *found = recognize(view);
    if (found && found->format == NST_FORMAT_HEIF && names_avif(view) &&
        memcmp(found->magic, "ftypmif1", 8) == 0)
        return NST_FORMAT_AVIF;
    if (found && found->format != NST_FORMAT_UNKNOWN)
        return (nst_format)found->format;
    if (nst_view_read(view, 0, head, 3) && head[0] == 'P' && memchr("1234567fF", head[1], 9) &&
        (memchr(" \t\r\n#", head[2], 5)))
        return NST_FORMAT_PNM;
    return is_tga(view, path, found != NULL) ? NST_FORMAT_TGA : NST_FORMAT_UNKNOWN;
}

const char *nst_format_foreign(nst_view *view)
{
    const signature *found = recognize(view);
    return found && found->format == NST_FORMAT_UNKNOWN ? found->name : NULL;
}
