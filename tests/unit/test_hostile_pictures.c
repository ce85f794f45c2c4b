/* Pictures that are not what they claim: refused with one line that names them, quickly, and
 * without the memory they ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "imageio/imageio.h"
#include "pictures.h"

#include <ctype.h>
#include <sys/resource.h>

/* Read from a block of exactly this size, so that a sanitizer sees a read past it. */
static nst_status try_read(const char *name, const unsigned char *bytes, size_t size,
                           nst_image *image, nst_error *error)
{
    unsigned char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    *error = (nst_error){0};
    nst_status status = nst_image_read_memory(name, copy, size, image, NULL, error);
    free(copy);
    return status;
}

static void assert_message(const char *name, const nst_error *error)
{
    if (strncmp(error->message, name, strlen(name)) != 0 ||
        strncmp(error->message + strlen(name), ": ", 2) != 0)
        fail_msg("\"%s\" does not begin with the name %s", error->message, name);
    for (const char *c = error->message; *c; c++)
        assert_false(iscntrl((unsigned char)*c));
}

/* Refused, in words that contain text; nothing is handed out. */
static void refuse(const char *name, const blob *b, const char *text)
{
    nst_image image = {0};
    nst_error error;
    assert_int_equal(try_read(name, b->bytes, b->size, &image, &error), NST_ERR_FORMAT);
    assert_null(image.rgb);
    assert_message(name, &error);
    if (!strstr(error.message, text))
        fail_msg("expected \"%s\" in \"%s\"", text, error.message);
}

/* Every beginning of a good file is refused, but for one that holds the whole picture already
 * (what is cut off was not needed); in no case is there another picture. */
static void refuse_beginnings(const char *name, const blob *b)
{
    nst_image whole = {0}, image = {0};
    nst_error error;
    size_t accepted = 0;
    if (try_read(name, b->bytes, b->size, &whole, &error) != NST_OK)
        fail_msg("%s", error.message);
    size_t values = 3 * (size_t)whole.width * (size_t)whole.height;
    for (size_t size = 0; size < b->size; size++) {
        if (try_read(name, b->bytes, size, &image, &error) != NST_OK) {
            assert_null(image.rgb);
            assert_message(name, &error);
            continue;
        }
        accepted++;
        assert_int_equal(image.width, whole.width);
        assert_int_equal(image.height, whole.height);
        assert_memory_equal(image.rgb, whole.rgb, values * sizeof(float));
        nst_image_destroy(&image);
    }
    if (accepted > 1) /* the newline at the end of a text */
        fail_msg("%s: %zu beginnings of %zu bytes were accepted", name, accepted, b->size);
    nst_image_destroy(&whole);
}

static blob text(const char *content)
{
    blob b = {0};
    blob_text(&b, content);
    return b;
}

static blob small_jpeg(void)
{
    static const unsigned char rgb[] = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120};
    nst_image image = image_of(2, 2, rgb, NULL);
    blob b;
    jpeg(&b, &image, 90);
    nst_image_destroy(&image);
    return b;
}

static void test_beginnings_of_files(void **state)
{
    (void)state;
    static const unsigned char values[] = {0x82, 10, 20, 30, 0x00, 1, 2, 3, 9, 9, 9, 9};
    blob b = text("P2\n2 2\n9\n1 2\n3 4\n");
    refuse_beginnings("folder/a.pgm", &b);
    b = text("P3 # comment\n1 2\n9\n1 2 3\n4 5 6");
    refuse_beginnings("a.ppm", &b);
    b = text("P6 2 1 255\nabcdef");
    refuse_beginnings("a.ppm", &b);
    b = text("P5 2 1 65535\nabcd");
    refuse_beginnings("a.pgm", &b);
    bmp(&b, 1, 3, 24, values, 12);
    refuse_beginnings("a.bmp", &b);
    bmp(&b, 1, -3, 32, values, 12);
    refuse_beginnings("a.bmp", &b);
    tga(&b, TGA_RGB, 2, 2, 24, TGA_FROM_TOP, values, 12);
    refuse_beginnings("a.tga", &b);
    tga(&b, TGA_RGB_RUNS, 2, 2, 24, TGA_FROM_TOP, values, 8);
    refuse_beginnings("a.tga", &b);
    png_begin(&b, 1, 3, 8, PNG_RGB);
    png_end(&b, "\0\x01\x02\x03\0\x04\x05\x06\0\x07\x08\x09", 12);
    refuse_beginnings("a.png", &b);
    png_begin(&b, 4, 1, 8, PNG_PALETTE);
    png_chunk(&b, "PLTE", "\x01\x02\x03\x04\x05\x06", 6);
    png_chunk(&b, "tRNS", "\x00\x80", 2);
    png_end(&b, "\0\0\x01\x01\0", 5);
    refuse_beginnings("a.png", &b);
    b = small_jpeg();
    refuse_beginnings("a.jpg", &b);
}

static void test_sizes_beyond_the_limit(void **state)
{
    (void)state;
    blob b = text("P6 100000 100000 255\n");
    refuse("a.ppm", &b, "100000x100000 pixels: expected no more than 512 million");
    b = text("P2 4000000000 4000000000 1 0");
    refuse("a.pgm", &b, "4000000000x4000000000 pixels");
    b = text("P2 4294967296 1 1 0");
    refuse("a.pgm", &b, "header");
    b = text("P5 20000 20000 255\nabc"); /* within the limit, but not there */
    refuse("a.pgm", &b, "truncated: 20000x20000");
    png_begin(&b, 100000, 100000, 8, PNG_GREY);
    png_end(&b, "", 1);
    refuse("a.png", &b, "100000x100000 pixels: expected no more than");
    png_begin(&b, 0xffffffffu, 0xffffffffu, 16, PNG_RGB_ALPHA);
    png_end(&b, "", 1);
    refuse("a.png", &b, "pixels: expected no more than");
    png_begin(&b, 20000, 20000, 8, PNG_GREY);
    png_end(&b, "", 1);
    refuse("a.png", &b, "damaged");
    bmp(&b, 100000, 100000, 24, "", 1);
    refuse("a.bmp", &b, "100000x100000 pixels: expected no more than");
    bmp(&b, 20000, -20000, 24, "", 1);
    refuse("a.bmp", &b, "truncated");
    bmp(&b, INT32_MAX, INT32_MIN, 24, "", 1);
    refuse("a.bmp", &b, "pixels: expected no more than");
    bmp(&b, 20000, 20000, 24, "", 1);
    memset(b.bytes + 30, 0xdc, 4); /* a way of compression that there is not */
    refuse("a.bmp", &b, "another compression");
    tga(&b, TGA_RGB, 65535, 65535, 32, 8, "", 1);
    refuse("a.tga", &b, "65535x65535 pixels: expected no more than");
    tga(&b, TGA_RGB_RUNS, 20000, 20000, 32, 8,
        "\xff"
        "abcd",
        5);
    refuse("a.tga", &b, "truncated");
}

static void test_jpeg_of_more_pixels_than_it_can_hold(void **state)
{
    (void)state;
    blob b = small_jpeg();
    size_t at = 2;
    while (b.bytes[at] != 0xff || b.bytes[at + 1] != 0xc0) /* the header of the frame */
        at++;
    memcpy(b.bytes + at + 5, "\x1f\xff\xff\xff", 4);
    refuse("a.jpg", &b, "cannot be 65535x8191 JPEG pixels");
}

static void test_jpeg_of_very_many_scans(void **state)
{
    (void)state;
    blob b = small_jpeg();
    size_t at = 2;
    while (b.bytes[at] != 0xff || b.bytes[at + 1] != 0xda) /* the header of the scan */
        at++;
    blob scan = {0};
    blob_add(&scan, b.bytes + at, b.size - 2 - at);
    b.size -= 2;
    for (int i = 0; i < 100; i++)
        blob_add(&b, scan.bytes, scan.size);
    blob_add(&b, "\xff\xd9", 2);
    refuse("a.jpg", &b, "more than 100 scans");
}

/* stb would write past its memory. */
static void test_jpeg_tables_that_are_too_long(void **state)
{
    (void)state;
    static const unsigned char lengths[17] = {0, 0, 2, [10] = 255};
    blob table = {0}, b = small_jpeg();
    blob_add(&table, lengths, sizeof lengths);
    for (int i = 0; i < 257; i++)
        blob_big(&table, 0, 1);
    jpeg_insert(&b, 0xc4, table.bytes, table.size); /* 257 codes */
    refuse("a.jpg", &b, "Huffman table");
    b = small_jpeg();
    jpeg_insert(&b, 0xc4, table.bytes, 17); /* more than the segment has */
    refuse("a.jpg", &b, "Huffman table");
    b = small_jpeg();
    jpeg_insert(&b, 0xc4, table.bytes, 16);
    refuse("a.jpg", &b, "Huffman table");
}

/* The tables that a scan names are nowhere; stb would use what its memory happens to hold. */
static void test_jpeg_without_tables(void **state)
{
    (void)state;
    blob b = small_jpeg();
    for (size_t at = 2; b.bytes[at + 1] != 0xda;) { /* until the scan */
        size_t size = 2 + ((size_t)b.bytes[at + 2] << 8 | b.bytes[at + 3]);
        bool is_table = b.bytes[at + 1] == 0xc4 || b.bytes[at + 1] == 0xdb;
        if (is_table)
            memmove(b.bytes + at, b.bytes + at + size, b.size - at - size);
        b.size -= is_table ? size : 0;
        at += is_table ? 0 : size;
    }
    refuse("a.jpg", &b, "damaged");
}

/* stb looks for a JPEG first, and after any number of FF. */
static void test_jpeg_called_tga(void **state)
{
    (void)state;
    blob b = {0}, file = small_jpeg();
    blob_add(&b, "\xff\xff", 2);
    blob_add(&b, file.bytes, file.size);
    blob_add(&b, "\0\0\0\0\0\0\0\0TRUEVISION-XFILE.", 26);
    refuse("a.tga", &b, "(starts with ff ff ff d8)");
}

static void test_no_pixels(void **state)
{
    (void)state;
    blob b = text("P6 0 5 255\n");
    refuse("a.ppm", &b, "0x5 pixels: expected at least 1x1");
    png_begin(&b, 3, 0, 8, PNG_GREY);
    png_end(&b, "", 1);
    refuse("a.png", &b, "3x0 pixels: expected at least 1x1");
    bmp(&b, 0, 2, 24, "1234", 4);
    refuse("a.bmp", &b, "0x2 pixels: expected at least 1x1");
    tga(&b, TGA_RGB, 0, 2, 24, 0, "1234", 4);
    refuse("a.tga", &b, "0x2 pixels: expected at least 1x1");
    b.size = 0;
    refuse("a.png", &b, "not an image of a format that is read (the file is empty)");
}

static void test_damaged_pnm(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "P2 -1 1 255 0",  "P2 1 1 0 0",           "P2 1 1 65536 0",   "P2 1 1 255",
        "P2 1 x 255 0",   "P2 1 1 255 x",         "P2 2 1 255 1 -",   "P2 1 1 255x 0",
        "P6 # 1 1 255 0", "P5 1 1 99999999999 a", "P3 1 1 255 1 2 a",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        blob b = text(cases[i]);
        refuse("a.pnm", &b, "PNM");
    }
}

static void test_other_formats_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *text;
    } cases[] = {
        {"GIF89a and more of it", 21, "(it is GIF)"},
        {"RIFF\x10\0\0\0WEBPVP8 ", 16, "WebP image"},
        {"II*\0\x08\0\0\0", 8, "TIFF image"},
        {"MM\0*\0\0\0\x08", 8, "TIFF image"},
        {"\0\0\0\x18"
         "ftypheic",
         12, "HEIF image"},
        {"\0\0\0\x18"
         "ftypavif",
         12, "AVIF image"},
        {"%PDF-1.7", 8, "(it is PDF)"},
        {"\0\0\0\x0cJXL \r\n\x87\n", 12, "(it is JPEG XL)"},
        {"8BPS\0\x01", 6, "(it is Photoshop)"},
        {"P8 8 1\n\xff", 8, "(starts with 50 38 20 38)"},
        {"\x01", 1, "(starts with 01)"},
        {"\xff\xd8", 2, "(starts with ff d8)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        blob b = {0};
        blob_add(&b, cases[i].bytes, cases[i].size);
        refuse("photo.jpg", &b, cases[i].text);
    }
    blob b = text("GIF89a, by its name a TGA");
    refuse("a.tga", &b, "(it is GIF)");
}

static void test_names_of_any_bytes_stay_on_one_line(void **state)
{
    (void)state;
    nst_image image = {0};
    nst_error error;
    assert_int_equal(try_read("a\nb\x1b[2J.png", (const unsigned char *)"x", 1, &image, &error),
                     NST_ERR_FORMAT);
    assert_string_equal(error.message, "a?b?[2J.png: not an image of a format that is read "
                                       "(starts with 78)");
}

/* The last test: what all of the above took. */
static void test_little_memory_was_used(void **state)
{
    (void)state;
    struct rusage usage;
    if (getenv("NST_UNDER_VALGRIND")) {
        printf("SKIP: valgrind's own memory would be counted\n");
        return;
    }
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    assert_true(usage.ru_maxrss < 400 * 1024); /* kB; 20000x20000 grey pixels alone are 400 MB */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beginnings_of_files),
        cmocka_unit_test(test_sizes_beyond_the_limit),
        cmocka_unit_test(test_jpeg_of_more_pixels_than_it_can_hold),
        cmocka_unit_test(test_jpeg_of_very_many_scans),
        cmocka_unit_test(test_jpeg_tables_that_are_too_long),
        cmocka_unit_test(test_jpeg_without_tables),
        cmocka_unit_test(test_jpeg_called_tga),
        cmocka_unit_test(test_no_pixels),
        cmocka_unit_test(test_damaged_pnm),
        cmocka_unit_test(test_other_formats_are_named),
        cmocka_unit_test(test_names_of_any_bytes_stay_on_one_line),
        cmocka_unit_test(test_little_memory_was_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
