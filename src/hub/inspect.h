/* Looking at models: what nst weights list, info and verify print. A name is "bundled", an
 * installed model's or a file's. */
#ifndef NST_HUB_INSPECT_H
#define NST_HUB_INSPECT_H

#include "nst.h"

/* The bundled model, the installed ones, those that could be fetched. */
nst_status nst_inspect_list(nst_error *error);

/* All there is to know of one. */
nst_status nst_inspect_info(const char *name, nst_error *error);

/* Read each completely and compare its checksum with that recorded beside it; no names: the
 * bundled model and all that are installed. Goes on after a bad one. */
nst_status nst_inspect_verify(char *const *names, int count, nst_error *error);

/* A line on standard error about a model just installed. */
void nst_inspect_say(const char *name, const char *path);

#endif
