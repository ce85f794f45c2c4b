/* Hostile text: control characters of every kind become '?', and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"

static const struct {
    const char *text, *clean;
} cases[] = {
    {"", ""},
    {"plain", "plain"},
    {"a\nb\tc\x1b[31md\x7f", "a?b?c?[31md?"},
    {"\xc2\x9b"
     "31m \xc2\x85",
     "?31m ?"},           /* C1 as UTF-8 */
    {"\x9b\x31m", "?1m"}, /* C1 as a byte of Latin-1 */
    {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xa8",
     "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xa8"}, /* UTF-8, with tails of 80 to 9F */
    {"\xe9t\xe9", "\xe9t\xe9"},                 /* Latin-1 */
    {"\xc2", "\xc2"},                           /* cut off */
    {"\xe2\x82", "\xe2?"},                      /* cut off; 82 alone is a control */
    {"\xc2\xa0", "\xc2\xa0"},                   /* the first that is no control */
};

static void test_clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        strcpy(text, cases[i].text);
        nst_text_clean(text);
        assert_string_equal(text, cases[i].clean);
    }
}

static void test_print(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        assert_int_equal(nst_text_print(out, cases[i].text), strlen(cases[i].clean));
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, cases[i].clean);
        free(text);
    }
}

static void test_every_byte(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        const char text[] = {(char)byte, '\0'};
        bool control = byte < 0x20 || byte == 0x7f || (byte >= 0x80 && byte < 0xa0);
        assert_int_equal(nst_text_control(text), control ? 1 : 0);
    }
    for (int second = 0x80; second < 0xc0; second++) {
        const char text[] = {(char)0xc2, (char)second, '\0'};
        assert_int_equal(nst_text_control(text), second < 0xa0 ? 2 : 0);
    }
}

static void test_messages(void **state)
{
    (void)state;
    nst_error error = {0};
    assert_int_equal(nst_fail(&error, NST_ERR_IO, "%s: lost", "a\xc2\x9b\x1b.png"), NST_ERR_IO);
    assert_string_equal(error.message, "a??.png: lost");
    error = (nst_error){0};
    assert_int_equal(nst_fail_memory(&error), NST_ERR_MEMORY);
    assert_string_equal(error.message, "out of memory");
    error = (nst_error){0};
    assert_int_equal(nst_fail_memory_for(&error, "%d pixels", 3), NST_ERR_MEMORY);
    assert_string_equal(error.message, "out of memory for 3 pixels");
    error = (nst_error){0};
    assert_int_equal(nst_fail_memory_in(&error, "a.png"), NST_ERR_MEMORY);
    assert_string_equal(error.message, "a.png: out of memory");
}

static void test_same(void **state)
{
    (void)state;
    assert_true(nst_text_same(NULL, NULL) && nst_text_same("a", "a"));
    assert_false(nst_text_same(NULL, "a") || nst_text_same("a", NULL) || nst_text_same("a", "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),      cmocka_unit_test(test_print),
        cmocka_unit_test(test_every_byte), cmocka_unit_test(test_messages),
        cmocka_unit_test(test_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
