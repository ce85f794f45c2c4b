/* What libraries read from the environment before main. */
#ifndef NST_DOOR_ENVIRONMENT_H
#define NST_DOOR_ENVIRONMENT_H

/* Have OpenMP's threads sleep soon when they wait, and OpenBLAS start none of its own, by setting
 * their variables and starting this program once more. Variables that the user has set stay as
 * they are. Returns when nothing is to be changed, or it cannot be. */
void nst_environment_settle(char **argv);

#endif
