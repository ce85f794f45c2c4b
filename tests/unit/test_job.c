/* Job files and records: written, read back, and refused when they are wrong. */
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

#include "arguments/job_file.h"
#include "arguments/parse.h"
#include "files/file.h"
#include "files/output.h"
#include "results/record.h"

static char folder[] = "/tmp/nst-test-job-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/job.json", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when a temporary file was left */
}

static nst_status load(const char *text, nst_args *args, nst_error *error)
{
    *error = (nst_error){0};
    assert_int_equal(nst_output_write(path, text, strlen(text), NULL), NST_OK);
    assert_int_equal(nst_args_default(args, NULL), NST_OK);
    return nst_job_load(path, args, error);
}

static void test_part_of_the_keys_is_enough(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    assert_int_equal(load("{}\n", &args, &error), NST_OK);
    assert_null(args.job.content);
    nst_args_destroy(&args);

    assert_int_equal(
        load("{\"content\": \"a/b.jpg\", \"options\": {\"size\": \"full\", \"seed\": 7, "
             "\"iterations\": 3, \"preset\": \"high\"}}",
             &args, &error),
        NST_OK);
    assert_string_equal(args.job.content, "a/b.jpg");
    assert_int_equal(args.job.options.size, 0);
    assert_true(args.job.options.seed == 7);
    assert_int_equal(args.job.options.iterations, 3); /* not the preset's */
    nst_args_destroy(&args);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", ":1:1: not valid JSON"},
        {"{\n \"content\": 'a'}", ":2:13: not valid JSON"},
        {"{} x", ":1:4: not valid JSON"},
        {"[]", ": expected a JSON object"},
        {"{\"options\": {\"sise\": 1}}", ": options.sise: unknown key (did you mean size?)"},
        {"{\"size\": 64}", ": size: belongs into \"options\""},
        {"{\"content\": \"a\", \"content\": \"b\"}", ": content: given twice"},
        {"{\"options\": {\"size\": \"64\"}}", ": options.size: expected a number or \"full\""},
        {"{\"options\": {\"size\": 12}}", ": options.size 12: expected 16 to 32768, or full"},
        {"{\"options\": {\"history\": 1.5}}", ": options.history 1.5: expected a whole number"},
        {"{\"options\": {\"tv-weight\": \"1\"}}", ": options.tv-weight: expected a number, got a"},
        {"{\"options\": {\"seed\": 1e19}}", ": options.seed: expected a number above 2^53 as"},
        {"{\"options\": {\"threads\": []}}", ": options.threads: expected a number, got a list"},
        {"{\"options\": 1}", ": options: expected an object, got a number"},
        {"{\"sha256\": {\"style\": \"12\"}}", ": sha256.style: expected 64 hexadecimal digits"},
        {"{\"sha256\": {\"style\": [1]}}", ": sha256.style: expected 64 hexadecimal digits"},
        {"{\"style\": []}", ": style: expected at least one"},
        {"{\"style\": [\"a\", 2]}", ": style: expected strings, got a number"},
        {"{\"style\": {}}", ": style: expected a string, got an object"},
        {"{\"style\": [\"a\", \"b@0\"]}", ": style b@0: expected a region of 1 to 8"},
        {"{\"content-mask\": [\"a\"]}", ": content-mask: expected a string, got a list"},
        {"{\"options\": {\"color\": \"red\"}}", ": options.color red: expected style, luma or"},
        {"{\"sha256\": {\"styles\": \"12\"}}", ": sha256.styles: unknown key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nst_args args;
        nst_error error;
        char expected[256];
        nst_status status = load(cases[i].text, &args, &error);
        nst_args_destroy(&args);
        assert_int_equal(status, NST_ERR_FORMAT);
        assert_int_equal(error.status, NST_ERR_FORMAT);
        snprintf(expected, sizeof expected, "%s%s", path, cases[i].message);
        if (strstr(error.message, expected) != error.message)
            fail_msg("expected '%s', got '%s'", expected, error.message);
    }
}

/* Each byte of a good job file left out or changed: an answer, whatever it is, and no crash. */
static void test_damaged_files(void **state)
{
    (void)state;
    static const char good[] =
        "{\"content\":\"a\\u00e9\",\"options\":{\"size\":64,\"seed\":\"9\",\"tv-weight\":0.5,"
        "\"style-layers\":\"relu1_1:1,relu2_1\",\"init\":\"noise\"},\"result\":{\"x\":[1,{}]}}";
    char text[sizeof good];
    for (size_t i = 0; i + 1 < sizeof good; i++) {
        for (int replacement = 0; replacement < 3; replacement++) {
            nst_args args;
            nst_error error;
            memcpy(text, good, sizeof good);
            if (replacement == 0)
                memmove(text + i, text + i + 1, sizeof good - i - 1);
            else
                text[i] = replacement == 1 ? '\xff' : '{';
            nst_status status = load(text, &args, &error);
            assert_true((status == NST_OK) == (error.message[0] == '\0'));
            nst_args_destroy(&args);
        }
    }
}

static void test_a_record_holds_all_settings(void **state)
{
    (void)state;
    nst_args args, again;
    const nst_result result = {
        .digests = {.styles[0] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                    .style_masks[1] =
                        "cb00361a396177a9cb410ff61f20015adba7816bf8f01cfea414140de5dae222"}};
    const char *const argv[] = {"nst",
                                "-c=weird \"name\"\n.png",
                                "-s",
                                "b\\c.jpg:0.1@2",
                                "-s",
                                "d:e.jpg",
                                "--content-mask=m \"1\".png",
                                "--style-mask=none",
                                "--style-mask=n.png",
                                "--color=luma",
                                "--style-stat=covariance",
                                "-oout.png",
                                "--seed=18446744073709551615",
                                "--tv-weight=0.1",
                                "--style-layers=relu1_1:0.3,relu5_4",
                                "-Sfull",
                                "--init=start.png",
                                "--optimizer=adam",
                                "-fjpg",
                                "--pooling=avg",
                                NULL};
    char *words[32];
    int argc = 0;
    for (; argv[argc]; argc++)
        words[argc] = (char *)argv[argc];
    words[argc] = NULL;
    assert_int_equal(nst_args_parse(argc, words, &args, NULL), NST_OK);
    args.record = strdup(path);
    assert_int_equal(nst_record_write(&args, &result, NULL), NST_OK);

    assert_int_equal(nst_args_default(&again, NULL), NST_OK);
    assert_int_equal(nst_job_load(path, &again, NULL), NST_OK);
    assert_string_equal(again.job.content, args.job.content);
    assert_string_equal(again.job.styles[0].path, args.job.styles[0].path);
    assert_int_equal(again.job.style_count, 2);
    assert_true(again.job.styles[0].weight == 0.1f && again.job.styles[0].region == 2);
    assert_string_equal(again.job.styles[1].path, "d:e.jpg");
    assert_string_equal(again.job.content_mask, "m \"1\".png");
    assert_int_equal(again.job.style_mask_count, 2);
    assert_null(again.job.style_masks[0]);
    assert_string_equal(again.job.style_masks[1], "n.png");
    assert_string_equal(again.job.expected.style_masks[0], "");
    assert_string_equal(again.job.expected.style_masks[1], result.digests.style_masks[1]);
    assert_string_equal(again.job.init, "start.png");
    assert_int_equal(again.job.format, NST_FORMAT_JPEG);
    assert_string_equal(again.recorded_version, NST_VERSION);
    assert_string_equal(again.job.expected.styles[0], result.digests.styles[0]);
    assert_string_equal(again.job.expected.content, "");
    /* Both structs began as copies of the same defaults, padding included. */
    assert_memory_equal(&again.job.options, &args.job.options, sizeof args.job.options);
    nst_args_destroy(&args);
    nst_args_destroy(&again);
}

static void test_files_are_replaced_whole(void **state)
{
    (void)state;
    struct stat file;
    char digest[65];
    nst_error error = {0};
    assert_int_equal(nst_output_write(path, "first", 5, NULL), NST_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(nst_output_write(path, "abc", 3, NULL), NST_OK);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0640);
    assert_int_equal(file.st_size, 3);
    assert_int_equal(nst_file_sha256(path, digest, NULL), NST_OK);
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(nst_output_write("/dev/full", "text", 4, &error), NST_ERR_IO);
    assert_int_equal(stat("/dev/full", &file), 0);
    assert_true(S_ISCHR(file.st_mode));
    assert_int_equal(nst_output_write(folder, "text", 4, NULL), NST_ERR_IO);
}

static void test_one_file_by_two_names(void **state)
{
    (void)state;
    char other[96];
    assert_int_equal(nst_output_write(path, "x", 1, NULL), NST_OK);
    snprintf(other, sizeof other, "%s/./job.json", folder);
    assert_true(nst_file_same(path, other));
    snprintf(other, sizeof other, "%s/link", folder);
    assert_int_equal(symlink(path, other), 0);
    assert_true(nst_file_same(path, other));
    unlink(other);
    assert_false(nst_file_same(path, other));
    assert_false(nst_file_same(NULL, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_part_of_the_keys_is_enough),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_damaged_files),
        cmocka_unit_test(test_a_record_holds_all_settings),
        cmocka_unit_test(test_files_are_replaced_whole),
        cmocka_unit_test(test_one_file_by_two_names),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
