/* Which way is up: one asymmetric picture, stored in all eight ways that EXIF knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "imageio/imageio.h"
#include "pictures.h"

#include <math.h>

/* What is stored is 3x2 and reads "abc" over "def". EXIF says where on the upright picture the
 * first row and the first column of the stored one are. */
static const struct {
    int orientation, width, height;
    const char *upright;
} expected[] = {
    {1, 3, 2, "abcdef"}, /* row at the top, column at the left */
    {2, 3, 2, "cbafed"}, /* top, right */
    {3, 3, 2, "fedcba"}, /* bottom, right */
    {4, 3, 2, "defabc"}, /* bottom, left */
    {5, 2, 3, "adbecf"}, /* left, top */
    {6, 2, 3, "daebfc"}, /* right, top */
    {7, 2, 3, "fcebda"}, /* right, bottom */
    {8, 2, 3, "cfbead"}, /* left, bottom */
};
enum { ORIENTATIONS = sizeof expected / sizeof expected[0] };

static int level(char letter)
{
    return 20 + 40 * (letter - 'a');
}

static blob stored_jpeg(void)
{
    unsigned char rgb[18];
    for (int i = 0; i < 18; i++)
        rgb[i] = (unsigned char)level("abcdef"[i / 3]);
    nst_image image = image_of(3, 2, rgb, NULL);
    blob b;
    jpeg(&b, &image, 100);
    nst_image_destroy(&image);
    return b;
}

/* Grey and alpha, so that alpha is seen to turn as well; exif may be NULL. */
static blob stored_png(const blob *exif)
{
    unsigned char rows[2 * 7];
    for (int i = 0; i < 6; i++) {
        rows[i / 3 * 7] = 0;
        rows[i / 3 * 7 + 1 + i % 3 * 2] = (unsigned char)level("abcdef"[i]);
        rows[i / 3 * 7 + 2 + i % 3 * 2] = (unsigned char)(level("abcdef"[i]) + 5);
    }
    blob b;
    png_begin(&b, 3, 2, 8, PNG_GREY_ALPHA);
    if (exif)
        png_chunk(&b, "eXIf", exif->bytes, exif->size);
    png_end(&b, rows, sizeof rows);
    return b;
}

static void expect(const blob *b, int orientation, int width, int height, const char *upright,
                   double tolerance)
{
    nst_image image = {0};
    nst_file_info info;
    nst_error error = {0};
    if (nst_image_read_memory("a", b->bytes, b->size, &image, &info, &error) != NST_OK)
        fail_msg("%s", error.message);
    assert_int_equal(info.orientation, orientation);
    assert_int_equal(info.width, width);
    assert_int_equal(info.height, height);
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, height);
    for (int i = 0; i < 6; i++) {
        for (int c = 0; c < 3; c++)
            if (fabs(image.rgb[c * 6 + i] * 255.0 - level(upright[i])) > tolerance)
                fail_msg("orientation %d: pixel %d is %g, not %c", orientation, i,
                         image.rgb[c * 6 + i] * 255.0, upright[i]);
        if (image.alpha && fabs(image.alpha[i] * 255.0 - level(upright[i]) - 5) > 1e-4)
            fail_msg("orientation %d: alpha of pixel %d is %g", orientation, i,
                     image.alpha[i] * 255.0);
    }
    nst_image_destroy(&image);
}

static void test_jpeg_in_all_orientations(void **state)
{
    (void)state;
    for (int i = 0; i < ORIENTATIONS; i++)
        for (int big_endian = 0; big_endian < 2; big_endian++) {
            blob b = stored_jpeg(), block = {0};
            blob_add(&block, "Exif\0\0", 6);
            exif(&block, big_endian, expected[i].orientation);
            jpeg_insert(&b, 0xe1, block.bytes, block.size);
            expect(&b, expected[i].orientation, expected[i].width, expected[i].height,
                   expected[i].upright, 2.0);
        }
}

static void test_png_in_all_orientations(void **state)
{
    (void)state;
    for (int i = 0; i < ORIENTATIONS; i++)
        for (int big_endian = 0; big_endian < 2; big_endian++) {
            blob block = {0};
            exif(&block, big_endian, expected[i].orientation);
            blob b = stored_png(&block);
            expect(&b, expected[i].orientation, expected[i].width, expected[i].height,
                   expected[i].upright, 1e-4);
        }
}

static void test_upright_without_exif(void **state)
{
    (void)state;
    blob b = stored_jpeg();
    expect(&b, 1, 3, 2, "abcdef", 2.0);
    b = stored_png(NULL);
    expect(&b, 1, 3, 2, "abcdef", 1e-4);
}

static void test_nonsense_is_upright(void **state)
{
    (void)state;
    static const int nonsense[] = {0, 9, 6 << 8, 65535};
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        blob block = {0};
        exif(&block, 0, nonsense[i]);
        blob b = stored_png(&block);
        expect(&b, 1, 3, 2, "abcdef", 1e-4);
    }
}

/* Any beginning of an EXIF block, down to nothing: it says something or it does not, and the
 * picture is read all the same. */
static void test_broken_exif_does_not_keep_from_reading(void **state)
{
    (void)state;
    blob whole = {0};
    blob_add(&whole, "Exif\0\0", 6);
    exif(&whole, 0, 3);
    for (size_t size = 0; size < whole.size; size++) {
        blob b = stored_jpeg();
        nst_image image = {0};
        nst_file_info info;
        jpeg_insert(&b, 0xe1, whole.bytes, size);
        assert_int_equal(nst_image_read_memory("a", b.bytes, b.size, &image, &info, NULL), NST_OK);
        assert_true(info.orientation == 1 || info.orientation == 3);
        nst_image_destroy(&image);
    }
}

static void test_other_segments_of_the_same_kind_are_passed_over(void **state)
{
    (void)state;
    blob b = stored_jpeg(), block = {0};
    blob_add(&block, "Exif\0\0", 6);
    exif(&block, 1, 6);
    jpeg_insert(&b, 0xe1, block.bytes, block.size);
    jpeg_insert(&b, 0xe1, "http://ns.adobe.com/xap/1.0/", 29); /* in front of it */
    expect(&b, 6, 2, 3, "daebfc", 2.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_in_all_orientations),
        cmocka_unit_test(test_png_in_all_orientations),
        cmocka_unit_test(test_upright_without_exif),
        cmocka_unit_test(test_nonsense_is_upright),
        cmocka_unit_test(test_broken_exif_does_not_keep_from_reading),
        cmocka_unit_test(test_other_segments_of_the_same_kind_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
