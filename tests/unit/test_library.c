/* Libraries that are loaded when they are needed: what comes of one that is not there, lacks a
 * function, or is fine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/library.h"

#include <math.h>
#include <string.h>

typedef struct {
    double (*cos)(double);
    double (*sin)(double);
} table;

static const char *const math_names[] = {"cos", "sin"};

static void test_loads_once(void **unused)
{
    (void)unused;
    table t = {0};
    nst_error error = {0};
    nst_library library = {.file = "libm.so.6", .names = math_names, .count = 2, .functions = &t};
    assert_int_equal(nst_library_load(&library, &error), NST_OK);
    assert_true(fabs(t.cos(0.0) - 1.0) < 1e-12);
    assert_true(fabs(t.sin(0.0)) < 1e-12);
    void *handle = library.handle;
    assert_non_null(handle);
    assert_int_equal(nst_library_load(&library, &error), NST_OK);
    assert_ptr_equal(library.handle, handle);
}

static void test_missing_file(void **unused)
{
    (void)unused;
    table t = {0};
    nst_error error = {0};
    nst_library library = {
        .file = "libnst_missing.so.9", .names = math_names, .count = 2, .functions = &t};
    assert_int_equal(nst_library_load(&library, &error), NST_ERR_IO);
    assert_ptr_equal(strstr(error.message, "libnst_missing.so.9 cannot be loaded: "),
                     error.message);
    assert_null(strstr(error.message + 1, "libnst_missing.so.9"));
    assert_null(t.cos);
    library.file = "libm.so.6"; /* somebody has installed it */
    assert_int_equal(nst_library_load(&library, NULL), NST_OK);
    assert_non_null(t.cos);
}

static void test_missing_function(void **unused)
{
    (void)unused;
    static const char *const names[] = {"cos", "nst_no_such_function"};
    table t = {0};
    nst_error error = {0};
    nst_library library = {.file = "libm.so.6", .names = names, .count = 2, .functions = &t};
    assert_int_equal(nst_library_load(&library, &error), NST_ERR_IO);
    assert_non_null(strstr(error.message, "nst_no_such_function"));
    assert_null(library.handle);
}

static void test_linked(void **unused)
{
    (void)unused;
    table t = {cos, sin};
    nst_library library = {.names = math_names, .count = 2, .functions = &t};
    assert_int_equal(nst_library_load(&library, NULL), NST_OK);
    assert_null(library.handle);
    assert_ptr_equal(t.cos, cos);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loads_once),
        cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_missing_function),
        cmocka_unit_test(test_linked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
