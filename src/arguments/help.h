/* --help and the short usage, made from the option table. */
#ifndef NST_ARGUMENTS_HELP_H
#define NST_ARGUMENTS_HELP_H

#include <stdio.h>

#include "arguments/command.h"
#include "nst.h"

void nst_help_usage(FILE *out); /* three lines */

/* On standard output; failing to write it is an error. commands: the table of subcommands. */
nst_status nst_help_print(const nst_command *commands, nst_error *error);
nst_status nst_help_version(nst_error *error);

/* One option in two columns; letter 0 and value NULL are left out. */
void nst_help_entry(FILE *out, char letter, const char *name, const char *value, const char *text);

/* Whether all that was printed on standard output got there. */
nst_status nst_help_finish(nst_error *error);

#endif
