/* TIFF by libtiff: grey, RGB and CMYK of 8, 16 or 32 bits as they are, all other kinds by its
 * conversion to RGBA of 8 bits. Of several pages the first is taken. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/containers/tiff_metadata.h"
#include "imageio/pack.h"
#include "util/library.h"

/* ---- libtiff, loaded when a picture needs it --------------------------------------------------
 */

/* clang-format off */
#define EVERY_FUNCTION(X)                                                                          \
    X(GetFieldDefaulted) X(GetField) X(IsTiled) X(TileSize) X(StripSize)                           \
    X(IsCODECConfigured) X(RGBAImageOK) X(Close) X(ScanlineSize) X(ReadScanline) X(ReadTile)       \
    X(ReadRGBAImageOriented) X(SetField) X(DefaultStripSize) X(WriteScanline) X(Flush)
#if TIFFLIB_VERSION >= 20221213 /* errors are told per file since libtiff 4.5 */
#define TIFF_HAS_OPTIONS
#define FUNCTIONS(X)                                                                               \
    EVERY_FUNCTION(X) X(OpenOptionsAlloc) X(OpenOptionsSetErrorHandlerExtR)                        \
    X(OpenOptionsSetWarningHandlerExtR) X(ClientOpenExt) X(OpenOptionsFree)
#else
#define FUNCTIONS(X) EVERY_FUNCTION(X) X(SetErrorHandler) X(SetWarningHandler) X(ClientOpen)
#endif
/* clang-format on */
#define MEMBER(name)  __typeof__(TIFF##name) *name;
#define NAME(name)    "TIFF" #name,
#define ADDRESS(name) .name = TIFF##name,

#ifdef NST_TIFF_FILE
static struct {
    FUNCTIONS(MEMBER)
} libtiff;
#else
#define NST_TIFF_FILE NULL
static struct {
    FUNCTIONS(MEMBER)
} libtiff = {FUNCTIONS(ADDRESS)};
#endif
static const char *const names[] = {FUNCTIONS(NAME)};
static nst_library library = {.file = NST_TIFF_FILE,
                              .names = names,
                              .count = sizeof names / sizeof *names,
                              .functions = &libtiff};

static nst_status need_libtiff(const char *name, nst_error *error)
{
    nst_error cause = {0};
    if (nst_library_load(&library, &cause) == NST_OK)
        return NST_OK;
    return nst_fail(error, NST_ERR_FORMAT, "%s: TIFF image: %s", name, cause.message);
}

/* ---- libtiff's view of memory and files ------------------------------------------------------ */

typedef struct {
    nst_view *view;  /* to be read */
    nst_buffer *out; /* or written, and then read too */
    uint64_t at;
    char message[128]; /* what libtiff had to say last */
} stream;

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t count)
{
    stream *s = (stream *)handle;
    size_t got = 0;
    if (s->view) {
        got = nst_view_read_some(s->view, s->at, out, (size_t)count);
    } else if (s->at < s->out->size) {
        got = s->out->size - (size_t)s->at;
        got = got < (size_t)count ? got : (size_t)count;
        memcpy(out, s->out->bytes + s->at, got);
    }
    s->at += got;
    return (tmsize_t)got;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t count)
{
    stream *s = (stream *)handle;
    if (!s->out)
        return 0;
    if (s->at > s->out->size)
        nst_buffer_add_zeros(s->out, (size_t)s->at - s->out->size);
    size_t inside = s->out->size - (size_t)s->at;
    inside = inside < (size_t)count ? inside : (size_t)count;
    if (s->out->failed)
        return -1;
    if (inside > 0)
        memcpy(s->out->bytes + s->at, bytes, inside);
    nst_buffer_add(s->out, (const char *)bytes + inside, (size_t)count - inside);
    s->at += (uint64_t)count;
    return s->out->failed ? -1 : count;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    stream *s = (stream *)handle;
    uint64_t size = s->view ? s->view->size : s->out->size;
    s->at = offset + (whence == SEEK_CUR ? s->at : whence == SEEK_END ? size : 0);
    return s->at;
}

static toff_t size_of(thandle_t handle)
{
    const stream *s = (stream *)handle;
    return s->view ? s->view->size : s->out->size;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

#ifdef TIFF_HAS_OPTIONS
static int hear(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments)
{
    stream *s = user;
    (void)tiff, (void)module;
    vsnprintf(s->message, sizeof s->message, format, arguments);
    return 1;
}

static int ignore(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments)
{
    (void)tiff, (void)user, (void)module, (void)format, (void)arguments;
    return 1;
}

static TIFF *open_stream(stream *s, const char *mode)
{
    TIFFOpenOptions *options = libtiff.OpenOptionsAlloc();
    if (!options)
        return NULL;
    libtiff.OpenOptionsSetErrorHandlerExtR(options, hear, s);
    libtiff.OpenOptionsSetWarningHandlerExtR(options, ignore, NULL);
    TIFF *tiff = libtiff.ClientOpenExt("", mode, (thandle_t)s, read_bytes, write_bytes, seek,
                                       close_nothing, size_of, NULL, NULL, options);
    libtiff.OpenOptionsFree(options);
    return tiff;
}
#else
static void be_quiet(void)
{
    libtiff.SetErrorHandler(NULL);
    libtiff.SetWarningHandler(NULL);
}

static TIFF *open_stream(stream *s, const char *mode)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, be_quiet);
    return libtiff.ClientOpen("", mode, (thandle_t)s, read_bytes, write_bytes, seek, close_nothing,
                              size_of, NULL, NULL);
}
#endif

static nst_status fail_tiff(const char *name, const stream *s, const char *otherwise,
                            nst_error *error)
{
    return nst_fail_damaged(name, "TIFF", s->message[0] ? s->message : otherwise, error);
}

/* ---- header ---------------------------------------------------------------------------------- */

typedef struct {
    uint32_t width, height;
    uint16_t bits, samples, photometric, planes, compression, orientation, format;
    int alpha; /* EXTRASAMPLE_ASSOCALPHA or _UNASSALPHA of the first sample beyond colors; or 0 */
    bool tiled, direct; /* direct: its samples are read as they are */
    nst_color_kind kind;
} page;

static bool is_raw(TIFF *tiff)
{
    enum { DNG_VERSION = 50706 };
    uint32_t type = 0, count = 0;
    uint16_t directories = 0;
    void *ignored = NULL;
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &type);
    return libtiff.GetField(tiff, DNG_VERSION, &ignored) == 1 ||
           libtiff.GetField(tiff, DNG_VERSION, &count, &ignored) == 1 ||
           ((type & FILETYPE_REDUCEDIMAGE) &&
            libtiff.GetField(tiff, TIFFTAG_SUBIFD, &directories, &ignored) == 1);
}

static bool samples_are_direct(const page *p)
{
    int colors = nst_color_channels(p->kind);
    bool known =
        p->format == SAMPLEFORMAT_IEEEFP
            ? p->bits == 32
            : p->format == SAMPLEFORMAT_UINT && (p->bits == 8 || p->bits == 16 || p->bits == 32);
    bool photometric = p->photometric == PHOTOMETRIC_MINISBLACK ||
                       p->photometric == PHOTOMETRIC_MINISWHITE ||
                       p->photometric == PHOTOMETRIC_RGB || p->photometric == PHOTOMETRIC_SEPARATED;
    return known && photometric && p->samples >= colors && p->compression != COMPRESSION_OJPEG;
}

static void read_page(TIFF *tiff, page *p)
{
    uint16_t count = 0, *extra = NULL;
    *p = (page){0};
    libtiff.GetField(tiff, TIFFTAG_IMAGEWIDTH, &p->width);
    libtiff.GetField(tiff, TIFFTAG_IMAGELENGTH, &p->height);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &p->bits);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &p->samples);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &p->planes);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &p->compression);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &p->orientation);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &p->format);
    libtiff.GetField(tiff, TIFFTAG_PHOTOMETRIC, &p->photometric);
    libtiff.GetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &extra);
    p->kind = p->photometric == PHOTOMETRIC_RGB         ? NST_COLOR_RGB
              : p->photometric == PHOTOMETRIC_SEPARATED ? NST_COLOR_CMYK
                                                        : NST_COLOR_GREY;
    if (p->format == SAMPLEFORMAT_VOID)
        p->format = SAMPLEFORMAT_UINT;
    p->tiled = libtiff.IsTiled(tiff);
    p->direct = samples_are_direct(p);
    if (count > 0 && (extra[0] == EXTRASAMPLE_ASSOCALPHA || extra[0] == EXTRASAMPLE_UNASSALPHA) &&
        (!p->direct || p->samples > nst_color_channels(p->kind)))
        p->alpha = extra[0];
    if (p->orientation < 1 || p->orientation > 8)
        p->orientation = 1;
}

static uint64_t workspace(TIFF *tiff, const page *p)
{
    uint64_t pixels = (uint64_t)p->width * p->height, each = p->samples * (uint64_t)p->bits / 8;
    uint64_t row = (uint64_t)p->width * (each + 10);
    if (!p->direct)
        return 4 * pixels + row;
    if (p->tiled) {
        uint32_t length = 0;
        libtiff.GetField(tiff, TIFFTAG_TILELENGTH, &length);
        return (uint64_t)length * p->width * each + row + (uint64_t)libtiff.TileSize(tiff);
    }
    return p->planes == PLANARCONFIG_SEPARATE ? pixels * each + row
                                              : (uint64_t)libtiff.StripSize(tiff) + row;
}

static nst_status check_page(const char *name, TIFF *tiff, const page *p, nst_header *out,
                             nst_error *error)
{
    char reason[1024] = "";
    nst_status status = nst_header_size(name, p->width, p->height, out, error);
    if (status != NST_OK)
        return status;
    if (is_raw(tiff))
        return nst_fail_kind(name, "TIFF", "a camera's raw file", error);
    if (!libtiff.IsCODECConfigured(p->compression))
        return nst_fail_kind(name, "TIFF", "its compression", error);
    if (!p->direct && !libtiff.RGBAImageOK(tiff, reason))
        return nst_fail_kind(name, "TIFF", reason, error);
    return NST_OK;
}

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    stream s = {.view = view};
    page p;
    nst_status status = need_libtiff(name, error);
    if (status != NST_OK)
        return status;
    TIFF *tiff = open_stream(&s, "rmDO");
    if (!tiff)
        return fail_tiff(name, &s, "its header makes no sense", error);
    read_page(tiff, &p);
    status = check_page(name, tiff, &p, out, error);
    out->bits = p.direct && p.bits > 8 ? 16 : 8;
    out->has_alpha = p.alpha != 0;
    out->orientation = p.orientation;
    if (status == NST_OK)
        out->workspace = workspace(tiff, &p);
    libtiff.Close(tiff);
    return status;
}

/* ---- samples as they are --------------------------------------------------------------------- */

typedef struct {
    const nst_encoded *file;
    TIFF *tiff;
    page page;
    const stream *stream;
    nst_rows *rows;
    void *line; /* a row of the layout's samples */
} reading;

static uint16_t wide_sample(const page *p, const unsigned char *at)
{
    uint32_t whole;
    float real;
    if (p->bits == 16) {
        uint16_t value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    memcpy(&whole, at, sizeof whole);
    memcpy(&real, at, sizeof real);
    if (p->format == SAMPLEFORMAT_UINT)
        return (uint16_t)(whole >> 16);
    return !(real > 0.0f) ? 0 : real >= 1.0f ? 65535 : (uint16_t)(real * 65535.0f + 0.5f);
}

/* A row of interleaved samples, in the order of the file, to the layout's. */
static void put_row(reading *r, int y, const unsigned char *from)
{
    const page *p = &r->page;
    size_t colors = (size_t)nst_color_channels(p->kind), each = colors + (p->alpha ? 1 : 0);
    size_t bytes = p->bits / 8u, pixel = bytes * p->samples;
    bool invert = p->photometric == PHOTOMETRIC_MINISWHITE;
    uint8_t *to8 = r->line;
    uint16_t *to16 = r->line;
    for (size_t x = 0; x < p->width; x++)
        for (size_t c = 0; c < each; c++) {
            const unsigned char *at = from + x * pixel + c * bytes;
            bool turn = invert && c < colors;
            if (p->bits == 8)
                to8[x * each + c] = turn ? (uint8_t)(255 - *at) : *at;
            else
                to16[x * each + c] =
                    turn ? (uint16_t)(65535 - wide_sample(p, at)) : wide_sample(p, at);
        }
    nst_rows_put(r->rows, y, r->line);
}

static nst_status fail_pixels(const reading *r, nst_error *error)
{
    return fail_tiff(r->file->name, r->stream, "its pixels are not all there", error);
}

static nst_status read_lines(reading *r, nst_error *error)
{
    unsigned char *line = malloc((size_t)libtiff.ScanlineSize(r->tiff) + 1);
    size_t needed = (size_t)r->page.width * r->page.samples * r->page.bits / 8;
    nst_status status = line && (size_t)libtiff.ScanlineSize(r->tiff) >= needed
                            ? NST_OK
                            : nst_fail_codec_memory(r->file->name, &r->file->header, error);
    for (uint32_t y = 0; status == NST_OK && y < r->page.height; y++) {
        if (libtiff.ReadScanline(r->tiff, line, y, 0) < 0)
            status = fail_pixels(r, error);
        else
            put_row(r, (int)y, line);
    }
    free(line);
    return status;
}

/* One color after the other. */
static nst_status read_planes(reading *r, nst_error *error)
{
    const page *p = &r->page;
    size_t bytes = p->bits / 8u, pixel = bytes * p->samples, row = pixel * p->width;
    unsigned char *all = malloc(row * p->height);
    unsigned char *line = malloc((size_t)libtiff.ScanlineSize(r->tiff) + 1);
    nst_status status = all && line && (size_t)libtiff.ScanlineSize(r->tiff) >= p->width * bytes
                            ? NST_OK
                            : nst_fail_codec_memory(r->file->name, &r->file->header, error);
    for (uint16_t s = 0; status == NST_OK && s < p->samples; s++)
        for (uint32_t y = 0; status == NST_OK && y < p->height; y++) {
            if (libtiff.ReadScanline(r->tiff, line, y, s) < 0)
                status = fail_pixels(r, error);
            for (size_t x = 0; status == NST_OK && x < p->width; x++)
                memcpy(all + y * row + x * pixel + s * bytes, line + x * bytes, bytes);
        }
    for (uint32_t y = 0; status == NST_OK && y < p->height; y++)
        put_row(r, (int)y, all + y * row);
    free(all);
    free(line);
    return status;
}

/* Copy what lies in the picture of a tile at column x of a band of rows. */
static void place_tile(const page *p, const unsigned char *tile, uint32_t tile_width,
                       uint32_t height, uint32_t x, uint16_t plane, unsigned char *band)
{
    size_t bytes = p->bits / 8u, pixel = bytes * p->samples, row = pixel * p->width;
    bool separate = p->planes == PLANARCONFIG_SEPARATE;
    size_t stored = separate ? bytes : pixel;
    uint32_t width = tile_width < p->width - x ? tile_width : p->width - x;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t i = 0; i < width; i++)
            memcpy(band + y * row + (x + i) * pixel + (separate ? plane * bytes : 0),
                   tile + ((size_t)y * tile_width + i) * stored, stored);
}

static nst_status read_tiles(reading *r, nst_error *error)
{
    const page *p = &r->page;
    uint32_t width = 0, height = 0;
    libtiff.GetField(r->tiff, TIFFTAG_TILEWIDTH, &width);
    libtiff.GetField(r->tiff, TIFFTAG_TILELENGTH, &height);
    bool separate = p->planes == PLANARCONFIG_SEPARATE;
    size_t bytes = p->bits / 8u, pixel = bytes * p->samples, row = pixel * p->width;
    uint64_t needed = (uint64_t)width * height * (separate ? bytes : pixel);
    tmsize_t tile_size = libtiff.TileSize(r->tiff);
    if (width == 0 || height == 0 || tile_size <= 0 || (uint64_t)tile_size < needed ||
        (uint64_t)height * row > UINT64_C(1) << 36)
        return nst_fail_damaged(r->file->name, "TIFF", "its tiles make no sense", error);
    unsigned char *tile = malloc((size_t)tile_size), *band = malloc(height * row);
    nst_status status =
        tile && band ? NST_OK : nst_fail_codec_memory(r->file->name, &r->file->header, error);
    for (uint32_t y = 0; status == NST_OK && y < p->height; y += height) {
        uint32_t rows = height < p->height - y ? height : p->height - y;
        for (uint16_t s = 0; status == NST_OK && s < (separate ? p->samples : 1); s++)
            for (uint32_t x = 0; status == NST_OK && x < p->width; x += width) {
                if (libtiff.ReadTile(r->tiff, tile, x, y, 0, s) < 0)
                    status = fail_pixels(r, error);
                else
                    place_tile(p, tile, width, rows, x, s, band);
                if (p->width - x <= width)
                    break;
            }
        for (uint32_t i = 0; status == NST_OK && i < rows; i++)
            put_row(r, (int)(y + i), band + i * row);
        if (p->height - y <= height)
            break;
    }
    free(tile);
    free(band);
    return status;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* By libtiff's own conversion, which multiplies colors by alpha. */
static nst_status read_rgba(reading *r, nst_error *error)
{
    const page *p = &r->page;
    size_t each = p->alpha ? 4 : 3;
    uint8_t *line = r->line;
    uint32_t *pixels = malloc((size_t)p->width * p->height * sizeof *pixels);
    if (!pixels)
        return nst_fail_codec_memory(r->file->name, &r->file->header, error);
    /* To ask for the orientation that it has is to get the rows as they are stored. */
    nst_status status =
        libtiff.ReadRGBAImageOriented(r->tiff, p->width, p->height, pixels, p->orientation, 1) == 1
            ? NST_OK
            : fail_pixels(r, error);
    for (uint32_t y = 0; status == NST_OK && y < p->height; y++) {
        for (size_t x = 0; x < p->width; x++) {
            uint32_t pixel = pixels[(size_t)y * p->width + x];
            const uint8_t rgba[4] = {(uint8_t)TIFFGetR(pixel), (uint8_t)TIFFGetG(pixel),
                                     (uint8_t)TIFFGetB(pixel), (uint8_t)TIFFGetA(pixel)};
            memcpy(line + each * x, rgba, each);
        }
        nst_rows_put(r->rows, (int)y, line);
    }
    free(pixels);
    return status;
}

static nst_status begin(reading *r, nst_error *error)
{
    const page *p = &r->page;
    nst_colorimetry color = {0};
    uint32_t icc_size = 0;
    void *icc = NULL;
    const nst_layout layout = {.width = (int)p->width,
                               .height = (int)p->height,
                               .kind = p->direct ? p->kind : NST_COLOR_RGB,
                               .bits = r->file->header.bits,
                               .has_alpha = p->alpha != 0,
                               .is_premultiplied =
                                   p->alpha && (!p->direct || p->alpha == EXTRASAMPLE_ASSOCALPHA)};
    if (libtiff.GetField(r->tiff, TIFFTAG_ICCPROFILE, &icc_size, &icc) == 1) {
        color.icc = icc;
        color.icc_size = icc_size;
    }
    r->line = malloc((size_t)p->width * 10);
    if (!r->line)
        return nst_fail_codec_memory(r->file->name, &r->file->header, error);
    return nst_rows_begin(r->rows, &layout, &color, error);
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    stream s = {.view = &view};
    reading r = {.file = file, .rows = rows, .stream = &s};
    nst_header again = {0};
    if (!(r.tiff = open_stream(&s, "rm")))
        return fail_tiff(file->name, &s, "its header makes no sense", error);
    read_page(r.tiff, &r.page);
    s.message[0] = '\0';
    nst_status status = check_page(file->name, r.tiff, &r.page, &again, error);
    if (status == NST_OK &&
        (again.width != file->header.width || again.height != file->header.height ||
         file->header.bits != (r.page.direct && r.page.bits > 8 ? 16 : 8)))
        status = nst_fail_damaged(file->name, "TIFF", "it says two sizes", error);
    if (status == NST_OK)
        status = begin(&r, error);
    if (status == NST_OK)
        status = !r.page.direct ? read_rgba(&r, error)
                 : r.page.tiled ? read_tiles(&r, error)
                 : r.page.planes == PLANARCONFIG_SEPARATE && r.page.samples > 1
                     ? read_planes(&r, error)
                     : read_lines(&r, error);
    free(r.line);
    libtiff.Close(r.tiff);
    return status;
}

/* ---- encoding -------------------------------------------------------------------------------- */

static void set_fields(TIFF *tiff, const nst_image *image, int depth)
{
    static const uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    unsigned char icc[NST_SRGB_PROFILE_MAX];
    size_t icc_size = nst_srgb_profile(icc);
    bool deflate = libtiff.IsCODECConfigured(COMPRESSION_ADOBE_DEFLATE);
    libtiff.SetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)image->width);
    libtiff.SetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)image->height);
    libtiff.SetField(tiff, TIFFTAG_BITSPERSAMPLE, depth);
    libtiff.SetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image->alpha ? 4 : 3);
    if (image->alpha)
        libtiff.SetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    libtiff.SetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    libtiff.SetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    libtiff.SetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    libtiff.SetField(tiff, TIFFTAG_COMPRESSION,
                     deflate ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_LZW);
    libtiff.SetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    if (deflate)
        libtiff.SetField(tiff, TIFFTAG_ZIPQUALITY, 9);
    libtiff.SetField(tiff, TIFFTAG_XRESOLUTION, 72.0);
    libtiff.SetField(tiff, TIFFTAG_YRESOLUTION, 72.0);
    libtiff.SetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    libtiff.SetField(tiff, TIFFTAG_ICCPROFILE, (uint32_t)icc_size, icc);
    libtiff.SetField(tiff, TIFFTAG_ROWSPERSTRIP, libtiff.DefaultStripSize(tiff, 0) * 16);
}

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    stream s = {.out = out};
    bool with_alpha = image->alpha != NULL;
    const char *mode = nst_tiff_is_big_endian(options->metadata) ? "wb" : "wl";
    size_t row = (size_t)image->width * (with_alpha ? 4 : 3) * (size_t)options->depth / 8;
    nst_status status = nst_library_load(&library, error);
    if (status != NST_OK)
        return status;
    void *line = malloc(row);
    TIFF *tiff = line ? open_stream(&s, mode) : NULL;
    bool done = tiff != NULL;
    if (tiff)
        set_fields(tiff, image, options->depth);
    for (int y = 0; done && y < image->height; y++) {
        nst_pack_row(image, y, with_alpha, options->depth, line);
        done = libtiff.WriteScanline(tiff, line, (uint32_t)y, 0) == 1;
    }
    done = done && libtiff.Flush(tiff) == 1;
    if (tiff)
        libtiff.Close(tiff);
    free(line);
    if (done)
        nst_tiff_embed(options->metadata, out);
    if (done && !out->failed)
        return NST_OK;
    return nst_fail(error, NST_ERR_MEMORY, "a TIFF of %dx%d pixels could not be encoded (%s)",
                    image->width, image->height, s.message[0] ? s.message : "out of memory");
}

const nst_codec nst_codec_tiff = {.library = "libtiff " NST_TIFF_VERSION,
                                  .header = header,
                                  .decode = decode,
                                  .encode = encode,
                                  .read_metadata = nst_tiff_read_metadata};
