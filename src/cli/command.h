/* Subcommands: `nst NAME ...`. Without one, nst stylises. */
#ifndef NST_CLI_COMMAND_H
#define NST_CLI_COMMAND_H

typedef struct nst_command {
    const char *name;
    const char *summary; /* one line for --help */
    /* Arguments as main gets them, argv[0] being the name of the subcommand; an exit status. */
    int (*run)(int argc, char **argv);
} nst_command;

/* The exit statuses of all commands. */
enum { NST_EXIT_DONE = 0, NST_EXIT_FAILED = 1, NST_EXIT_USAGE = 2, NST_EXIT_INTERRUPTED = 130 };

extern const nst_command nst_command_table[]; /* ends with a NULL name */

int nst_command_compare(int argc, char **argv);
int nst_command_measure(int argc, char **argv);
int nst_command_features(int argc, char **argv);
int nst_command_weights(int argc, char **argv);

/* The subcommand of that name; NULL when there is none. */
const nst_command *nst_command_find(const char *name);

#endif
