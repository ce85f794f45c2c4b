/* The objective on a VGG19 of the full width, with seeded random weights, against PyTorch in
 * double. A program of its own because it is slow under valgrind. */
#include "grad/golden.h"

static void full_width_model_matches_pytorch(void **state)
{
    (void)state;
    compare_algorithms("full-131x97");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_width_model_matches_pytorch),
    };
    return cmocka_run_group_tests_name("full-width VGG19", tests, NULL, NULL);
}
