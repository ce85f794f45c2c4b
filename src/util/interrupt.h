/* Ctrl-C and termination. The first SIGINT or SIGTERM asks for an orderly end; the second ends
 * the process at once with status 130. */
#ifndef NST_UTIL_INTERRUPT_H
#define NST_UTIL_INTERRUPT_H

#include <stdbool.h>

/* Also turns a closed pipe (SIGPIPE) and a file size limit (SIGXFSZ) into write errors. */
void nst_interrupt_install(void);

/* Whether an orderly end was asked for. */
bool nst_interrupt_requested(void);

/* Between hold and release a second signal waits, so that no temporary file is left behind. Several
 * threads may hold at once. */
void nst_interrupt_hold(void);
void nst_interrupt_release(void);

#endif
