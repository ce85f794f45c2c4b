/* Reading pictures: every format and kind of pixel, with the values known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/file.h"
#include "imageio/imageio.h"
#include "pictures.h"

#include <math.h>
#include <unistd.h>

static char folder[] = "/tmp/nst-test-imageio-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* What a probe of the same bytes as a file called name says. */
static nst_file_info probe(const char *name, const blob *file)
{
    char path[128];
    nst_file_info info = {0};
    nst_error error = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(file->bytes, 1, file->size, stream), file->size);
    assert_int_equal(fclose(stream), 0);
    if (nst_image_probe(path, &info, &error) != NST_OK)
        fail_msg("%s", error.message);
    unlink(path);
    return info;
}

/* Read, and compare with what a probe says. */
static nst_image load(const char *name, const blob *file, nst_file_info *info)
{
    nst_image image = {0};
    nst_error error = {0};
    /* In a block of exactly this size, so that a sanitizer sees a read past it. */
    unsigned char *copy = malloc(file->size);
    assert_non_null(copy);
    memcpy(copy, file->bytes, file->size);
    if (nst_image_read_memory(name, copy, file->size, &image, info, &error) != NST_OK)
        fail_msg("%s", error.message);
    free(copy);
    nst_file_info first = probe(name, file);
    assert_int_equal(first.format, info->format);
    assert_int_equal(first.width, info->width);
    assert_int_equal(first.height, info->height);
    assert_int_equal(first.bits, info->bits);
    assert_int_equal(first.has_alpha, info->has_alpha);
    assert_int_equal(first.orientation, info->orientation);
    assert_int_equal(image.width, info->width);
    assert_int_equal(image.height, info->height);
    assert_int_equal(image.alpha != NULL, info->has_alpha);
    return image;
}

/* Read the file and compare: pixels are interleaved RGB, or RGBA if has_alpha, 0..maximum. */
static void expect(const char *name, const blob *file, int width, int height, int bits,
                   bool has_alpha, double maximum, const int *pixels)
{
    nst_file_info info;
    nst_image image = load(name, file, &info);
    size_t plane = (size_t)width * (size_t)height, channels = has_alpha ? 4 : 3;
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, height);
    assert_int_equal(info.bits, bits);
    assert_int_equal(info.has_alpha, has_alpha);
    assert_false(info.profile_applied);
    assert_int_equal(info.orientation, 1);
    for (size_t i = 0; i < plane; i++)
        for (size_t c = 0; c < channels; c++) {
            float got = c == 3 ? image.alpha[i] : image.rgb[c * plane + i];
            double want = pixels[channels * i + c] / maximum;
            if (!(fabs(got - want) < 1e-7))
                fail_msg("%s: pixel %zu, channel %zu: %.9g instead of %.9g", name, i, c,
                         (double)got, want);
        }
    nst_image_destroy(&image);
}

/* ---- PNM ------------------------------------------------------------------------------------- */

static blob text(const char *content)
{
    blob b = {0};
    blob_text(&b, content);
    return b;
}

static void test_ppm_of_bytes(void **state)
{
    (void)state;
    blob b = text("P6\n2 2\n255\n");
    blob_add(&b, "\x00\x01\x02\x7f\x80\x81\xfd\xfe\xff\x0a\x20\x23", 12);
    expect("a.ppm", &b, 2, 2, 8, false, 255,
           (int[]){0, 1, 2, 127, 128, 129, 253, 254, 255, 10, 32, 35});
}

static void test_pgm_of_bytes_is_grey(void **state)
{
    (void)state;
    blob b = text("P5 3 1 255\n");
    blob_add(&b, "\x00\x42\xff", 3);
    expect("a.pgm", &b, 3, 1, 8, false, 255, (int[]){0, 0, 0, 66, 66, 66, 255, 255, 255});
}

static void test_pnm_of_text(void **state)
{
    (void)state;
    blob b = text("P3 2 1 255 1 2 3\n  255\t254 253");
    expect("a.ppm", &b, 2, 1, 8, false, 255, (int[]){1, 2, 3, 255, 254, 253});
    b = text("P2\n1 2\n255\n7\n9\n");
    expect("a.pgm", &b, 1, 2, 8, false, 255, (int[]){7, 7, 7, 9, 9, 9});
}

static void test_pnm_with_comments(void **state)
{
    (void)state;
    blob b = text("P3# made by hand\n# 9 9\n2 # wide\n1\n#255\n255\n1 2 3 # first\n4 5 6");
    expect("a.ppm", &b, 2, 1, 8, false, 255, (int[]){1, 2, 3, 4, 5, 6});
    b = text("P5\n# one\r# two\n1 1 255\n#"); /* that last one is the pixel */
    expect("a.pgm", &b, 1, 1, 8, false, 255, (int[]){35, 35, 35});
}

/* Values are kept in 16 bits, so they are exact when the maximum divides 65535. */
static void test_pnm_of_any_maximum(void **state)
{
    (void)state;
    blob b = text("P2 2 1 1 0 1");
    expect("a.pgm", &b, 2, 1, 8, false, 1, (int[]){0, 0, 0, 1, 1, 1});
    b = text("P5 2 1 65535\n");
    blob_add(&b, "\x01\x02\xff\xfe", 4);
    expect("a.pgm", &b, 2, 1, 16, false, 65535, (int[]){258, 258, 258, 65534, 65534, 65534});
    b = text("P5 1 1 257\n"); /* two bytes each from 256 on */
    blob_add(&b, "\x01\x00", 2);
    expect("a.pgm", &b, 1, 1, 16, false, 257, (int[]){256, 256, 256});
    b = text("P2 2 1 100 50 33");
    expect("a.pgm", &b, 2, 1, 8, false, 65535,
           (int[]){32768, 32768, 32768, 21627, 21627, 21627}); /* rounded: 32767.5, 21626.55 */
    b = text("P3 1 1 4095 4095 0 2047");
    expect("a.ppm", &b, 1, 1, 16, false, 65535, (int[]){65535, 0, 32759}); /* 32759.498 */
}

/* ---- by blocks ------------------------------------------------------------------------------- */

enum { LONG_WIDTH = 301, LONG_HEIGHT = 211 };

enum { LONG_PIXELS = LONG_WIDTH * LONG_HEIGHT };

static int long_value(int pixel, int channel)
{
    return (3 * pixel + channel) * 31 % 251;
}

static void write_long_pnm(FILE *file, bool is_text)
{
    fprintf(file, "P%d # a comment\n%d %d\n255\n", is_text ? 3 : 6, LONG_WIDTH, LONG_HEIGHT);
    for (int i = 0; i < 3 * LONG_PIXELS; i++)
        if (is_text)
            fprintf(file, "%d\n", long_value(i / 3, i % 3));
        else
            fputc(long_value(i / 3, i % 3), file);
}

static void write_long_bgr(FILE *file, int pixel)
{
    for (int c = 2; c >= 0; c--)
        fputc(long_value(pixel, c), file);
}

static void write_long_bmp(FILE *file)
{
    blob b;
    bmp(&b, LONG_WIDTH, -LONG_HEIGHT, 24, "", 0);
    fwrite(b.bytes, 1, b.size, file);
    for (int i = 0; i < LONG_PIXELS; i++) {
        write_long_bgr(file, i);
        for (int k = 3 * LONG_WIDTH; (i + 1) % LONG_WIDTH == 0 && k % 4 != 0; k++)
            fputc(0, file); /* 903 bytes are filled up to 904 */
    }
}

/* Runs that go on over the ends of rows. */
static void write_long_tga(FILE *file, bool runs)
{
    blob b;
    tga(&b, runs ? TGA_RGB_RUNS : TGA_RGB, LONG_WIDTH, LONG_HEIGHT, 24, TGA_FROM_TOP, "", 0);
    fwrite(b.bytes, 1, b.size, file);
    for (int i = 0; i < LONG_PIXELS; i++) {
        int left = LONG_PIXELS - i < 128 ? LONG_PIXELS - i : 128;
        if (runs && i % 128 == 0)
            fputc(left - 1, file);
        write_long_bgr(file, i);
    }
}

enum { LONG_TEXT, LONG_PNM, LONG_BMP, LONG_TGA, LONG_TGA_RUNS, LONG_KINDS };

/* Longer than the blocks in which it is read, and ending in some bytes that belong to nothing. */
static void write_long(const char *path, int kind)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    if (kind == LONG_BMP)
        write_long_bmp(file);
    else if (kind == LONG_TGA || kind == LONG_TGA_RUNS)
        write_long_tga(file, kind == LONG_TGA_RUNS);
    else
        write_long_pnm(file, kind == LONG_TEXT);
    if (kind != LONG_TEXT)
        fputs("what follows", file);
    assert_int_equal(fclose(file), 0);
}

static void test_files_are_read_by_blocks(void **state)
{
    (void)state;
    static const char *const ends[LONG_KINDS] = {"ppm", "ppm", "bmp", "tga", "tga"};
    const size_t plane = LONG_PIXELS;
    char path[128], digest[65];
    for (int kind = 0; kind < LONG_KINDS; kind++) {
        snprintf(path, sizeof path, "%s/long.%s", folder, ends[kind]);
        nst_image image = {0};
        nst_file_info info;
        nst_error error = {0};
        write_long(path, kind);
        if (nst_image_read(path, &image, &info, &error) != NST_OK)
            fail_msg("%s", error.message);
        assert_int_equal(image.width, LONG_WIDTH);
        for (size_t i = 0; i < 3 * plane; i++)
            if (image.rgb[i % 3 * plane + i / 3] != (float)(i * 31 % 251) / 255.0f)
                fail_msg("kind %d: at %zu: %g", kind, i,
                         (double)(255.0f * image.rgb[i % 3 * plane + i / 3]));
        assert_int_equal(nst_file_sha256(path, digest, NULL), NST_OK);
        assert_string_equal(info.sha256, digest);
        assert_true(info.decode_bytes < 3 * plane * sizeof(float) + 100000);
        nst_image_destroy(&image);
        /* And one that ends too early. */
        assert_int_equal(truncate(path, (off_t)(2 * plane)), 0);
        assert_int_equal(nst_image_read(path, &image, &info, &error), NST_ERR_FORMAT);
        assert_null(image.rgb);
        unlink(path);
    }
}

static void test_bmp_from_the_bottom_and_from_the_top(void **state)
{
    (void)state;
    static const unsigned char rows[] = {/* blue, green, red; rows of 4 bytes times n */
                                         1, 2, 3, 4,  5,  6,  0, 0, /**/
                                         7, 8, 9, 10, 11, 12, 0, 0};
    blob b;
    bmp(&b, 2, 2, 24, rows, sizeof rows);
    expect("a.bmp", &b, 2, 2, 8, false, 255, (int[]){9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4});
    bmp(&b, 2, -2, 24, rows, sizeof rows);
    expect("a.bmp", &b, 2, 2, 8, false, 255, (int[]){3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10});
}

static void test_tga_of_plain_pixels(void **state)
{
    (void)state;
    static const unsigned char bgr[] = {1, 2, 3, 4, 5, 6};
    blob b;
    tga(&b, TGA_RGB, 1, 2, 24, TGA_FROM_TOP, bgr, sizeof bgr);
    expect("a.tga", &b, 1, 2, 8, false, 255, (int[]){3, 2, 1, 6, 5, 4});
    tga(&b, TGA_RGB, 1, 2, 24, 0, bgr, sizeof bgr);
    expect("A.TGA", &b, 1, 2, 8, false, 255, (int[]){6, 5, 4, 3, 2, 1});
    tga(&b, TGA_GREY, 3, 2, 8, TGA_FROM_TOP, bgr, sizeof bgr);
    expect("a.tga", &b, 3, 2, 8, false, 255,
           (int[]){1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6});
}

static void test_tga_of_runs(void **state)
{
    (void)state;
    /* Three times one pixel, then two of their own: rows of 3 and 2 pixels share no run. */
    static const unsigned char runs[] = {0x82, 10, 20, 30, 0x02, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    blob b;
    tga(&b, TGA_RGB_RUNS, 3, 2, 24, TGA_FROM_TOP, runs, sizeof runs);
    expect("a.tga", &b, 3, 2, 8, false, 255,
           (int[]){30, 20, 10, 30, 20, 10, 30, 20, 10, 3, 2, 1, 6, 5, 4, 9, 8, 7});
}

static void test_tga_with_alpha(void **state)
{
    (void)state;
    static const unsigned char bgra[] = {1, 2, 3, 0, 4, 5, 6, 128};
    blob b;
    tga(&b, TGA_RGB, 2, 1, 32, TGA_FROM_TOP | 8, bgra, sizeof bgra);
    expect("a.tga", &b, 2, 1, 8, true, 255, (int[]){3, 2, 1, 0, 6, 5, 4, 128});
}

static void test_tga_is_told_by_its_name_or_its_footer(void **state)
{
    (void)state;
    static const unsigned char bgr[] = {1, 2, 3};
    nst_image image = {0};
    nst_error error = {0};
    blob b;
    tga(&b, TGA_RGB, 1, 1, 24, TGA_FROM_TOP, bgr, sizeof bgr);
    assert_int_equal(nst_image_read_memory("a.img", b.bytes, b.size, &image, NULL, &error),
                     NST_ERR_FORMAT);
    blob_add(&b, "\0\0\0\0\0\0\0\0TRUEVISION-XFILE.", 26);
    expect("a.img", &b, 1, 1, 8, false, 255, (int[]){3, 2, 1});
}

/* ---- PNG ------------------------------------------------------------------------------------- */

static void test_png_of_bytes(void **state)
{
    (void)state;
    blob b;
    png_begin(&b, 2, 2, 8, PNG_RGB);
    png_end(&b, "\0\x01\x02\x03\xff\xfe\xfd\0\x00\x10\x20\x30\x40\x50", 14);
    expect("a.png", &b, 2, 2, 8, false, 255,
           (int[]){1, 2, 3, 255, 254, 253, 0, 16, 32, 48, 64, 80});
    png_begin(&b, 2, 1, 8, PNG_GREY);
    png_end(&b, "\0\x07\xf0", 3);
    expect("a.png", &b, 2, 1, 8, false, 255, (int[]){7, 7, 7, 240, 240, 240});
}

static void test_png_filters(void **state)
{
    (void)state;
    static const unsigned char rows[] = {0, 10, 20, 30, /* as they are */
                                         1, 1,  1,  1,  /* plus left: 1 2 3 */
                                         2, 1,  1,  1,  /* plus above: 2 3 4 */
                                         3, 9,  8,  7,  /* plus mean of both: 10 14 16 */
                                         4, 1,  1,  1}; /* plus Paeth's choice: 11 15 17 */
    blob b;
    png_begin(&b, 3, 5, 8, PNG_GREY);
    png_end(&b, rows, sizeof rows);
    static const int grey[] = {10, 20, 30, 1, 2, 3, 2, 3, 4, 10, 14, 16, 11, 15, 17};
    int pixels[45];
    for (int i = 0; i < 45; i++)
        pixels[i] = grey[i / 3];
    expect("a.png", &b, 3, 5, 8, false, 255, pixels);
}

static void test_png_of_few_bits(void **state)
{
    (void)state;
    blob b;
    png_begin(&b, 3, 1, 1, PNG_GREY);
    png_end(&b, "\0\xa0", 2);
    expect("a.png", &b, 3, 1, 8, false, 1, (int[]){1, 1, 1, 0, 0, 0, 1, 1, 1});
    png_begin(&b, 2, 1, 4, PNG_GREY);
    png_end(&b, "\0\x1e", 2);
    expect("a.png", &b, 2, 1, 8, false, 15, (int[]){1, 1, 1, 14, 14, 14});
}

static void test_png_of_16_bits(void **state)
{
    (void)state;
    blob b;
    png_begin(&b, 1, 1, 16, PNG_RGB);
    png_end(&b, "\0\x00\x01\x80\x00\xff\xfe", 7);
    expect("a.png", &b, 1, 1, 16, false, 65535, (int[]){1, 32768, 65534});
    png_begin(&b, 1, 1, 16, PNG_RGB_ALPHA);
    png_end(&b, "\0\x00\x01\x80\x00\xff\xfe\x12\x34", 9);
    expect("a.png", &b, 1, 1, 16, true, 65535, (int[]){1, 32768, 65534, 0x1234});
}

static void test_png_with_a_palette(void **state)
{
    (void)state;
    blob b;
    png_begin(&b, 4, 1, 2, PNG_PALETTE);
    png_chunk(&b, "PLTE", "\x01\x02\x03\x04\x05\x06\x07\x08\x09", 9);
    png_end(&b, "\0\x24", 2); /* 0 2 1 0 */
    expect("a.png", &b, 4, 1, 8, false, 255, (int[]){1, 2, 3, 7, 8, 9, 4, 5, 6, 1, 2, 3});
}

static void test_png_with_transparency(void **state)
{
    (void)state;
    blob b;
    png_begin(&b, 3, 1, 8, PNG_PALETTE);
    png_chunk(&b, "PLTE", "\x01\x02\x03\x04\x05\x06\x07\x08\x09", 9);
    png_chunk(&b, "tRNS", "\x00\x80", 2); /* the third has none: opaque */
    png_end(&b, "\0\x00\x01\x02", 4);
    expect("a.png", &b, 3, 1, 8, true, 255, (int[]){1, 2, 3, 0, 4, 5, 6, 128, 7, 8, 9, 255});
    png_begin(&b, 2, 1, 8, PNG_RGB);
    png_chunk(&b, "tRNS", "\x00\x01\x00\x02\x00\x03", 6); /* one transparent color */
    png_end(&b, "\0\x01\x02\x03\x01\x02\x04", 7);
    expect("a.png", &b, 2, 1, 8, true, 255, (int[]){1, 2, 3, 0, 1, 2, 4, 255});
    png_begin(&b, 2, 1, 8, PNG_GREY_ALPHA);
    png_end(&b, "\0\x09\x10\x08\xff", 5);
    expect("a.png", &b, 2, 1, 8, true, 255, (int[]){9, 9, 9, 16, 8, 8, 8, 255});
}

/* ---- JPEG ------------------------------------------------------------------------------------ */

static void test_jpeg_is_near_what_was_encoded(void **state)
{
    (void)state;
    enum { WIDTH = 21, HEIGHT = 13 };
    unsigned char rgb[WIDTH * HEIGHT * 3];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        rgb[3 * i] = (unsigned char)(i % WIDTH * 12);
        rgb[3 * i + 1] = (unsigned char)(i / WIDTH * 20);
        rgb[3 * i + 2] = 100;
    }
    nst_image image = image_of(WIDTH, HEIGHT, rgb, NULL);
    nst_file_info info;
    blob b;
    jpeg(&b, &image, 100);
    nst_image back = load("a.jpg", &b, &info);
    assert_int_equal(back.width, WIDTH);
    assert_int_equal(back.height, HEIGHT);
    assert_int_equal(info.bits, 8);
    assert_false(info.has_alpha);
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        if (!(fabsf(back.rgb[i] - image.rgb[i]) <= 2.0f / 255.0f))
            fail_msg("value %d: %g instead of %g", i, (double)back.rgb[i], (double)image.rgb[i]);
    nst_image_destroy(&back);
    nst_image_destroy(&image);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void test_sha256_is_of_the_whole_file(void **state)
{
    (void)state;
    /* printf 'P3 1 1 255 1 2 3\n' | sha256sum */
    blob b = text("P3 1 1 255 1 2 3\n");
    nst_file_info info;
    nst_image image = load("a.ppm", &b, &info);
    assert_string_equal(info.sha256,
                        "2557d4bcc02dce9b02c1fe8685139dad72735cb48a78b139c6c410eaf0b1b29d");
    nst_image_destroy(&image);
}

static void test_standard_input(void **state)
{
    (void)state;
    int ends[2], saved = dup(STDIN_FILENO);
    nst_image image = {0};
    nst_file_info info;
    nst_error error = {0};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "P2 1 1 1 1", 10), 10);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(nst_image_read("-", &image, &info, &error), NST_OK);
    assert_int_equal(info.format, NST_FORMAT_PNM);
    assert_true(image.rgb[0] == 1.0f);
    nst_image_destroy(&image);
    assert_int_equal(nst_image_read("-", &image, &info, &error), NST_ERR_FORMAT);
    assert_string_equal(error.message, "standard input: not an image of a format that is read "
                                       "(the file is empty)");
    dup2(saved, STDIN_FILENO);
    close(saved);
}

static void test_what_is_no_file(void **state)
{
    (void)state;
    nst_image image = {0};
    nst_error error = {0};
    assert_int_equal(nst_image_read("/nowhere/a.png", &image, NULL, &error), NST_ERR_IO);
    assert_string_equal(error.message, "/nowhere/a.png: No such file or directory");
    error = (nst_error){0};
    assert_int_equal(nst_image_read("/", &image, NULL, &error), NST_ERR_IO);
    assert_string_equal(error.message, "/: expected an image, found a folder");
    assert_null(image.rgb);
}

static void test_format_names(void **state)
{
    (void)state;
    assert_int_equal(nst_format_from_name("jpeg"), NST_FORMAT_JPEG);
    assert_int_equal(nst_format_from_name("PNG"), NST_FORMAT_PNG);
    assert_int_equal(nst_format_from_name("ppm"), NST_FORMAT_UNKNOWN); /* cannot be written */
    assert_int_equal(nst_format_from_name(""), NST_FORMAT_UNKNOWN);
    assert_int_equal(nst_format_from_path("a.b/c.JPG"), NST_FORMAT_JPEG);
    assert_int_equal(nst_format_from_path("a.png/c"), NST_FORMAT_UNKNOWN);
    assert_int_equal(nst_format_from_path(".png"), NST_FORMAT_UNKNOWN); /* a hidden file */
    assert_int_equal(nst_format_from_path("a.pgm"), NST_FORMAT_PNM);
    assert_string_equal(nst_format_extension(NST_FORMAT_JPEG), "jpg");
    assert_string_equal(nst_format_name(NST_FORMAT_TGA), "TGA");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ppm_of_bytes),
        cmocka_unit_test(test_pgm_of_bytes_is_grey),
        cmocka_unit_test(test_pnm_of_text),
        cmocka_unit_test(test_pnm_with_comments),
        cmocka_unit_test(test_pnm_of_any_maximum),
        cmocka_unit_test(test_files_are_read_by_blocks),
        cmocka_unit_test(test_bmp_from_the_bottom_and_from_the_top),
        cmocka_unit_test(test_tga_of_plain_pixels),
        cmocka_unit_test(test_tga_of_runs),
        cmocka_unit_test(test_tga_with_alpha),
        cmocka_unit_test(test_tga_is_told_by_its_name_or_its_footer),
        cmocka_unit_test(test_png_of_bytes),
        cmocka_unit_test(test_png_filters),
        cmocka_unit_test(test_png_of_few_bits),
        cmocka_unit_test(test_png_of_16_bits),
        cmocka_unit_test(test_png_with_a_palette),
        cmocka_unit_test(test_png_with_transparency),
        cmocka_unit_test(test_jpeg_is_near_what_was_encoded),
        cmocka_unit_test(test_sha256_is_of_the_whole_file),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_format_names),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
