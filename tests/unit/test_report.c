/* What a report is made of: curves, frames, thumbnails, text and links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "options/check.h"
#include "report/curve.h"
#include "report/gallery.h"
#include "report/html.h"
#include "report/report.h"

/* ---- curves ---------------------------------------------------------------------------------- */

static nst_curve make_curve(const int *iterations, int scales)
{
    nst_curve curve = {.wanted = true};
    int iteration = 0;
    for (int scale = 0; scale < scales; scale++)
        for (int i = 1; i <= iterations[scale]; i++) {
            iteration++;
            nst_curve_add(&curve, &(nst_progress){.scale = scale,
                                                  .iteration = i,
                                                  .iterations_done = iteration,
                                                  .losses = {.content = iteration}});
        }
    return curve;
}

static void test_short_curves_are_kept_whole(void **state)
{
    (void)state;
    nst_curve curve = make_curve((int[]){100, 1, 219}, 3);
    assert_int_equal(curve.count, 320);
    for (int i = 0; i < curve.count; i++)
        assert_int_equal(curve.points[i].iterations_done, i + 1);
    nst_curve_destroy(&curve);
}

static void test_long_curves_are_thinned(void **state)
{
    (void)state;
    const int iterations[] = {1001, 1, 2, 50000, 777};
    nst_curve curve = make_curve(iterations, 5);
    assert_in_range(curve.count, NST_CURVE_POINTS_MAX / 4, NST_CURVE_POINTS_MAX);
    for (int scale = 0; scale < 5; scale++) {
        int first = 0, last = 0;
        for (int i = 0; i < curve.count; i++) {
            const nst_curve_point *p = &curve.points[i];
            if (p->scale != scale)
                continue;
            first = first ? first : p->iteration;
            last = p->iteration;
            assert_true(p->losses.content == p->iterations_done);
            assert_true(i == 0 || p->iterations_done > p[-1].iterations_done);
        }
        assert_int_equal(first, 1);
        assert_int_equal(last, iterations[scale]);
    }
    nst_curve_destroy(&curve);
}

static void test_unwanted_curves_take_no_memory(void **state)
{
    (void)state;
    nst_curve curve = {0};
    nst_curve_add(&curve, &(nst_progress){.iterations_done = 1});
    assert_int_equal(curve.count, 0);
    assert_null(curve.points);
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void test_thumbnails_fit(void **state)
{
    (void)state;
    const int sizes[][4] = {{400, 200, 100, 50}, {50, 20, 50, 20}, {3000, 1, 100, 1}, {1, 1, 1, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        nst_image image = {0}, back = {0};
        nst_thumbnail thumbnail = {0};
        assert_int_equal(nst_image_create(sizes[i][0], sizes[i][1], 1, &image, NULL), NST_OK);
        nst_thumbnail_make(&image, 100, &thumbnail);
        assert_int_equal(thumbnail.width, sizes[i][2]);
        assert_int_equal(thumbnail.height, sizes[i][3]);
        assert_int_equal(
            nst_image_read_memory("thumbnail", thumbnail.jpeg, thumbnail.size, &back, NULL, NULL),
            NST_OK);
        assert_int_equal(back.width, sizes[i][2]);
        assert_true(back.rgb[0] > 0.97f); /* black, but transparent: the white behind it */
        nst_image_destroy(&image);
        nst_image_destroy(&back);
        nst_thumbnail_destroy(&thumbnail);
    }
}

static void test_frames_are_thinned(void **state)
{
    (void)state;
    float rgb[3 * 4 * 4] = {0};
    nst_gallery gallery = {.side = 30};
    for (int iteration = 5; iteration <= 5 * 1000; iteration += 5) {
        const nst_progress progress = {
            .width = 4, .height = 4, .rgb = rgb, .iterations_done = iteration};
        nst_gallery_add_frame(&gallery, &progress, 5);
    }
    assert_in_range(gallery.frame_count, NST_FRAMES_MAX / 2, NST_FRAMES_MAX);
    assert_int_equal(gallery.frame_count, 1000 / gallery.frame_stride);
    int step = gallery.frames[0].iterations_done;
    for (int i = 0; i < gallery.frame_count; i++) {
        assert_int_equal(gallery.frames[i].iterations_done, (i + 1) * step);
        assert_non_null(gallery.frames[i].picture.jpeg);
    }
    assert_true((gallery.frame_count + 1) * step > 5000);
    nst_gallery_destroy(&gallery);
}

static void test_pictures_shrink_when_there_are_many(void **state)
{
    (void)state;
    assert_int_equal(nst_report_side(NULL, 1), 0);
    assert_int_equal(nst_report_side("out.json", 1), 0);
    assert_int_equal(nst_report_side("out.html", 1), 1024);
    assert_int_equal(nst_report_side("out.htm", 8), 1024);
    assert_int_equal(nst_report_side("out.html", 32), 512);
    assert_int_equal(nst_report_side("out.html", 128), 320);
    assert_int_equal(nst_report_side("out.html", 500), 320);
    assert_int_equal(nst_report_side("out.html", 2000), 160);
    assert_int_equal(nst_report_side("OUT.HTML", 100000), 96);
}

/* ---- text and links -------------------------------------------------------------------------- */

typedef void printer(FILE *page, const char *a, const char *b);

/* To be freed. */
static char *printed(printer *print, const char *a, const char *b)
{
    char *text = NULL;
    size_t size = 0;
    FILE *page = open_memstream(&text, &size);
    assert_non_null(page);
    print(page, a, b);
    assert_int_equal(fclose(page), 0);
    return text;
}

static void expect(printer *print, const char *a, const char *b, const char *expected)
{
    char *text = printed(print, a, b);
    assert_string_equal(text, expected);
    free(text);
}

static void print_text(FILE *page, const char *a, const char *b)
{
    (void)b;
    nst_html_text(page, a);
}

static void print_link(FILE *page, const char *a, const char *b)
{
    nst_html_link(page, a, b, b);
}

static void print_base64(FILE *page, const char *a, const char *b)
{
    (void)b;
    nst_html_base64(page, (const unsigned char *)a, strlen(a));
}

static void print_policy(FILE *page, const char *a, const char *b)
{
    (void)b;
    nst_html_policy(page, a, strlen(a));
}

static void test_text_is_escaped(void **state)
{
    (void)state;
    expect(print_text, "<script>", NULL, "&#60;script&#62;");
    expect(print_text, "a\"b'c&d", NULL, "a&#34;b&#39;c&#38;d");
    expect(print_text, "a\nb\x7f\xff", NULL, "a&#65533;b&#65533;\xef\xbf\xbd");
    expect(print_text, "\xc3\xa9\xe2\x82", NULL, "\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
}

/* Whatever the bytes, nothing in the text can end an attribute or begin a tag. */
static void test_no_bytes_are_markup(void **state)
{
    (void)state;
    for (int a = 1; a < 256; a++)
        for (int b = 1; b < 256; b++) {
            const char pair[] = {(char)a, (char)b, '\0'};
            char *text = printed(print_text, pair, NULL);
            assert_null(strpbrk(text, "<>\"'\n\r\t"));
            for (const char *c = text; (c = strchr(c, '&')); c++)
                assert_int_equal(c[1], '#');
            free(text);
        }
}

/* RFC 4648, section 10; the SHA-256 of nothing. */
static void test_base64(void **state)
{
    (void)state;
    expect(print_base64, "", NULL, "");
    expect(print_base64, "f", NULL, "Zg==");
    expect(print_base64, "fo", NULL, "Zm8=");
    expect(print_base64, "foobar", NULL, "Zm9vYmFy");
    expect(print_base64, "\xff\xfe\xfd", NULL, "//79");
    expect(print_policy, "", NULL, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

static void touch(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void test_links_are_relative(void **state)
{
    (void)state;
    char folder[] = "/tmp/nst-links-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("out", 0700), 0);
    assert_int_equal(mkdir("out2", 0700), 0);
    assert_int_equal(mkdir("out/deep", 0700), 0);
    touch("a.png");
    touch("out/b c%.png");
    touch("out2/javascript:x.png");
    expect(print_link, "r.html", "a.png", "<a href=\"./a.png\"><bdi>a.png</bdi></a>");
    expect(print_link, "out/r.html", "a.png", "<a href=\"./../a.png\"><bdi>a.png</bdi></a>");
    expect(print_link, "out/deep/r.html", "out/b c%.png",
           "<a href=\"./../b%20c%25.png\"><bdi>out/b c%.png</bdi></a>");
    expect(print_link, "out/r.html", "out2/javascript:x.png",
           "<a href=\"./../out2/javascript%3Ax.png\"><bdi>out2/javascript:x.png</bdi></a>");
    expect(print_link, "out/r.html", "gone.png", "<bdi>gone.png</bdi>");
    unlink("a.png");
    unlink("out/b c%.png");
    unlink("out2/javascript:x.png");
    assert_int_equal(rmdir("out/deep") | rmdir("out") | rmdir("out2"), 0);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void test_names(void **state)
{
    (void)state;
    const char *good[] = {"a.html", "b/c.htm", "d.JSON", "a.b.json"};
    const char *bad[] = {"", "a", "a.png", "html", ".json", "a.html/b", "a.html/"};
    char *name = NULL;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_not_equal(nst_report_kind_of(good[i]), NST_REPORT_UNKNOWN);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(nst_report_kind_of(bad[i]), NST_REPORT_UNKNOWN);
    assert_int_equal(
        nst_report_name("out/a.b.html", &(nst_shard){.number = 2, .count = 4}, &name, NULL),
        NST_OK);
    assert_string_equal(name, "out/a.b.2-of-4.html");
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_curves_are_kept_whole),
        cmocka_unit_test(test_long_curves_are_thinned),
        cmocka_unit_test(test_unwanted_curves_take_no_memory),
        cmocka_unit_test(test_thumbnails_fit),
        cmocka_unit_test(test_frames_are_thinned),
        cmocka_unit_test(test_pictures_shrink_when_there_are_many),
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_no_bytes_are_markup),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_links_are_relative),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
