/* Subcommands: `nst NAME ...`. Without one, nst stylises. */
#ifndef NST_COMMANDS_COMMAND_H
#define NST_COMMANDS_COMMAND_H

typedef struct nst_command {
    const char *name;
    const char *summary; /* one line for --help */
    /* Arguments as main gets them, argv[0] being the name of the subcommand; an exit status. */
    int (*run)(int argc, char **argv);
} nst_command;

extern const nst_command nst_command_table[]; /* ends with a NULL name */

int nst_command_compare(int argc, char **argv);
int nst_command_measure(int argc, char **argv);
int nst_command_features(int argc, char **argv);
int nst_command_weights(int argc, char **argv);

/* The subcommand of that name; NULL when there is none. */
const nst_command *nst_command_find(const char *name);

#endif
