/* A command: what `nst NAME ...` does. */
#ifndef NST_ARGUMENTS_COMMAND_H
#define NST_ARGUMENTS_COMMAND_H

typedef struct nst_command {
    const char *name;    /* NULL ends a table */
    const char *summary; /* one line for --help */
    /* Arguments as main gets them, argv[0] being the name of the command; an exit status. */
    int (*run)(int argc, char **argv);
} nst_command;

#endif
