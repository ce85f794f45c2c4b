/* What batches stand on: natural order, shards, journals, locks, names of results, UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/run.h"
#include "list/listing.h"
#include "options/shard.h"
#include "results/journal.h"
#include "results/result.h"
#include "util/utf8.h"

static char folder[] = "/tmp/nst-test-batch-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/" NST_JOURNAL_NAME, folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

/* ---- order ----------------------------------------------------------------------------------- */

static void test_natural_order(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"2.jpg", "10.jpg"}, {"a2", "a10"},
        {"a9b10", "a10b2"},  {"a", "B"},
        {"IMG_2", "img_10"}, {"a1", "a1b"},
        {"", "0"},           {"01", "1"},
        {"a01", "a1"},       {"x99999999999999999999999", "x100000000000000000000000"},
        {"1.5", "1.10"},     {"a-1", "a-2"},
        {"2", "a"},          {"\xc3\xa4", "\xc3\xb6"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (nst_natural_compare(pairs[i][0], pairs[i][1]) >= 0 ||
            nst_natural_compare(pairs[i][1], pairs[i][0]) <= 0)
            fail_msg("expected '%s' before '%s'", pairs[i][0], pairs[i][1]);
        assert_int_equal(nst_natural_compare(pairs[i][0], pairs[i][0]), 0);
    }
}

/* ---- shards ---------------------------------------------------------------------------------- */

static void test_every_job_is_in_one_shard(void **state)
{
    (void)state;
    for (int count = 1; count <= 9; count++) {
        for (int job = 0; job < 20; job++) {
            int owners = 0;
            for (int number = 1; number <= count; number++)
                owners += nst_shard_has(&(nst_shard){.number = number, .count = count}, job);
            assert_int_equal(owners, 1);
        }
    }
    assert_true(nst_shard_has(&(nst_shard){0}, 7));
}

/* ---- the journal ----------------------------------------------------------------------------- */

static nst_journal_entry entry_of(int number)
{
    nst_journal_entry entry = {.width = number, .height = 2, .iterations = 3, .seconds = 1.5};
    memset(entry.key, 'a' + number % 6, 64);
    memset(entry.result, '0' + number % 10, 64);
    entry.losses.content = 0.25;
    return entry;
}

static void put(const char *text, const char *mode)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void test_a_journal_remembers(void **state)
{
    (void)state;
    static const char hostile[] = "a \"b\"\n\\<c>/\xff.png";
    nst_journal *journal;
    nst_journal_entry got, entry = entry_of(1), later = entry_of(2);
    unlink(path);
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_false(nst_journal_find(journal, hostile, &got));
    assert_int_equal(nst_journal_append(journal, hostile, &entry, NULL), NST_OK);
    assert_true(nst_journal_find(journal, hostile, &got));
    assert_true(got.fresh);
    nst_journal_close(journal);

    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_true(nst_journal_find(journal, hostile, &got));
    assert_false(got.fresh);
    assert_string_equal(got.key, entry.key);
    assert_string_equal(got.result, entry.result);
    assert_int_equal(got.width, 1);
    assert_true(got.losses.content == 0.25 && got.seconds == 1.5);
    assert_int_equal(nst_journal_append(journal, hostile, &later, NULL), NST_OK);
    assert_true(nst_journal_find(journal, hostile, &got));
    assert_string_equal(got.key, later.key); /* the last line counts */
    nst_journal_close(journal);
}

/* Cut at every byte: what is whole is kept, the next line is not spoilt. */
static void test_torn_lines(void **state)
{
    (void)state;
    char text[2048];
    nst_journal *journal;
    nst_journal_entry got, one = entry_of(1), two = entry_of(2), three = entry_of(3);
    unlink(path);
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_int_equal(nst_journal_append(journal, "one", &one, NULL), NST_OK);
    assert_int_equal(nst_journal_append(journal, "two", &two, NULL), NST_OK);
    nst_journal_close(journal);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    size_t first = (size_t)((char *)memchr(text, '\n', size) - text) + 1;
    for (size_t cut = 0; cut <= size; cut++) {
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, cut, file), cut);
        fclose(file);
        assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
        assert_int_equal(nst_journal_find(journal, "one", &got), cut >= first);
        assert_int_equal(nst_journal_find(journal, "two", &got), cut >= size);
        assert_int_equal(nst_journal_append(journal, "three", &three, NULL), NST_OK);
        assert_true(nst_journal_find(journal, "three", &got));
        nst_journal_close(journal);
    }
}

static void test_rubbish_is_passed_over(void **state)
{
    (void)state;
    nst_journal *journal;
    nst_journal_entry got, one = entry_of(1);
    unlink(path);
    put("\n{}\n[]\nnull\n{\"name\":3,\"key\":\"x\"}\n{\"name\":\"one\",\"key\":\"short\"}"
        "\n\x01\xff\n",
        "wb");
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_false(nst_journal_find(journal, "one", &got));
    assert_int_equal(nst_journal_append(journal, "one", &one, NULL), NST_OK);
    assert_true(nst_journal_find(journal, "one", &got));
    nst_journal_close(journal);
}

static void test_a_journal_knows_what_was_written(void **state)
{
    (void)state;
    nst_journal *journal;
    nst_journal_entry got, one = entry_of(1), two = entry_of(2), other = entry_of(3);
    unlink(path);
    snprintf(one.content_stamp, sizeof one.content_stamp, "12-34.5-6");
    memset(one.content, 'c', 64);
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_int_equal(nst_journal_append(journal, "a.png", &one, NULL), NST_OK);
    assert_int_equal(nst_journal_append(journal, "b.png", &other, NULL), NST_OK);
    assert_true(nst_journal_find(journal, "a.png", &got));
    assert_string_equal(got.content_stamp, one.content_stamp);
    assert_string_equal(got.content, one.content);
    assert_int_equal(nst_journal_append(journal, "a.png", &two, NULL), NST_OK);
    nst_journal_close(journal);
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_true(nst_journal_knows(journal, "a.png", one.result)); /* also lines before the last */
    assert_true(nst_journal_knows(journal, "a.png", two.result));
    assert_false(nst_journal_knows(journal, "a.png", other.result));
    assert_false(nst_journal_knows(journal, "c.png", one.result));
    nst_journal_close(journal);
}

/* More lines than are read at once, names that are many. */
static void test_a_long_journal(void **state)
{
    (void)state;
    enum { LINES = 5000 };
    nst_journal *journal;
    nst_journal_entry got, entry = entry_of(1);
    char name[32];
    unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++)
        fprintf(file,
                "{\"name\":\"%d.png\",\"key\":\"%s\",\"result\":\"%064d\",\"pad\":\"%200d\"}\n", i,
                entry.key, i, i);
    fclose(file);
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    for (int i = 0; i < LINES; i += 7) {
        snprintf(name, sizeof name, "%d.png", i);
        assert_true(nst_journal_find(journal, name, &got));
        assert_int_equal(atoi(got.result), i);
    }
    assert_false(nst_journal_find(journal, "5000.png", &got));
    nst_journal_close(journal);
}

/* ---- inputs that change ---------------------------------------------------------------------- */

/* The key was made of other bytes than those that are read then. */
static void test_a_photo_that_changed_in_between_is_noticed(void **state)
{
    (void)state;
    char photo[96], output[96];
    nst_error error = {0};
    nst_args args;
    nst_shared *shared;
    snprintf(photo, sizeof photo, "%s/photo.ppm", folder);
    snprintf(output, sizeof output, "%s/out.png", folder);
    FILE *file = fopen(photo, "wb");
    assert_non_null(file);
    fprintf(file, "P3 16 16 255\n");
    for (int i = 0; i < 3 * 16 * 16; i++)
        fprintf(file, "%d ", i % 256);
    fclose(file);
    assert_int_equal(nst_args_default(&args, NULL), NST_OK);
    args.job.content = strdup(photo);
    args.job.styles[0] = (nst_style_source){.path = strdup(photo), .weight = 1.0f};
    args.job.style_count = 1;
    args.job.output = strdup(output);
    args.job.output_format = NST_FORMAT_PNG;
    args.job.options.size = 16;
    args.job.options.iterations = 1;
    args.verbosity = -1;
    assert_int_equal(nst_shared_create(&shared, NULL), NST_OK);
    nst_result result = {0};
    const nst_observers none = {0};
    const nst_run_job job = {0, &args};
    nst_slots slots;
    nst_slots_open(&slots, 1);
    nst_budget budget;
    nst_budget_open(&budget, 0);
    nst_run_context context = {
        .shared = shared, .slots = &slots, .budget = &budget, .observers = &none, .replace = true};
    nst_key_settings part = {0};
    assert_int_equal(nst_key_settings_make(&args, 0, &args, &part, &error), NST_OK);
    assert_int_equal(
        nst_job_key_make(&args, &part, nst_shared_memo(shared), NULL, &context.key, &error),
        NST_OK);
    context.key.digests.content[0] ^= 1;
    nst_run(&context, &job, &result);
    assert_int_equal(result.state, NST_RESULT_FAILED);
    assert_non_null(strstr(result.message, "photo.ppm: was changed while it was read"));
    assert_int_equal(access(output, F_OK), -1);
    nst_slots_close(&slots);
    nst_budget_close(&budget);
    nst_shared_destroy(shared);
    nst_args_destroy(&args);
    unlink(photo);
}

/* In a process of its own; its exit status. */
static int in_child(int (*body)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

/* Never closed: its locks are to go with the process. Static, or valgrind sees a leak. */
static nst_journal *held;

static int can_claim(void)
{
    if (nst_journal_open(folder, &held, NULL) != NST_OK)
        return 2;
    return nst_journal_claim(held, "a.png") && nst_journal_claim(held, "b.png");
}

static int append_from_outside(void)
{
    nst_journal *journal;
    nst_journal_entry entry = entry_of(4);
    if (nst_journal_open(folder, &journal, NULL) != NST_OK)
        return 2;
    bool failed = nst_journal_append(journal, "outside", &entry, NULL) != NST_OK;
    nst_journal_close(journal);
    return failed;
}

static void test_locks_between_processes(void **state)
{
    (void)state;
    nst_journal *journal;
    nst_journal_entry got;
    unlink(path);
    assert_int_equal(nst_journal_open(folder, &journal, NULL), NST_OK);
    assert_true(nst_journal_claim(journal, "a.png"));
    assert_int_equal(in_child(can_claim), 0);
    nst_journal_release(journal, "a.png");
    assert_int_equal(in_child(can_claim), 1);
    assert_true(nst_journal_claim(journal, "a.png")); /* the child's lock went with it */
    assert_int_equal(in_child(append_from_outside), 0);
    assert_true(nst_journal_find(journal, "outside", &got));
    assert_true(got.fresh);
    nst_journal_close(journal);
}

/* ---- text ------------------------------------------------------------------------------------ */

static void test_utf8(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xa8", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xa8"},
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xc3", "\xef\xbf\xbd"},
        {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = nst_utf8_repair(cases[i][0]);
        assert_non_null(got);
        assert_string_equal(got, cases[i][1]);
        free(got);
    }
}

/* Any bytes in JSON's strings are valid JSON, and come back. */
static void test_bytes_in_json(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[\"plain \xc3\xa4 \\\" \\\\\"]", "[\"plain \xc3\xa4 \\\" \\\\\"]"},
        {"[\"caf\xe9.png\"]", "[\"caf\\udce9.png\"]"},
        {"\xff\\\\udcff\x80", "\\udcff\\\\udcff\\udc80"}, /* a backslash before letters stays */
        {"\\ud83c\\udfa8 \\ud800\\udcff\\u00e9",
         "\\ud83c\\udfa8 \\ud800\\udcff\\u00e9"},           /* pairs */
        {"\xed\xb2\x80", "\\udced\\udcb2\\udc80"},          /* half a pair, as UTF-8 */
        {"\\udc7f\\ud8ff\\udd00", "\\udc7f\\ud8ff\\udd00"}, /* no bytes */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = nst_utf8_escape(cases[i][0]);
        assert_non_null(got);
        assert_string_equal(got, cases[i][1]);
        assert_int_equal(nst_utf8_unescape(got, strlen(got)), strlen(cases[i][0]));
        assert_string_equal(got, cases[i][0]);
        free(got);
    }
    char torn[] = "\\udcfF\\udc8\\u\\";
    assert_int_equal(nst_utf8_unescape(torn, strlen(torn)), strlen("\xff\\udc8\\u\\"));
    assert_string_equal(torn, "\xff\\udc8\\u\\");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_natural_order),
        cmocka_unit_test(test_every_job_is_in_one_shard),
        cmocka_unit_test(test_a_journal_remembers),
        cmocka_unit_test(test_torn_lines),
        cmocka_unit_test(test_rubbish_is_passed_over),
        cmocka_unit_test(test_a_journal_knows_what_was_written),
        cmocka_unit_test(test_a_long_journal),
        cmocka_unit_test(test_a_photo_that_changed_in_between_is_noticed),
        cmocka_unit_test(test_locks_between_processes),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_bytes_in_json),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
