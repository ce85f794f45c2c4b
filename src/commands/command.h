/* The commands: nst itself and `nst NAME ...`. Each returns an exit status. */
#ifndef NST_COMMANDS_COMMAND_H
#define NST_COMMANDS_COMMAND_H

#include "arguments/command.h"

extern const nst_command nst_command_table[]; /* ends with a NULL name */

/* The subcommand of that name; NULL when there is none. */
const nst_command *nst_command_find(const char *name);

/* What the program is called with: a command, help, or nst without a command. */
int nst_command_run(int argc, char **argv);

int nst_command_stylize(int argc, char **argv); /* nst without a subcommand */
int nst_command_compare(int argc, char **argv);
int nst_command_measure(int argc, char **argv);
int nst_command_features(int argc, char **argv);
int nst_command_weights(int argc, char **argv);
int nst_command_styles(int argc, char **argv);
int nst_command_serve(int argc, char **argv);

#endif
