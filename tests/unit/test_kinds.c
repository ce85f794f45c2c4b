/* The kinds of each format that programs have written over the years, and those that only look like
 * one: what is in them comes out, or the file is refused by its right name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "imageio/imageio.h"
#include "pictures.h"

#include <unistd.h>

static nst_image load(const char *name, const blob *b)
{
    nst_image image = {0};
    nst_error error = {0};
    if (nst_image_read_memory(name, b->bytes, b->size, &image, NULL, &error) != NST_OK)
        fail_msg("%s", error.message);
    return image;
}

static void refuse(const char *name, const blob *b, const char *words)
{
    nst_image image = {0};
    nst_error error = {0};
    assert_int_equal(nst_image_read_memory(name, b->bytes, b->size, &image, NULL, &error),
                     NST_ERR_FORMAT);
    if (!strstr(error.message, words))
        fail_msg("expected \"%s\" in \"%s\"", words, error.message);
}

/* Values 0..255, red then green then blue of each pixel, by rows. */
static void expect(const char *name, const blob *b, int width, int height, const int *rgb)
{
    nst_image image = load(name, b);
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, height);
    size_t plane = (size_t)width * (size_t)height;
    for (size_t i = 0; i < plane; i++)
        for (size_t c = 0; c < 3; c++)
            if ((int)(image.rgb[c * plane + i] * 255.0f + 0.5f) != rgb[3 * i + c])
                fail_msg("%s: value %zu of pixel %zu is %g, not %d", name, c, i,
                         255.0 * (double)image.rgb[c * plane + i], rgb[3 * i + c]);
    nst_image_destroy(&image);
}

/* ---- BMP ------------------------------------------------------------------------------------- */

static const int two_by_two[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
/* The same from the bottom, blue first, rows of 8 bytes. */
static const unsigned char two_by_two_rows[] = {9, 8, 7, 12, 11, 10, 0, 0, 3, 2, 1, 6, 5, 4, 0, 0};

static void bmp_begin(blob *b, uint32_t offset, uint32_t header, int depth, uint32_t method)
{
    b->size = 0;
    blob_text(b, "BM");
    blob_little(b, 0, 4); /* the length of the file, which some leave out */
    blob_little(b, 0, 4);
    blob_little(b, offset, 4);
    blob_little(b, header, 4);
    blob_little(b, 2, header == 12 ? 2 : 4);
    blob_little(b, 2, header == 12 ? 2 : 4);
    blob_little(b, 1, 2);
    blob_little(b, (uint32_t)depth, 2);
    if (header >= 40)
        blob_little(b, method, 4);
    while (b->size < 14 + header)
        blob_little(b, 0, 1);
}

static void test_bmp_headers_of_every_length(void **state)
{
    (void)state;
    static const uint32_t headers[] = {12, 16, 40, 52, 56, 64, 108, 124};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        for (uint32_t gap = 0; gap < 12; gap += 5) {
            blob b;
            bmp_begin(&b, 14 + headers[i] + gap, headers[i], 24, 0);
            for (uint32_t k = 0; k < gap; k++)
                blob_little(&b, 0xaa, 1);
            blob_add(&b, two_by_two_rows, sizeof two_by_two_rows);
            expect("a.bmp", &b, 2, 2, two_by_two);
        }
}

static void test_bmp_palettes(void **state)
{
    (void)state;
    static const int expected[] = {7, 8, 9, 1, 2, 3, 1, 2, 3, 7, 8, 9};
    blob b;
    bmp_begin(&b, 14 + 12 + 6, 12, 1, 0); /* OS/2: entries of three bytes */
    blob_add(&b, "\3\2\1\x9\x8\x7", 6);
    blob_add(&b, "\x40\0\0\0\x80\0\0\0", 8);
    expect("a.bmp", &b, 2, 2, expected);
    bmp_begin(&b, 14 + 40 + 8, 40, 8, 0); /* as many entries as there is room for */
    blob_add(&b, "\3\2\1\0\x9\x8\x7\0", 8);
    blob_add(&b, "\0\1\0\0\1\0\0\0", 8);
    expect("a.bmp", &b, 2, 2, expected);
}

static void test_bmp_runs(void **state)
{
    (void)state;
    static const int expected[] = {1, 2, 3, 7, 8, 9, 7, 8, 9, 7, 8, 9};
    blob b;
    bmp_begin(&b, 14 + 40 + 8, 40, 8, 1);
    blob_add(&b, "\3\2\1\0\x9\x8\x7\0", 8);
    blob_add(&b, "\2\1\0\0\1\0\1\1\0\1", 10); /* a run, end of row, two of one, end */
    expect("a.bmp", &b, 2, 2, expected);
    b.size -= 4; /* the last row has one pixel and no end */
    refuse("a.bmp", &b, "truncated");
}

static void test_bmp_masks(void **state)
{
    (void)state;
    static const int expected[] = {255, 0, 128, 255, 0, 128, 255, 0, 128, 255, 0, 128};
    blob b;
    bmp_begin(&b, 14 + 40 + 12, 40, 32, 3);
    blob_little(&b, 0x3ff00000, 4); /* ten bits each */
    blob_little(&b, 0x000ffc00, 4);
    blob_little(&b, 0x000003ff, 4);
    for (int i = 0; i < 4; i++)
        blob_little(&b, 0x3ff00000 | 0x202, 4);
    expect("a.bmp", &b, 2, 2, expected);
    bmp_begin(&b, 14 + 40, 40, 32, 0); /* what stands in the fourth byte is no alpha */
    for (int i = 0; i < 4; i++)
        blob_little(&b, 0x11ff0080u + ((uint32_t)i << 28), 4);
    expect("a.bmp", &b, 2, 2, expected);
    nst_image image = load("a.bmp", &b);
    assert_null(image.alpha);
    nst_image_destroy(&image);
}

/* ---- TGA and Netpbm -------------------------------------------------------------------------- */

static void test_tga_corners(void **state)
{
    (void)state;
    static const int from[4] = {0, 0x10, 0x20, 0x30};
    static const int orders[4][4] = {{2, 3, 0, 1}, {3, 2, 1, 0}, {0, 1, 2, 3}, {1, 0, 3, 2}};
    for (int k = 0; k < 4; k++) {
        blob b;
        unsigned char pixels[12];
        for (int i = 0; i < 4; i++)
            for (int c = 0; c < 3; c++)
                pixels[3 * i + c] = (unsigned char)two_by_two[3 * orders[k][i] + 2 - c];
        tga(&b, TGA_RGB, 2, 2, 24, from[k], pixels, sizeof pixels);
        expect("a.tga", &b, 2, 2, two_by_two);
    }
}

static void test_tga_maps_and_alpha(void **state)
{
    (void)state;
    static const int expected[] = {1, 2, 3, 4, 5, 6};
    blob b;
    tga(&b, 1, 2, 1, 8, 0x20, "\3\2\1\6\5\4\5\6", 8);
    b.bytes[1] = 1; /* a map, whose first entry is number 5 */
    b.bytes[3] = 5;
    b.bytes[5] = 2;
    b.bytes[7] = 24;
    expect("a.tga", &b, 2, 1, expected);
    tga(&b, TGA_RGB, 2, 1, 24, 0x20, "\x77\x77\x77\3\2\1\6\5\4", 9);
    b.bytes[1] = 1; /* a map that is not used */
    b.bytes[5] = 1;
    b.bytes[7] = 24;
    expect("a.tga", &b, 2, 1, expected);
    for (int bits = 0; bits <= 8; bits += 8) {
        tga(&b, TGA_RGB, 2, 1, 32, 0x20 | bits, "\3\2\1\x40\6\5\4\x80", 8);
        nst_image image = load("a.tga", &b);
        assert_int_equal(image.alpha != NULL, bits == 8);
        nst_image_destroy(&image);
    }
}

static void test_netpbm(void **state)
{
    (void)state;
    static const int bits[] = {0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255};
    static const int rgb[] = {10, 20, 30, 40, 50, 60};
    static const int ramp[] = {255, 255, 255, 0, 0, 0};
    blob b = {0};
    blob_text(&b, "P1\n# 1 is black\n2 2\n10 1\n0");
    expect("a.pbm", &b, 2, 2, bits);
    b.size = 0;
    blob_add(&b, "P4 2 2\n\xbf\x80", 9);
    expect("a.pbm", &b, 2, 2, bits);
    b.size = 0;
    blob_text(&b,
              "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n\n\x14\x1e(2<");
    expect("a.pam", &b, 2, 1, rgb);
    b.size = 0;
    blob_add(&b, "Pf\n1 2\n-1.0\n\0\0\0\0\0\0\x80\x3f", 20); /* the bottom first: 0, then 1 */
    expect("a.pfm", &b, 1, 2, ramp);
}

/* ---- PNG ------------------------------------------------------------------------------------- */

static void test_png_checksums_and_rows(void **state)
{
    (void)state;
    blob good, b;
    png_begin(&good, 2, 2, 8, PNG_RGB);
    size_t data = good.size;
    png_end(&good, "\0\1\2\3\4\5\6\0\7\x8\x9\xa\xb\xc", 14);
    expect("a.png", &good, 2, 2, two_by_two);
    b = good;
    b.bytes[data + 8 + 12] ^= 1; /* a pixel, so that the checksum of the chunk is wrong */
    refuse("a.png", &b, "damaged");
    /* The chunk's right, the picture's wrong. */
    blob chunk = {0};
    zlib_stored(&chunk, "\0\1\2\3\4\5\6\0\7\x8\x9\xa\xb\xc", 14);
    chunk.bytes[chunk.size - 1] ^= 1;
    png_begin(&b, 2, 2, 8, PNG_RGB);
    png_chunk(&b, "IDAT", chunk.bytes, chunk.size);
    png_chunk(&b, "IEND", NULL, 0);
    refuse("a.png", &b, "damaged");
    png_begin(&b, 2, 2, 8, PNG_RGB);
    png_end(&b, "\0\1\2\3\4\5\6", 7);
    refuse("a.png", &b, "damaged");
    blob_add(&good, "more", 4); /* what stands behind the end does no harm */
    expect("a.png", &good, 2, 2, two_by_two);
}

/* Of values that are light: 0.5 is seen as by a gamma of 2.2; what says sRGB is left as it is. */
static void test_png_gamma(void **state)
{
    (void)state;
    static const int bright[] = {186, 186, 186}, same[] = {128, 128, 128};
    blob b;
    if (!nst_color_library())
        skip();
    for (int kind = 0; kind < 4; kind++) {
        png_begin(&b, 1, 1, 8, PNG_RGB);
        if (kind == 3)
            png_chunk(&b, "sRGB", "\0", 1); /* which wins */
        if (kind > 0)
            png_chunk(&b, "gAMA", kind == 1 ? "\0\0\xb1\x8f" : "\0\1\x86\xa0", 4);
        png_end(&b, "\0\x80\x80\x80", 4);
        expect("a.png", &b, 1, 1, kind == 2 ? bright : same);
    }
}

/* ---- JPEG ------------------------------------------------------------------------------------ */

static blob photo(int width, int height)
{
    blob b = {0};
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (size_t i = 0; i < 3 * (size_t)width * (size_t)height; i++)
        image.rgb[i] = (float)(i * 7919 % 251) / 255.0f;
    jpeg(&b, &image, 95);
    nst_image_destroy(&image);
    return b;
}

/* Offset of a marker from at on. */
static size_t find(const blob *b, int marker)
{
    for (size_t at = 2; at + 3 < b->size;
         at += 2 + ((size_t)b->bytes[at + 2] << 8 | b->bytes[at + 3]))
        if (b->bytes[at + 1] == marker)
            return at;
    fail_msg("no marker %02x", (unsigned)marker);
    return 0;
}

static void cut(blob *b, size_t from, size_t to)
{
    memmove(b->bytes + from, b->bytes + to, b->size - to);
    b->size -= to - from;
}

static void test_jpeg_without_what_it_needs(void **state)
{
    (void)state;
    static const int markers[] = {0xc4, 0xdb};
    blob good = photo(40, 32);
    for (size_t i = 0; i < 2; i++) { /* the first table of a kind */
        blob b = good;
        size_t at = find(&b, markers[i]);
        cut(&b, at, at + 2 + ((size_t)b.bytes[at + 2] << 8 | b.bytes[at + 3]));
        refuse("a.jpg", &b, "table that its pixels need is missing");
    }
    blob b = good;
    size_t scan = find(&b, 0xda);
    cut(&b, scan, b.size - 2);
    refuse("a.jpg", &b, "no pixels");
    b = good;
    cut(&b, scan + 14, b.size - 2); /* a scan of nothing */
    refuse("a.jpg", &b, "damaged");
    b = good;
    b.size -= 2;
    refuse("a.jpg", &b, "truncated");
}

static void test_jpeg_whose_scan_stops(void **state)
{
    (void)state;
    if (!strstr(nst_format_library(NST_FORMAT_JPEG), "turbo"))
        skip(); /* stb goes on with zeros and says nothing */
    blob b = photo(40, 32);
    size_t start = find(&b, 0xda) + 14, half = (b.size - 2 - start) / 2;
    cut(&b, start + half, b.size - 2);
    refuse("a.jpg", &b, "damaged");
}

static void test_jpeg_with_stray_bytes(void **state)
{
    (void)state;
    blob good = photo(16, 16), b = good;
    size_t scan = find(&b, 0xda);
    if (!strstr(nst_format_library(NST_FORMAT_JPEG), "turbo"))
        skip();
    nst_image expected = load("a.jpg", &good);
    memmove(b.bytes + scan + 3, b.bytes + scan, b.size - scan);
    memcpy(b.bytes + scan, "\0\1\2", 3);
    b.size += 3;
    nst_image image = load("a.jpg", &b);
    assert_memory_equal(image.rgb, expected.rgb, 3 * 256 * sizeof(float));
    nst_image_destroy(&image);
    nst_image_destroy(&expected);
}

/* ---- orientation ----------------------------------------------------------------------------- */

static int orientation_of(const blob *b)
{
    nst_image image = {0};
    nst_file_info info;
    assert_int_equal(nst_image_read_memory("a.jpg", b->bytes, b->size, &image, &info, NULL),
                     NST_OK);
    assert_int_equal(image.width, info.orientation >= 5 ? 8 : 16);
    nst_image_destroy(&image);
    return info.orientation;
}

static void test_orientation_of_other_types(void **state)
{
    (void)state;
    static const struct {
        int type, count, bytes;
    } types[] = {{1, 1, 1}, {3, 1, 2}, {4, 1, 4}, {8, 1, 2}, {9, 1, 4}, {3, 2, 2}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        blob b = photo(16, 8), block = {0};
        blob_add(&block,
                 "Exif\0\xff"
                 "II*\0\x8\0\0\0\1\0\x12\1",
                 18);
        blob_little(&block, (uint32_t)types[i].type, 2);
        blob_little(&block, (uint32_t)types[i].count, 4);
        blob_little(&block, 6, types[i].bytes);
        blob_little(&block, 0, 8 - types[i].bytes);
        jpeg_insert(&b, 0xe1, block.bytes, block.size);
        assert_int_equal(orientation_of(&b), 6);
    }
}

static void test_orientation_of_xmp(void **state)
{
    (void)state;
    static const char *const packets[] = {"<a tiff:Orientation=\"8\"/>",
                                          "<a><tiff:Orientation>8</tiff:Orientation></a>"};
    for (size_t i = 0; i < 2; i++) {
        blob b = photo(16, 8), block = {0};
        blob_add(&block, "http://ns.adobe.com/xap/1.0/", 29);
        blob_text(&block, packets[i]);
        jpeg_insert(&b, 0xe1, block.bytes, block.size);
        assert_int_equal(orientation_of(&b), 8);
        block.size = 0; /* EXIF wins over it */
        blob_add(&block, "Exif\0\0", 6);
        exif(&block, 1, 3);
        jpeg_insert(&b, 0xe1, block.bytes, block.size);
        assert_int_equal(orientation_of(&b), 3);
    }
}

/* ---- budget ---------------------------------------------------------------------------------- */

static void test_a_picture_over_the_budget_is_refused(void **state)
{
    (void)state;
    blob b;
    nst_image image = {0};
    nst_file_info info;
    nst_error error = {0};
    png_begin(&b, 8000, 8000, 1, PNG_GREY); /* 64 million pixels in a few bytes */
    png_end(&b, "", 1);
    const nst_read_options options = {.max_bytes = 100 << 20};
    assert_int_equal(
        nst_image_read_memory_with("a.png", b.bytes, b.size, &options, &image, &info, &error),
        NST_ERR_MEMORY);
    assert_non_null(strstr(error.message, "a.png: reading 8000x8000 pixels takes "));
    b = photo(16, 16);
    assert_int_equal(
        nst_image_read_memory_with("a.jpg", b.bytes, b.size, &options, &image, &info, NULL),
        NST_OK);
    assert_in_range(info.decode_bytes, 3 * 256 * sizeof(float), 1 << 20);
    nst_image_destroy(&image);
}

/* A file of 40 MB, whose header is all that a probe looks at. It is read by blocks; runs need all
 * of it. */
static void test_a_probe_reads_the_header_only(void **state)
{
    (void)state;
    char path[] = "/tmp/nst-test-kinds-XXXXXX";
    nst_file_info info;
    blob b;
    int file = mkstemp(path);
    assert_true(file >= 0);
    for (int runs = 0; runs < 2; runs++) {
        const uint64_t image = UINT64_C(4000) * 3000 * 12;
        bmp(&b, 4000, 3000, runs ? 8 : 24, "", 0);
        b.bytes[30] = (unsigned char)runs; /* the compression */
        assert_int_equal(pwrite(file, b.bytes, b.size, 0), (int)b.size);
        assert_int_equal(ftruncate(file, 40000000), 0);
        assert_int_equal(nst_image_probe(path, &info, NULL), NST_OK);
        assert_int_equal(info.width, 4000);
        assert_int_equal(info.height, 3000);
        if (runs)
            assert_true(info.decode_bytes > image + 40000000);
        else
            assert_in_range(info.decode_bytes, image, image + 1000000);
    }
    close(file);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bmp_headers_of_every_length),
        cmocka_unit_test(test_bmp_palettes),
        cmocka_unit_test(test_bmp_runs),
        cmocka_unit_test(test_bmp_masks),
        cmocka_unit_test(test_tga_corners),
        cmocka_unit_test(test_tga_maps_and_alpha),
        cmocka_unit_test(test_netpbm),
        cmocka_unit_test(test_png_checksums_and_rows),
        cmocka_unit_test(test_png_gamma),
        cmocka_unit_test(test_jpeg_without_what_it_needs),
        cmocka_unit_test(test_jpeg_whose_scan_stops),
        cmocka_unit_test(test_jpeg_with_stray_bytes),
        cmocka_unit_test(test_orientation_of_other_types),
        cmocka_unit_test(test_orientation_of_xmp),
        cmocka_unit_test(test_a_picture_over_the_budget_is_refused),
        cmocka_unit_test(test_a_probe_reads_the_header_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
