/* Which run paints next: clients take turns, each with its oldest run that waits. */
#ifndef NST_SERVE_RUNS_TURNS_H
#define NST_SERVE_RUNS_TURNS_H

typedef struct nst_turn {
    const char *client;
    int waits;
    long
        begun; /* its number among the runs that have begun to paint, from 1; 0: it has not begun */
} nst_turn;

/* runs are in the order in which they came. Returns the index of the run that paints next, -1 when
 * none waits. It is of the client whose last run began the longest ago; clients without one come
 * first. */
int nst_turns_next(const nst_turn *runs, int count);

/* How many runs paint before runs[index], which waits. */
int nst_turns_before(const nst_turn *runs, int count, int index);

#endif
