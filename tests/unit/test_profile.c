/* Embedded color profiles: what is read is sRGB, whatever the file says its numbers mean. Little
 * CMS makes the profiles and, in floating point, the expected colors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "imageio/imageio.h"
#include "pictures.h"

#include <lcms2.h>
#include <math.h>

enum { WIDTH = 6, HEIGHT = 6, PIXELS = WIDTH * HEIGHT };

static blob save(cmsHPROFILE profile)
{
    blob b = {0};
    cmsUInt32Number size = 0;
    assert_true(cmsSaveProfileToMem(profile, NULL, &size));
    assert_true(size <= sizeof b.bytes);
    assert_true(cmsSaveProfileToMem(profile, b.bytes, &size));
    b.size = size;
    cmsCloseProfile(profile);
    return b;
}

/* Gamma 1.8 and primaries far outside of sRGB (those of ProPhoto). */
static blob wide_profile(void)
{
    const cmsCIExyYTRIPLE primaries = {
        {0.7347, 0.2653, 1.0}, {0.1596, 0.8404, 1.0}, {0.0366, 0.0001, 1.0}};
    cmsToneCurve *gamma = cmsBuildGamma(NULL, 1.8);
    cmsToneCurve *curves[] = {gamma, gamma, gamma};
    blob b = save(cmsCreateRGBProfile(cmsD50_xyY(), &primaries, curves));
    cmsFreeToneCurve(gamma);
    return b;
}

static blob linear_grey_profile(void)
{
    cmsToneCurve *gamma = cmsBuildGamma(NULL, 1.0);
    blob b = save(cmsCreateGrayProfile(cmsD50_xyY(), gamma));
    cmsFreeToneCurve(gamma);
    return b;
}

static blob srgb_profile(void)
{
    return save(cmsCreate_sRGBProfile());
}

/* Colors over the whole cube, 0..255. */
static void colors(unsigned char rgb[3 * PIXELS])
{
    for (int i = 0; i < PIXELS; i++) {
        rgb[3 * i] = (unsigned char)(i % 6 * 51);
        rgb[3 * i + 1] = (unsigned char)(i / 6 * 51);
        rgb[3 * i + 2] = (unsigned char)(i * 7);
    }
}

/* rgb: 3 * PIXELS values in [0,1], or PIXELS ones of grey; what they are in sRGB. */
static void to_srgb(const blob *icc, int channels, const double *in, double out[3 * PIXELS])
{
    cmsHPROFILE from = cmsOpenProfileFromMem(icc->bytes, (cmsUInt32Number)icc->size);
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(
        from, channels == 1 ? TYPE_GRAY_DBL : TYPE_RGB_DBL, to, TYPE_RGB_DBL,
        INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE);
    assert_non_null(transform);
    cmsDoTransform(transform, in, out, PIXELS);
    for (int i = 0; i < 3 * PIXELS; i++)
        out[i] = fmin(fmax(out[i], 0.0), 1.0); /* colors that sRGB does not have */
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
}

static nst_image load(const blob *b, nst_file_info *info)
{
    nst_image image = {0};
    nst_error error = {0};
    if (nst_image_read_memory("a", b->bytes, b->size, &image, info, &error) != NST_OK)
        fail_msg("%s", error.message);
    return image;
}

/* That the picture, as read, is near these interleaved values. */
static void expect(const blob *b, bool applied, const double *rgb)
{
    nst_file_info info;
    nst_image image = load(b, &info);
    assert_int_equal(info.profile_applied, applied);
    assert_int_equal(image.width * image.height, PIXELS);
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < 3; c++)
            if (!(fabs(image.rgb[c * PIXELS + i] - rgb[3 * i + c]) <= 2.0 / 255.0))
                fail_msg("pixel %d, channel %d: %g instead of %g", i, c,
                         (double)image.rgb[c * PIXELS + i], rgb[3 * i + c]);
    nst_image_destroy(&image);
}

/* A picture of these colors with a profile, and the values that it stores. */
static blob rgb_png_of(int color, int depth, const blob *icc, double stored[3 * PIXELS])
{
    unsigned char rgb[3 * PIXELS];
    blob b, rows = {0}, chunk = {0};
    colors(rgb);
    for (int i = 0; i < 3 * PIXELS; i++) {
        if (i % (3 * WIDTH) == 0)
            blob_big(&rows, 0, 1);
        blob_big(&rows, depth == 16 ? rgb[i] * 257u : rgb[i], depth / 8);
        if (color == PNG_RGB_ALPHA && i % 3 == 2)
            blob_big(&rows, (uint32_t)i, depth / 8);
        stored[i] = rgb[i] / 255.0;
    }
    blob_add(&chunk, "name\0\0", 6);
    zlib_stored(&chunk, icc->bytes, icc->size);
    png_begin(&b, WIDTH, HEIGHT, depth, color);
    png_chunk(&b, "iCCP", chunk.bytes, chunk.size);
    png_end(&b, rows.bytes, rows.size);
    return b;
}

static blob rgb_png(int depth, const blob *icc, double stored[3 * PIXELS])
{
    return rgb_png_of(PNG_RGB, depth, icc, stored);
}

/* Without a profile yet; what is stored is what is read of it so. */
static blob rgb_jpeg(double stored[3 * PIXELS])
{
    unsigned char rgb[3 * PIXELS];
    nst_file_info info;
    blob b;
    colors(rgb);
    nst_image image = image_of(WIDTH, HEIGHT, rgb, NULL);
    jpeg(&b, &image, 100);
    nst_image_destroy(&image);
    image = load(&b, &info);
    for (int i = 0; i < 3 * PIXELS; i++)
        stored[i] = image.rgb[i % 3 * PIXELS + i / 3];
    nst_image_destroy(&image);
    return b;
}

/* One segment with a piece of a profile. */
static void insert_piece(blob *b, int number, int count, const unsigned char *data, size_t size)
{
    blob piece = {0};
    blob_add(&piece, "ICC_PROFILE", 12);
    blob_big(&piece, (uint32_t)number, 1);
    blob_big(&piece, (uint32_t)count, 1);
    blob_add(&piece, data, size);
    jpeg_insert(b, 0xe2, piece.bytes, piece.size);
}

static void test_png_with_a_profile(void **state)
{
    (void)state;
    double stored[3 * PIXELS], wanted[3 * PIXELS], moved = 0.0;
    blob icc = wide_profile();
    for (int depth = 8; depth <= 16; depth += 8) {
        blob b = rgb_png(depth, &icc, stored);
        to_srgb(&icc, 3, stored, wanted);
        expect(&b, true, wanted);
        b = rgb_png_of(PNG_RGB_ALPHA, depth, &icc, stored);
        expect(&b, true, wanted);
    }
    for (int i = 0; i < 3 * PIXELS; i++)
        moved = fmax(moved, fabs(stored[i] - wanted[i]));
    assert_true(moved > 0.2); /* or the test would not see a profile ignored */
}

static void test_grey_png_with_a_profile(void **state)
{
    (void)state;
    double stored[PIXELS], wanted[3 * PIXELS];
    blob icc = linear_grey_profile(), b, rows = {0}, chunk = {0};
    for (int i = 0; i < PIXELS; i++) {
        if (i % WIDTH == 0)
            blob_big(&rows, 0, 1);
        blob_big(&rows, (uint32_t)i * 7, 1);
        blob_big(&rows, (uint32_t)i, 1); /* alpha */
        stored[i] = i * 7 / 255.0;
    }
    blob_add(&chunk, "name\0\0", 6);
    zlib_stored(&chunk, icc.bytes, icc.size);
    png_begin(&b, WIDTH, HEIGHT, 8, PNG_GREY_ALPHA);
    png_chunk(&b, "iCCP", chunk.bytes, chunk.size);
    png_end(&b, rows.bytes, rows.size);
    to_srgb(&icc, 1, stored, wanted);
    expect(&b, true, wanted);

    nst_file_info info;
    nst_image image = load(&b, &info);
    for (int i = 0; i < PIXELS; i++) /* alpha is no color */
        assert_true(fabs(image.alpha[i] - i / 255.0) < 1e-6);
    nst_image_destroy(&image);
}

static void test_jpeg_with_a_profile(void **state)
{
    (void)state;
    double stored[3 * PIXELS], wanted[3 * PIXELS];
    blob icc = wide_profile(), b = rgb_jpeg(stored);
    to_srgb(&icc, 3, stored, wanted);
    insert_piece(&b, 1, 1, icc.bytes, icc.size);
    expect(&b, true, wanted);
}

static void test_jpeg_with_a_profile_in_pieces(void **state)
{
    (void)state;
    double stored[3 * PIXELS], wanted[3 * PIXELS];
    blob icc = wide_profile();
    size_t half = icc.size / 2;
    blob plain = rgb_jpeg(stored), b = plain;
    to_srgb(&icc, 3, stored, wanted);
    insert_piece(&b, 2, 2, icc.bytes + half, icc.size - half); /* each goes to the front */
    insert_piece(&b, 1, 2, icc.bytes, half);
    expect(&b, true, wanted);
    b = plain;
    insert_piece(&b, 1, 2, icc.bytes, half);
    insert_piece(&b, 2, 2, icc.bytes + half, icc.size - half); /* the second comes first */
    expect(&b, true, wanted);

    b = plain;
    insert_piece(&b, 1, 2, icc.bytes, icc.size); /* one of them is missing */
    expect(&b, false, stored);
    b = plain;
    insert_piece(&b, 1, 1, icc.bytes, icc.size); /* the same number twice */
    insert_piece(&b, 1, 1, icc.bytes, icc.size);
    expect(&b, false, stored);
    b = plain;
    insert_piece(&b, 0, 1, icc.bytes, icc.size); /* they count from 1 */
    expect(&b, false, stored);
}

static void test_srgb_profile_changes_nothing(void **state)
{
    (void)state;
    double stored[3 * PIXELS];
    blob icc = srgb_profile(), b = rgb_png(8, &icc, stored);
    nst_file_info info;
    nst_image image = load(&b, &info);
    assert_false(info.profile_applied);
    for (int i = 0; i < 3 * PIXELS; i++)
        assert_true(fabs(image.rgb[i % 3 * PIXELS + i / 3] - stored[i]) < 1e-7);
    nst_image_destroy(&image);
}

static void test_profile_of_another_kind_is_ignored(void **state)
{
    (void)state;
    double stored[3 * PIXELS];
    blob icc = wide_profile();
    memcpy(icc.bytes + 16, "CMYK", 4); /* the colors that it is about */
    blob b = rgb_png(8, &icc, stored);
    expect(&b, false, stored);
    icc = linear_grey_profile();
    b = rgb_png(8, &icc, stored);
    expect(&b, false, stored);
}

/* Whatever the profile, the picture is read; and without a usable profile it stays as it is. */
static void test_broken_profile_does_not_keep_from_reading(void **state)
{
    (void)state;
    double stored[3 * PIXELS];
    blob whole = wide_profile(), b;
    for (size_t size = 0; size < whole.size; size += size < 160 ? 1 : 13) {
        blob icc = whole;
        icc.size = size;
        b = rgb_png(8, &icc, stored);
        nst_file_info info;
        nst_image image = load(&b, &info);
        if (size < 132) /* not even the table of contents */
            assert_false(info.profile_applied);
        nst_image_destroy(&image);
    }
    for (size_t i = 0; i < whole.size; i += 5) {
        blob icc = whole;
        icc.bytes[i] ^= 0xff;
        b = rgb_png(8, &icc, stored);
        nst_file_info info;
        nst_image image = load(&b, &info);
        for (int k = 0; k < 3 * PIXELS; k++)
            assert_true(image.rgb[k] >= 0.0f && image.rgb[k] <= 1.0f);
        nst_image_destroy(&image);
    }
    memset(whole.bytes, 'x', whole.size);
    b = rgb_png(8, &whole, stored);
    expect(&b, false, stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png_with_a_profile),
        cmocka_unit_test(test_grey_png_with_a_profile),
        cmocka_unit_test(test_jpeg_with_a_profile),
        cmocka_unit_test(test_jpeg_with_a_profile_in_pieces),
        cmocka_unit_test(test_srgb_profile_changes_nothing),
        cmocka_unit_test(test_profile_of_another_kind_is_ignored),
        cmocka_unit_test(test_broken_profile_does_not_keep_from_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
