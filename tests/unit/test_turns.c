/* Whose run of the server's queue is next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seeded.h"
#include "serve/runs/turns.h"

enum { RUNS = 40 };

static void test_none_waits(void **state)
{
    const nst_turn over = {"a", 0, 1};
    (void)state;
    assert_int_equal(nst_turns_next(NULL, 0), -1);
    assert_int_equal(nst_turns_next(&over, 1), -1);
}

/* Two clients with long lists do not keep out a third that comes last. */
static void test_three_clients(void **state)
{
    nst_turn runs[] = {{"a", 1, 0}, {"a", 1, 0}, {"a", 1, 0}, {"b", 1, 0},
                       {"b", 1, 0}, {"b", 1, 0}, {"c", 1, 0}, {"c", 1, 0}};
    static const int expected[] = {0, 3, 6, 1, 4, 7, 2, 5};
    (void)state;
    for (int i = 0; i < 8; i++) {
        int next = nst_turns_next(runs, 8);
        assert_int_equal(next, expected[i]);
        runs[next].waits = 0;
        runs[next].begun = i + 1;
    }
}

static void test_one_client_in_order(void **state)
{
    nst_turn runs[] = {{"a", 0, 7}, {"a", 1, 0}, {"a", 0, 0}, {"a", 1, 0}};
    (void)state;
    assert_int_equal(nst_turns_next(runs, 4), 1);
    assert_int_equal(nst_turns_before(runs, 4, 1), 0);
    assert_int_equal(nst_turns_before(runs, 4, 3), 1);
}

/* What is told to those who wait is what happens. */
static void test_places_are_kept(void **state)
{
    static const char *const clients[] = {"a", "b", "c", "d"};
    (void)state;
    for (uint64_t trial = 0; trial < 200; trial++) {
        nst_turn runs[RUNS];
        int told[RUNS], waiting = 0;
        for (int i = 0; i < RUNS; i++) {
            uint64_t chance = seeded_bits(trial, (uint64_t)i);
            int waits = (int)(chance & 1);
            long begun = waits || (chance >> 1 & 3) == 0 ? 0 : i + 1;
            runs[i] = (nst_turn){clients[chance >> 3 & 3], waits, begun};
            waiting += waits;
        }
        for (int i = 0; i < RUNS; i++)
            told[i] = runs[i].waits ? nst_turns_before(runs, RUNS, i) : -1;
        for (int turn = 0; turn < waiting; turn++) {
            int next = nst_turns_next(runs, RUNS);
            assert_in_range(next, 0, RUNS - 1);
            assert_int_equal(told[next], turn);
            runs[next].waits = 0;
            runs[next].begun = RUNS + 1 + turn;
        }
        assert_int_equal(nst_turns_next(runs, RUNS), -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_waits),
        cmocka_unit_test(test_three_clients),
        cmocka_unit_test(test_one_client_in_order),
        cmocka_unit_test(test_places_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
