/* Fuzzing the reading of pictures: any bytes are an image within its promises or an error of one
 * line. mutate.c says how to run it. */
#include "fuzz.h"

#include <lcms2.h>

#include "imageio/format.h"
#include "imageio/view.h"
#include "pictures.h"

/* Of memory: a small file can ask for much, and all that it gets is written. What decodes HEIC and
 * AVIF counts as 16 MB by itself. */
enum { BUDGET = 4 << 20, BUDGET_HEIF = 20 << 20 };

static uint64_t budget_of(const uint8_t *data, size_t size)
{
    return size >= 8 && memcmp(data + 4, "ftyp", 4) == 0 ? BUDGET_HEIF : BUDGET;
}

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_image(const nst_image *image, const nst_file_info *info, uint64_t budget)
{
    require(image->width >= 1 && image->height >= 1);
    require(image->width == info->width && image->height == info->height);
    require((image->alpha != NULL) == info->has_alpha);
    require(info->orientation >= 1 && info->orientation <= 8);
    require(info->decode_bytes <= budget);
    size_t pixels = (size_t)image->width * (size_t)image->height;
    for (size_t i = 0; i < 3 * pixels; i++)
        require(image->rgb[i] >= 0.0f && image->rgb[i] <= 1.0f);
    for (size_t i = 0; image->alpha && i < pixels; i++)
        require(image->alpha[i] >= 0.0f && image->alpha[i] <= 1.0f);
}

/* Whatever it said beside its pixels goes into a result that can be read again. One choice each
 * time, because nine results would take longer than all else. */
static void check_metadata(const nst_metadata *metadata, nst_metadata_choice choice)
{
    static const nst_format formats[] = {NST_FORMAT_JPEG, NST_FORMAT_PNG, NST_FORMAT_TIFF};
    static const unsigned char grey[12] = {128, 128, 128, 128, 128, 128,
                                           128, 128, 128, 128, 128, 128};
    if (nst_metadata_is_empty(metadata))
        return;
    nst_image image = image_of(2, 2, grey, NULL);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const nst_write_options options = {
            .format = formats[i], .quality = 80, .metadata = metadata, .metadata_choice = choice};
        unsigned char *bytes = NULL;
        size_t size = 0;
        nst_image again = {0};
        nst_file_info info;
        if (!nst_format_is_written(formats[i]))
            continue;
        require(nst_encode(&options, &image, &bytes, &size, NULL) == NST_OK);
        require(nst_image_read_memory("again", bytes, size, &again, &info, NULL) == NST_OK);
        require(info.orientation == 1 && again.width == 2 && again.height == 2);
        nst_image_destroy(&again);
        free(bytes);
    }
    nst_image_destroy(&image);
}

#if defined(__SANITIZE_ADDRESS__)
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the sanitizer's name */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
/* Where libdav1d gives up on a damaged stream, libheif (1.15 of Debian 12) forgets the picture. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libdav1d.so\nleak:heif_image_create\n";
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#endif

static void check_named(const char *name, const uint8_t *data, size_t size)
{
    nst_image image = {0};
    nst_file_info info = {0};
    nst_error error = {0};
    nst_metadata *metadata = NULL;
    const nst_read_options options = {.max_bytes = budget_of(data, size), .metadata = &metadata};
    nst_status status =
        nst_image_read_memory_with(name, data, size, &options, &image, &info, &error);
    if (status == NST_OK) {
        check_image(&image, &info, options.max_bytes);
        check_metadata(metadata, (nst_metadata_choice)(size % 3));
    } else {
        require(!image.rgb && !metadata && strncmp(error.message, name, strlen(name)) == 0);
        require(error.status == status);
    }
    nst_metadata_destroy(metadata);
    nst_image_destroy(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    nst_view view = nst_view_of_memory(data, size);
    bool is_known = nst_format_sniff(&view, "a.bin") != NST_FORMAT_UNKNOWN;
    check_named("a.bin", data, size);
    if (!is_known) /* the name matters for TGA, which has nothing to know it by */
        check_named("a.tga", data, size);
    return 0;
}

/* ---- seeds ----------------------------------------------------------------------------------- */

static const unsigned char ramp[] = {0,  8,  16, 24, 32,  40,  48,  56,  64,  72,  80,  88,
                                     96, 90, 80, 70, 60,  50,  40,  30,  20,  10,  0,   128,
                                     1,  2,  4,  8,  130, 140, 150, 160, 200, 210, 220, 255};

/* Linear light, so that there is something to convert. */
static void profile(blob *out, bool is_grey)
{
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1.0}, {0.3, 0.6, 1.0}, {0.15, 0.06, 1.0}};
    cmsToneCurve *line = cmsBuildGamma(NULL, 1.0);
    cmsToneCurve *curves[] = {line, line, line};
    cmsHPROFILE made = is_grey ? cmsCreateGrayProfile(cmsD50_xyY(), line)
                               : cmsCreateRGBProfile(cmsD50_xyY(), &primaries, curves);
    cmsUInt32Number size = 0;
    require(cmsSaveProfileToMem(made, NULL, &size) && size <= sizeof out->bytes);
    require(cmsSaveProfileToMem(made, out->bytes, &size));
    out->size = size;
    cmsCloseProfile(made);
    cmsFreeToneCurve(line);
}

static void png_seed(blob *b, int kind)
{
    blob extra = {0}, chunk = {0};
    switch (kind) {
    case 0:
        png_begin(b, 3, 2, 8, PNG_RGB);
        png_end(b, "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x04\x01\x02\x03\x04\x05\x06\x07\x08\x09",
                20);
        return;
    case 1:
        png_begin(b, 2, 2, 16, PNG_RGB_ALPHA);
        exif(&extra, 1, 6);
        png_chunk(b, "eXIf", extra.bytes, extra.size);
        png_end(b, ramp, 34);
        return;
    case 2:
        png_begin(b, 8, 3, 2, PNG_PALETTE);
        png_chunk(b, "PLTE", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", 12);
        png_chunk(b, "tRNS", "\x00\x80", 2);
        png_end(b, "\0\x1b\xe4\0\x1b\xe4\1\x1b\xe4", 9);
        return;
    case 3:
        png_begin(b, 3, 3, 8, PNG_GREY_ALPHA);
        profile(&extra, true);
        blob_add(&chunk, "icc\0\0", 5);
        zlib_stored(&chunk, extra.bytes, extra.size);
        png_chunk(b, "iCCP", chunk.bytes, chunk.size);
        png_end(b, "\0abcdef\1abcdef\2abcdef", 21);
        return;
    case 4:
        png_begin(b, 5, 5, 1, PNG_GREY);
        png_chunk(b, "tRNS", "\0\1", 2);
        b->bytes[28] = 1; /* interlaced */
        png_end(b, ramp, 30);
        return;
    default:
        break;
    }
    /* By the project, for the sake of compressed data. */
    const nst_write_options options = {.format = NST_FORMAT_PNG, .quality = 0};
    nst_image image = image_of(4, 3, ramp, NULL);
    unsigned char *bytes = NULL;
    size_t size = 0;
    require(nst_encode(&options, &image, &bytes, &size, NULL) == NST_OK);
    b->size = 0;
    blob_add(b, bytes, size);
    free(bytes);
    nst_image_destroy(&image);
}

static void jpeg_seed(blob *b, int kind)
{
    blob block = {0};
    nst_image image = image_of(kind == 0 ? 4 : 2, kind == 0 ? 3 : 6, ramp, NULL);
    jpeg(b, &image, kind == 2 ? 50 : 95);
    nst_image_destroy(&image);
    if (kind == 1) {
        blob_add(&block, "Exif\0\0", 6);
        exif(&block, 0, 7);
        jpeg_insert(b, 0xe1, block.bytes, block.size);
    }
    if (kind == 2) {
        blob icc = {0};
        profile(&icc, false);
        blob_add(&block, "ICC_PROFILE\0\1\1", 14);
        blob_add(&block, icc.bytes, icc.size);
        jpeg_insert(b, 0xe2, block.bytes, block.size);
    }
    for (size_t i = 2; kind == 3 && i + 1 < b->size; i++)
        if (b->bytes[i] == 0xff && b->bytes[i + 1] == 0xc0)
            b->bytes[i + 1] = 0xc2; /* called progressive, which it is not */
}

static void tga_seed(blob *b, int kind)
{
    static const unsigned char runs[] = {0x83, 1, 2, 3, 0x01, 4, 5, 6, 7, 8, 9, 0x81, 9, 8, 7};
    if (kind == 0)
        tga(b, TGA_RGB, 3, 3, 32, 8, ramp, 36);
    else if (kind == 1)
        tga(b, TGA_RGB_RUNS, 4, 2, 24, TGA_FROM_TOP, runs, sizeof runs);
    else
        tga(b, TGA_GREY, 6, 6, 8, 0, ramp, 36);
    if (kind == 3) { /* with a color map: 4 entries of 24 bits */
        tga(b, 1, 6, 4, 8, 0, ramp, 36);
        b->bytes[1] = 1;
        b->bytes[5] = 4;
        b->bytes[7] = 24;
    }
    blob_add(b, "\0\0\0\0\0\0\0\0TRUEVISION-XFILE.", 26);
}

static void bmp_seed(blob *b, int kind)
{
    static const int depths[] = {24, 32, 16, 8};
    bmp(b, 3, kind == 1 ? -3 : 3, depths[kind], ramp, 36);
    if (kind == 3) {
        b->bytes[46] = 2; /* colors in its palette */
        b->bytes[10] = 54 + 8;
    }
}

/* By the project: formats that are too much to put together by hand, with metadata in them. */
static void encoded_seed(blob *b, int kind)
{
    static const nst_format formats[] = {NST_FORMAT_WEBP, NST_FORMAT_TIFF, NST_FORMAT_AVIF,
                                         NST_FORMAT_PNG, NST_FORMAT_JPEG};
    static const unsigned char alpha[] = {0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 255};
    nst_format format = formats[kind % 5];
    blob photo = {0}, block = {0};
    nst_image image = image_of(4, 3, ramp, kind < 5 ? NULL : alpha), read = {0};
    nst_metadata *metadata = NULL;
    const nst_read_options reading = {.metadata = &metadata};
    unsigned char *bytes = NULL;
    size_t size = 0;
    jpeg(&photo, &image, 90);
    blob_add(&block, "Exif\0\0", 6);
    exif(&block, kind & 1, 6);
    jpeg_insert(&photo, 0xe1, block.bytes, block.size);
    block.size = 0;
    blob_add(&block, "http://ns.adobe.com/xap/1.0/", 29);
    blob_text(&block,
              "<x xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" xmlns:exif='http://ns.adobe."
              "com/exif/1.0/' tiff:Orientation=\"6\" exif:GPSLatitude='1'><exif:GPSMapDatum>"
              "a</exif:GPSMapDatum></x>");
    jpeg_insert(&photo, 0xe1, block.bytes, block.size);
    require(nst_image_read_memory_with("seed", photo.bytes, photo.size, &reading, &read, NULL,
                                       NULL) == NST_OK);
    const nst_write_options writing = {.format = format,
                                       .quality = 80,
                                       .depth = format == NST_FORMAT_TIFF && kind >= 5 ? 16 : 8,
                                       .metadata = metadata};
    if (!nst_format_is_written(format) ||
        nst_encode(&writing, &image, &bytes, &size, NULL) != NST_OK || size > FUZZ_SEED_MAX)
        size = 0;
    b->size = 0;
    blob_add(b, size ? bytes : photo.bytes, size ? size : photo.size);
    free(bytes);
    nst_metadata_destroy(metadata);
    nst_image_destroy(&read);
    nst_image_destroy(&image);
}

static void pnm_seed(blob *b, int kind)
{
    static const char *const texts[] = {"P2 # c\n3 2\n15\n1 2 3 4 5 15\n",
                                        "P3 1 2 255 1 2 3 4 5 6",
                                        "P5 3 2 255\nabcdef",
                                        "P6 1 1 65535\nabcdef",
                                        "P1 3 2\n1 0 1 010",
                                        "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\n"
                                        "TUPLTYPE RGB_ALPHA\nENDHDR\nabcdefgh",
                                        "Pf 1 2\n-1.0\n\x01\x01\x40\x3f\x01\x01\x01\x3f"};
    blob_text(b, texts[kind]);
}

size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    static const struct {
        void (*make)(blob *, int);
        int count;
    } kinds[] = {{png_seed, 6}, {jpeg_seed, 4}, {tga_seed, 4},
                 {bmp_seed, 4}, {pnm_seed, 7},  {encoded_seed, 10}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; number -= kinds[i++].count)
        if (number < kinds[i].count) {
            blob b = {0};
            kinds[i].make(&b, number);
            memcpy(out, b.bytes, b.size);
            return b.size;
        }
    return 0;
}
