/* The model in the program: small, half precision, opened in no time. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "nst.h"

/* Of the processor, so that others on the machine do not count. */
static double seconds_used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void test_small_and_half(void **state)
{
    (void)state;
    size_t size;
    nst_model *model = NULL;
    nst_model_info info;
    assert_non_null(nst_bundled_data(&size));
    assert_true(size <= 8000000);
    assert_int_equal(nst_model_open(NULL, &model, NULL), NST_OK);
    nst_model_describe(model, &info, sizeof info);
    assert_string_equal(info.dtype, "F16");
    assert_string_equal(info.network, "VGG19");
    assert_true(info.layers > nst_layer_find("relu5_1"));
    assert_true(info.has_transform && info.source[0] && info.license[0]);
    nst_model_close(model);
}

static void test_opens_at_once(void **state)
{
    (void)state;
    double best = 1.0;
    for (int i = 0; i < 20; i++) {
        nst_model *model = NULL;
        double start = seconds_used();
        assert_int_equal(nst_model_open(NULL, &model, NULL), NST_OK);
        double seconds = seconds_used() - start;
        nst_model_close(model);
        best = seconds < best ? seconds : best;
    }
    print_message("opened in %.2f ms\n", best * 1e3);
#ifdef __OPTIMIZE__
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    if (!getenv("NST_UNDER_VALGRIND"))
        assert_true(best < 0.1);
#endif
#endif
}

/* The program keeps to the C locale; another that uses the library need not. */
static void test_opens_where_numbers_have_commas(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "es_ES.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !set; i++)
        set = setlocale(LC_NUMERIC, names[i]);
    if (!set || strcmp(localeconv()->decimal_point, ",") != 0) {
        print_message("SKIP: no locale with decimal commas is installed\n");
        return;
    }
    nst_model *model = NULL;
    nst_model_info info;
    assert_int_equal(nst_model_open(NULL, &model, NULL), NST_OK);
    nst_model_describe(model, &info, sizeof info);
    assert_true(info.mean[0] == 0.485f && info.std[2] == 0.225f);
    nst_model_close(model);
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_and_half),
        cmocka_unit_test(test_opens_at_once),
        cmocka_unit_test(test_opens_where_numbers_have_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
