/* SHA-256 against the examples of FIPS 180-4, whatever the pieces it comes in; by the processor's
 * instructions for it, if there are, and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/sha256.h"

static void assert_digest(const unsigned char *bytes, size_t size, size_t piece,
                          const char *expected)
{
    nst_sha256 sum;
    char text[65];
    nst_sha256_begin(&sum);
    for (size_t at = 0; at < size; at += piece)
        nst_sha256_add(&sum, bytes + at, size - at < piece ? size - at : piece);
    nst_sha256_end(&sum, text);
    assert_string_equal(text, expected);
}

static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *digest;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        for (size_t piece = 1; piece < 70; piece += 3)
            assert_digest((const unsigned char *)known[i].text, strlen(known[i].text), piece,
                          known[i].digest);
}

/* Every length around that of a block. */
static void test_pieces_do_not_matter(void **state)
{
    (void)state;
    unsigned char bytes[300];
    char whole[65];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(7 * i + 3);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        nst_sha256 sum;
        nst_sha256_begin(&sum);
        nst_sha256_add(&sum, bytes, size);
        nst_sha256_end(&sum, whole);
        assert_digest(bytes, size, 1, whole);
        assert_digest(bytes, size, 63, whole);
        assert_digest(bytes, size, 64, whole);
    }
}

static void test_a_million_letters(void **state)
{
    (void)state;
    static unsigned char letters[1000000];
    memset(letters, 'a', sizeof letters);
    assert_digest(letters, sizeof letters, 4097,
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_pieces_do_not_matter),
        cmocka_unit_test(test_a_million_letters),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    setenv("NST_ISA", "base", 1);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
