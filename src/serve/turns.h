/* Who is next: clients take turns, each with its oldest run that waits. */
#ifndef NST_SERVE_TURNS_H
#define NST_SERVE_TURNS_H

typedef struct nst_turn {
    const char *client;
    int waits;
    long begun; /* count of the run among those that have begun to paint, from 1; 0: it has not */
} nst_turn;

/* Of runs in the order in which they came: the index of the one that paints next, -1 when none
 * waits. The client whose last run began the longest ago is next; one that had none is before all
 * others. */
int nst_turns_next(const nst_turn *runs, int count);

/* How many of them that wait paint before runs[index], which waits too. */
int nst_turns_before(const nst_turn *runs, int count, int index);

#endif
