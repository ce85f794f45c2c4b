/* What has to be settled before the shared libraries start up. */
#ifndef NST_DOOR_EARLY_H
#define NST_DOOR_EARLY_H

/* Undo it: first of all in main. */
void nst_early_end(void);

#endif
