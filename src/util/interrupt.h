/* Ctrl-C and termination. The first SIGINT, SIGTERM or SIGHUP asks for an orderly end;
 * the second ends the process at once with status 130. */
#ifndef NST_UTIL_INTERRUPT_H
#define NST_UTIL_INTERRUPT_H

#include <stdbool.h>

#include "nst.h"

/* Also turns a closed pipe (SIGPIPE) and a file size limit (SIGXFSZ) into write errors. */
void nst_interrupt_install(void);

/* What the handler says on standard error at the first signal and at the second, which ends the
 * process: static texts, or NULL for nothing. */
void nst_interrupt_announce(const char *first, const char *second);

/* Whether an orderly end was asked for. */
bool nst_interrupt_requested(void);

/* The same for runs of the library, which then stop in the middle of an iteration; or NULL. */
const nst_cancel *nst_interrupt_cancel(void);

/* Between hold and release a second signal waits, so that no temporary file is left behind. Several
 * threads may hold at once. */
void nst_interrupt_hold(void);
void nst_interrupt_release(void);

#endif
