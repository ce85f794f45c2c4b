/* Writing pictures: what comes back is what was written, and a file appears whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/output.h"
#include "imageio/imageio.h"
#include "pictures.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/nst-test-output-XXXXXX";
static char path[128]; /* in it */

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a.png", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* fails when a temporary file was left */
}

static int count_files(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2; /* . and .. */
}

static void assert_content(const char *name, const char *text)
{
    char got[64] = "";
    int fd = open(name, O_RDONLY);
    assert_true(fd >= 0);
    assert_true(read(fd, got, sizeof got - 1) >= 0);
    close(fd);
    assert_string_equal(got, text);
}

static mode_t mode_of(const char *name)
{
    struct stat info;
    assert_int_equal(lstat(name, &info), 0);
    return info.st_mode & 0777;
}

static nst_status write_text(const char *name, const char *text, nst_error *error)
{
    *error = (nst_error){0};
    return nst_output_write(name, text, strlen(text), error);
}

/* ---- pictures -------------------------------------------------------------------------------- */

enum { WIDTH = 7, HEIGHT = 5, PIXELS = WIDTH * HEIGHT };

static nst_image sample(bool with_alpha)
{
    unsigned char rgb[3 * PIXELS], alpha[PIXELS];
    for (int i = 0; i < 3 * PIXELS; i++)
        rgb[i] = (unsigned char)(i * i + 3 * i);
    for (int i = 0; i < PIXELS; i++)
        alpha[i] = (unsigned char)(i < 10 ? 255 : i * 7);
    return image_of(WIDTH, HEIGHT, rgb, with_alpha ? alpha : NULL);
}

static nst_image write_and_read(nst_format format, const nst_image *image, nst_file_info *info)
{
    const nst_write_options options = {.format = format, .quality = 100};
    nst_image back = {0};
    nst_error error = {0};
    snprintf(path, sizeof path, "%s/a.%s", folder, nst_format_extension(format));
    if (nst_image_write(path, &options, image, &error) != NST_OK ||
        nst_image_read(path, &back, info, &error) != NST_OK)
        fail_msg("%s", error.message);
    assert_int_equal(count_files(), 1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(info->format, format);
    return back;
}

static void test_lossless_formats_give_back_what_they_got(void **state)
{
    (void)state;
    static const nst_format formats[] = {NST_FORMAT_PNG, NST_FORMAT_BMP, NST_FORMAT_TGA};
    for (int i = 0; i < 3; i++)
        for (int with_alpha = 0; with_alpha < 2; with_alpha++) {
            nst_image image = sample(with_alpha);
            nst_file_info info;
            nst_image back = write_and_read(formats[i], &image, &info);
            assert_int_equal(back.width, WIDTH);
            assert_int_equal(back.height, HEIGHT);
            assert_memory_equal(back.rgb, image.rgb, 3 * PIXELS * sizeof(float));
            bool alpha_kept = with_alpha && formats[i] != NST_FORMAT_BMP;
            assert_int_equal(back.alpha != NULL, alpha_kept);
            if (alpha_kept)
                assert_memory_equal(back.alpha, image.alpha, PIXELS * sizeof(float));
            nst_image_destroy(&back);
            nst_image_destroy(&image);
        }
}

static void test_jpeg_drops_alpha_and_heeds_quality(void **state)
{
    (void)state;
    nst_image image = sample(true);
    nst_file_info info;
    nst_image back = write_and_read(NST_FORMAT_JPEG, &image, &info);
    assert_null(back.alpha);
    blob low, high;
    jpeg(&low, &image, 10);
    jpeg(&high, &image, 95);
    assert_true(low.size < high.size);
    nst_image_destroy(&back);
    nst_image_destroy(&image);
}

static void test_values_are_clamped_and_rounded(void **state)
{
    (void)state;
    static const float in[] = {
        -1.0f, -0.0f,  2.0f,          INFINITY,       -INFINITY, NAN,
        1.0f,  1e-30f, 0.5f / 255.0f, 0.49f / 255.0f, 0.5f,      -NAN,
    };
    static const int out[] = {0, 0, 255, 255, 0, 0, 255, 0, 1, 0, 128, 0};
    enum { COUNT = sizeof in / sizeof in[0] };
    nst_image image = {0};
    nst_file_info info;
    assert_int_equal(nst_image_create(COUNT, 1, 1, &image, NULL), NST_OK);
    for (int c = 0; c < 3; c++)
        memcpy(image.rgb + c * COUNT, in, sizeof in);
    memcpy(image.alpha, in, sizeof in);
    nst_image back = write_and_read(NST_FORMAT_PNG, &image, &info);
    for (int i = 0; i < COUNT; i++) {
        for (int c = 0; c < 3; c++)
            assert_int_equal(lroundf(back.rgb[c * COUNT + i] * 255.0f), out[i]);
        assert_int_equal(lroundf(back.alpha[i] * 255.0f), out[i]);
    }
    nst_image_destroy(&back);
    nst_image_destroy(&image);
}

static void test_pictures_that_a_format_cannot_hold(void **state)
{
    (void)state;
    static const nst_format narrow[] = {NST_FORMAT_JPEG, NST_FORMAT_TGA};
    static const int most[] = {65500, 65535};
    nst_write_options options = {.format = NST_FORMAT_JPEG, .quality = 90};
    nst_image image = {0};
    snprintf(path, sizeof path, "%s/a.jpg", folder);
    assert_int_equal(nst_image_create(65536, 1, 0, &image, NULL), NST_OK);
    for (int i = 0; i < 2; i++) {
        nst_error error = {0};
        char expected[256];
        snprintf(expected, sizeof expected, "%s: 65536x1 pixels: a %s has at most %d on a side",
                 path, nst_format_name(narrow[i]), most[i]);
        options.format = narrow[i];
        assert_int_equal(nst_image_write(path, &options, &image, &error), NST_ERR_ARGUMENT);
        assert_string_equal(error.message, expected);
    }
    options.format = NST_FORMAT_PNM;
    assert_int_equal(nst_image_write(path, &options, &image, NULL), NST_ERR_ARGUMENT);
    image.width = image.height = INT_MAX; /* nobody looks at the pixels */
    options.format = NST_FORMAT_PNG;
    assert_int_equal(nst_image_write(path, &options, &image, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(count_files(), 0);
    nst_image_destroy(&image);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void test_new_files_follow_the_umask(void **state)
{
    (void)state;
    nst_error error;
    mode_t mask = umask(027);
    assert_int_equal(write_text(path, "new", &error), NST_OK);
    assert_int_equal(umask(mask), 027); /* as it was */
    assert_int_equal(mode_of(path), 0640);
    assert_content(path, "new");
    unlink(path);
}

static void test_permissions_are_kept(void **state)
{
    (void)state;
    nst_error error;
    assert_int_equal(write_text(path, "old", &error), NST_OK);
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(write_text(path, "new", &error), NST_OK);
    assert_int_equal(mode_of(path), 0604);
    assert_content(path, "new");
    unlink(path);
}

static void test_links_stay_links(void **state)
{
    (void)state;
    char link[128], second[128];
    struct stat info;
    nst_error error;
    snprintf(link, sizeof link, "%s/link.png", folder);
    snprintf(second, sizeof second, "%s/second.png", folder);
    assert_int_equal(write_text(path, "old", &error), NST_OK);
    const char *slash = strrchr(path, '/');
    assert_int_equal(symlink(slash + 1, link), 0); /* relative, */
    assert_int_equal(symlink(link, second), 0);    /* and a link to that */
    assert_int_equal(nst_output_check(second, &error), NST_OK);
    assert_int_equal(write_text(second, "new", &error), NST_OK);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(lstat(second, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_content(path, "new");
    unlink(second);
    unlink(link);
    unlink(path);
}

/* The disk is full half way: here, files may not grow beyond 4096 bytes. */
static void test_a_failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    struct rlimit old, small;
    static const char bytes[8192];
    nst_error error;
    assert_int_equal(write_text(path, "old", &error), NST_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){4096, old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    nst_status status = nst_output_write(path, bytes, sizeof bytes, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, NST_ERR_IO);
    assert_int_equal(strncmp(error.message, path, strlen(path)), 0);
    assert_string_equal(error.message + strlen(path), ": File too large");
    assert_content(path, "old");
    assert_int_equal(count_files(), 1);
    unlink(path);
}

static void test_devices_are_written_into(void **state)
{
    (void)state;
    struct stat info;
    nst_error error;
    assert_int_equal(write_text("/dev/null", "gone", &error), NST_OK);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    assert_int_equal(write_text("/dev/full", "more", &error), NST_ERR_IO);
    assert_string_equal(error.message, "/dev/full: No space left on device");
    assert_int_equal(nst_output_check("/dev/null", NULL), NST_OK);
}

static void test_standard_output(void **state)
{
    (void)state;
    nst_error error;
    int saved = dup(STDOUT_FILENO), ends[2], full = open("/dev/full", O_WRONLY);
    char got[8] = "";
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    dup2(ends[1], STDOUT_FILENO);
    nst_status status = write_text("-", "bytes", &error);
    dup2(full, STDOUT_FILENO);
    nst_status failed = write_text("-", "bytes", &error);
    dup2(saved, STDOUT_FILENO);
    assert_int_equal(status, NST_OK);
    assert_int_equal(read(ends[0], got, sizeof got), 5);
    assert_string_equal(got, "bytes");
    assert_int_equal(failed, NST_ERR_IO);
    assert_string_equal(error.message, "standard output: No space left on device");
    assert_int_equal(nst_output_check("-", NULL), NST_OK);
    close(ends[0]);
    close(ends[1]);
    close(full);
    close(saved);
}

/* Both the check beforehand and the writing refuse it, and nothing appears. */
static void refuse(const char *name, const char *reason)
{
    nst_error error = {0};
    int before = count_files();
    assert_int_equal(nst_output_check(name, &error), NST_ERR_IO);
    if (!strstr(error.message, reason))
        fail_msg("expected \"%s\" in \"%s\"", reason, error.message);
    assert_int_equal(write_text(name, "text", &error), NST_ERR_IO);
    assert_int_equal(strncmp(error.message, name, strlen(name)), 0);
    assert_int_equal(count_files(), before);
}

static void test_paths_that_cannot_be(void **state)
{
    (void)state;
    char name[6000];
    nst_error error = {0};
    refuse(folder, ": Is a directory");
    snprintf(name, sizeof name, "%s/none/a.png", folder);
    refuse(name, ": there is no folder /");
    snprintf(name, sizeof name, "%s/none/", folder);
    refuse(name, ": expected the name of a file");
    assert_int_equal(write_text(path, "a file", &error), NST_OK);
    snprintf(name, sizeof name, "%s/a.png", path);
    refuse(name, ": Not a directory");
    unlink(path);
    assert_int_equal(nst_output_check("", &error), NST_ERR_IO);
    assert_string_equal(error.message, "the output has no name");
}

static void test_names_that_are_too_long(void **state)
{
    (void)state;
    char name[6000];
    nst_error error = {0};
    snprintf(name, sizeof name, "%s/%0300d.png", folder, 0);
    assert_int_equal(nst_output_check(name, &error), NST_ERR_IO);
    assert_int_equal(write_text(name, "text", &error), NST_ERR_IO);
    /* Cut at any place, this one would be a file of the folder. */
    int used = snprintf(name, sizeof name, "%s", folder);
    while (used < 5000)
        used += snprintf(name + used, sizeof name - (size_t)used, "/.");
    snprintf(name + used, sizeof name - (size_t)used, "/a.png");
    assert_int_equal(nst_output_check(name, &error), NST_ERR_IO);
    assert_int_equal(write_text(name, "text", &error), NST_ERR_IO);
    assert_int_equal(count_files(), 0);
}

static void test_folder_that_takes_no_files(void **state)
{
    (void)state;
    bool is_root = geteuid() == 0; /* who may write anywhere: be somebody else for the test */
    assert_int_equal(chmod(folder, 0555), 0);
    if (is_root)
        assert_int_equal(seteuid(65534), 0);
    nst_error checked = {0}, written = {0};
    nst_status check = nst_output_check(path, &checked);
    nst_status status = nst_output_write(path, "text", 4, &written);
    if (is_root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(check, NST_ERR_IO);
    assert_int_equal(status, NST_ERR_IO);
    assert_non_null(strstr(checked.message, ": Permission denied"));
    assert_non_null(strstr(written.message, ": Permission denied"));
}

static void test_checking_leaves_nothing_behind(void **state)
{
    (void)state;
    nst_error error = {0};
    assert_int_equal(nst_output_check(path, &error), NST_OK);
    assert_int_equal(count_files(), 0);
    assert_int_equal(write_text(path, "old", &error), NST_OK);
    assert_int_equal(nst_output_check(path, &error), NST_OK);
    assert_int_equal(count_files(), 1);
    assert_content(path, "old");
    unlink(path);
}

static void test_names_without_a_folder(void **state)
{
    (void)state;
    nst_error error = {0};
    char old[PATH_MAX];
    assert_non_null(getcwd(old, sizeof old));
    assert_int_equal(chdir(folder), 0);
    nst_status check = nst_output_check("b", &error), status = write_text("b", "text", &error);
    assert_int_equal(chdir(old), 0);
    assert_int_equal(check, NST_OK);
    assert_int_equal(status, NST_OK);
    snprintf(path, sizeof path, "%s/b", folder);
    assert_content(path, "text");
    unlink(path);
}

/* Between looking and writing somebody else may put a file there. */
static void test_a_file_that_came_in_between_is_left_alone(void **state)
{
    (void)state;
    nst_output output;
    bool placed;
    snprintf(path, sizeof path, "%s/late.png", folder);
    assert_int_equal(nst_output_prepare(path, "ours", 4, &output, NULL), NST_OK);
    nst_error error = {0};
    assert_int_equal(write_text(path, "theirs", &error), NST_OK);
    assert_int_equal(nst_output_place(&output, false, &placed, NULL), NST_OK);
    assert_false(placed);
    assert_content(path, "theirs");
    assert_int_equal(count_files(), 1);

    assert_int_equal(nst_output_prepare(path, "ours", 4, &output, NULL), NST_OK);
    assert_int_equal(nst_output_place(&output, true, &placed, NULL), NST_OK);
    assert_true(placed);
    assert_content(path, "ours");
    unlink(path);

    assert_int_equal(nst_output_prepare(path, "new", 3, &output, NULL), NST_OK);
    nst_output_drop(&output);
    assert_int_equal(count_files(), 0);
    assert_int_equal(nst_output_prepare(path, "new", 3, &output, NULL), NST_OK);
    assert_int_equal(nst_output_place(&output, false, &placed, NULL), NST_OK);
    assert_true(placed);
    assert_content(path, "new");
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lossless_formats_give_back_what_they_got),
        cmocka_unit_test(test_jpeg_drops_alpha_and_heeds_quality),
        cmocka_unit_test(test_values_are_clamped_and_rounded),
        cmocka_unit_test(test_pictures_that_a_format_cannot_hold),
        cmocka_unit_test(test_new_files_follow_the_umask),
        cmocka_unit_test(test_permissions_are_kept),
        cmocka_unit_test(test_links_stay_links),
        cmocka_unit_test(test_a_failed_write_leaves_the_old_file),
        cmocka_unit_test(test_devices_are_written_into),
        cmocka_unit_test(test_standard_output),
        cmocka_unit_test(test_paths_that_cannot_be),
        cmocka_unit_test(test_names_that_are_too_long),
        cmocka_unit_test(test_folder_that_takes_no_files),
        cmocka_unit_test(test_checking_leaves_nothing_behind),
        cmocka_unit_test(test_names_without_a_folder),
        cmocka_unit_test(test_a_file_that_came_in_between_is_left_alone),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
