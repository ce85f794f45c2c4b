#include "serve/runs/turns.h"

#include <string.h>

static int is_same(const nst_turn *a, const nst_turn *b)
{
    return strcmp(a->client, b->client) == 0;
}

static long last_turn(const nst_turn *runs, int count, const nst_turn *of)
{
    long last = 0;
    for (int i = 0; i < count; i++)
        if (runs[i].begun > last && is_same(&runs[i], of))
            last = runs[i].begun;
    return last;
}

int nst_turns_next(const nst_turn *runs, int count)
{
    int next = -1;
    long longest_ago = 0;
    for (int i = 0; i < count; i++) {
        if (!runs[i].waits)
            continue;
        long last = last_turn(runs, count, &runs[i]);
        if (next < 0 || last < longest_ago) {
            next = i;
            longest_ago = last;
        }
    }
    return next;
}

/* The round in which a run paints: the number of its client's runs that wait before it. */
static int round_of(const nst_turn *runs, int index)
{
    int before = 0;
    for (int i = 0; i < index; i++)
        before += runs[i].waits && is_same(&runs[i], &runs[index]);
    return before;
}

static int first_of_client(const nst_turn *runs, int index)
{
    for (int i = 0; i < index; i++)
        if (runs[i].waits && is_same(&runs[i], &runs[index]))
            return i;
    return index;
}

int nst_turns_before(const nst_turn *runs, int count, int index)
{
    int before = 0, round = round_of(runs, index), first = first_of_client(runs, index);
    long last = last_turn(runs, count, &runs[index]);
    for (int i = 0; i < count; i++) {
        if (!runs[i].waits || i == index)
            continue;
        int other = round_of(runs, i);
        if (other != round) {
            before += other < round;
            continue;
        }
        /* In each round the clients keep the order of the first. */
        long theirs = last_turn(runs, count, &runs[i]);
        before += theirs != last ? theirs < last : first_of_client(runs, i) < first;
    }
    return before;
}
